"""Fixtures of the flows: a spoken sentence as a file, and settings of a small site."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from core.audio import RATE
from server.signing_in.passwords import hash_password
from tests.flows.spoken import spoken

PASSWORD = "한빛시 상담석 열쇠"

SpokenFile = Callable[[str], Path]


@pytest.fixture
def spoken_file(tmp_path: Path) -> SpokenFile:
    """A WAV of a sentence, as a softphone plays it."""

    def make(text: str) -> Path:
        path = tmp_path / f"{abs(hash(text))}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(spoken(text))
        return path

    return make


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Of :data:`PASSWORD`."""
    return hash_password(PASSWORD)


@pytest.fixture
def site(tmp_path: Path, password_hash: str) -> Callable[[str], Path]:
    """The settings file of a site with one agent at that phone."""

    def write(agent_uri: str, more: str = "") -> Path:
        return small_site(tmp_path, agent_uri, password_hash, more)

    return write


def small_site(folder: Path, agent_uri: str, password_hash: str, more: str = "") -> Path:
    """Settings of a node with the least of everything, and kim at that phone."""
    file = folder / "minwon.toml"
    file.write_text(
        f"""
[node]
grace_s = 2.0
[web]
port = 0
[sip]
port = 0
rtp_port = 0
workers = 1
[stt]
workers = 1
[assist]
wrap_up_s = 0.5
[[agents]]
id = "kim"
name = "김하늘"
extension = "2107"
uri = "{agent_uri}"
password_hash = "{password_hash}"
starts = "ready"
{more}""",
        "utf-8",
    )
    return file
