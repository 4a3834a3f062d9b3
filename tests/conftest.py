"""What all tests share: the seeds, the evaluation folder where there is one, and no outside network."""

import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.load_profile("same")  # what fails after a change, fails because of it; --hypothesis-profile default explores

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
EVALUATION = ROOT.parent / "shared" / "evaluation"
BOT_API = ROOT.parent / "shared" / "telegram" / "botapi-10.0.json"


@pytest.fixture
def seeds() -> Path:
    return SEEDS


@pytest.fixture
def evaluation() -> Path:
    if not EVALUATION.is_dir():
        pytest.skip(f"the evaluation folder {EVALUATION} is not here")
    return EVALUATION


class OutsideNetwork(RuntimeError):
    """A test tried to reach something that is not this machine."""


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise OutsideNetwork(f"a test tried to connect to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
