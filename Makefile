# make run      starts Jianbao (without a token: a chat page in the browser)
# make test     runs the tests
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test setup lint bench quality soak pictures lock clean

run: setup
	@$(BIN)/jianbao run

test: setup
	@$(BIN)/python -m pytest -n 3 --dist loadfile

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jianbao needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0] + " (make PYTHON=/path/to/python3.11 ...)")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	@$(BIN)/python -m tests.bench.speed

quality: setup
	@$(BIN)/python -m tests.bench.quality

soak: setup
	@$(BIN)/python -m tests.bench.soak
	@echo "every message over 2,000 composed articles"
	@JIANBAO_COMPOSED=2000 $(BIN)/python -m pytest -q -n 3 --dist load tests/render/test_all_messages.py

pictures: setup
	@$(BIN)/python -m tests.bench.pictures

# The lock names versions and hashes, no addresses.
lock:
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --extra dev --no-emit-index-url \
		--no-emit-trusted-host --no-emit-options --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
