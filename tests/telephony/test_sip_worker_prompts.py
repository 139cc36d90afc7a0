"""Prompts from names, memory and files."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from core.audio import FRAME_BYTES
from telephony.sip_worker_prompts import WAITING, PromptShelf

MENU = b"\1\0" * 160


class Desk:
    """The loop's thread: jobs come from the reading thread, and are done when the test says so."""

    def __init__(self, private: Path) -> None:
        self.jobs: Queue[Callable[[], None]] = Queue()
        self.shelf = PromptShelf({"menu": MENU}, private, self.jobs.put)
        self.taken: list[tuple[bytes, str]] = []

    def fetch(self, prompt: Path | str) -> None:
        self.shelf.fetch(str(prompt), lambda clip, why: self.taken.append((clip, why)))

    def read_one(self) -> None:
        self.jobs.get(timeout=10)()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "run").mkdir()
    yield Desk(tmp_path / "run")


def written(path: Path, samples: bytes = b"\2\0" * 160) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples)
    return path


def test_a_name_is_there_at_once(desk: Desk) -> None:
    desk.fetch("menu")
    desk.fetch("no such")
    assert desk.taken == [(MENU, ""), (b"", "there is no prompt of that name")]
    assert desk.shelf.named("menu") == MENU and desk.shelf.named("other") == b""


def test_a_file_is_read_once(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav")
    desk.fetch(path)
    desk.fetch(path)
    assert desk.taken == [], "the loop's thread does not wait for the disk"
    desk.read_one()
    assert len(desk.taken) == 2 and desk.jobs.empty()
    path.unlink()
    desk.fetch(path)
    assert [len(clip) for clip, _ in desk.taken] == [FRAME_BYTES] * 3


def test_a_private_file_is_not_kept(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "run" / "once.wav")
    desk.fetch(path)
    desk.read_one()
    path.unlink()
    desk.fetch(path)
    desk.read_one()
    assert [bool(clip) for clip, _ in desk.taken] == [True, False]


@pytest.mark.parametrize("content", [None, b"", b"no WAV"])
def test_what_cannot_be_played_is_told_and_tried_again(desk: Desk, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "later.wav"
    if content is not None:
        path.write_bytes(content)
    desk.fetch(path)
    desk.read_one()
    ((clip, why),) = desk.taken
    assert clip == b"" and why
    written(path)
    desk.fetch(path)
    desk.read_one()
    assert desk.taken[1][0]


def test_a_path_that_can_be_none(desk: Desk) -> None:
    desk.fetch("/a\0b")
    desk.read_one()
    assert desk.taken[0][0] == b"" and "cannot be read" in desk.taken[0][1]


def test_only_so_many_wait(desk: Desk, tmp_path: Path) -> None:
    for number in range(WAITING + 1):
        desk.fetch(tmp_path / f"{number}.wav")
    assert desk.taken == [(b"", "too many files wait to be read")]
    for _ in range(WAITING):
        desk.read_one()
    assert len(desk.taken) == WAITING + 1
