# make run      starts Jianbao (without a token: a chat page in the browser)
# make test     runs the tests
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUN := .venv/.run
DEV := .venv/.dev

.PHONY: run test setup setup-dev lint bench bench-large quality soak pictures wheel lock clean

run: setup
	@$(BIN)/jianbao run

test: setup-dev
	@$(BIN)/python -m pytest -n 3 --dist loadfile

setup: $(RUN)

setup-dev: $(DEV)

# What runs: the program, its libraries, and setuptools, which installs the program from this folder.
$(RUN): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jianbao needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0] + " (make PYTHON=/path/to/python3.11 ...)")'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(RUN)

# What develops: tests, types, lint, the browser's driver, in the same environment.
$(DEV): $(RUN) requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $(DEV)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup-dev
	@$(BIN)/python -m tests.bench.speed

# An archive of 10,000, 100,000 and 1,000,000 articles; may take two hours and can be interrupted.
bench-large: setup-dev
	@$(BIN)/python -m tests.bench.large_archive

quality: setup-dev
	@$(BIN)/python -m tests.bench.quality

soak: setup-dev
	@$(BIN)/python -m tests.bench.soak
	@echo "every message over 2,000 composed articles"
	@JIANBAO_COMPOSED=2000 $(BIN)/python -m pytest -q -n 3 --dist load tests/render/test_all_messages.py

pictures: setup-dev
	@$(BIN)/python -m tests.bench.pictures

# A wheel that carries the sample pages and the example configuration: dist/jianbao-*.whl
wheel: setup-dev
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

# Both locks name versions and hashes for every supported Python and system, and no addresses.
lock: setup
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' \
		--no-emit-index-url --extra install --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' \
		--no-emit-index-url --extra install --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
