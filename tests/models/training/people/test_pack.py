"""Recordings become packed telephone audio; what was broken off goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import BadInput
from core.spoken import write_wav
from models.training.people import pack
from models.training.people.clip import Clip
from models.training.people.split import split


def clips(folder: Path, count: int) -> list[Clip]:
    """Tones by four speakers; one clip in five has no sound."""
    made = []
    for at in range(count):
        path = folder / f"{at}.wav"
        tone = 8000 * np.sin(np.arange(8000) * (0.1 + 0.01 * at))
        write_wav(path, (tone if at % 5 else 0 * tone).astype(np.int16))
        made.append(Clip(speaker="abcd"[at % 4], name=str(at), text="안녕하세요", path=path))
    return made


def test_pack(tmp_path: Path) -> None:
    """Held-out speakers apart; silence is left out; sound is what G.711 leaves of it, at one level."""
    there = clips(tmp_path, 20)
    divided = split(dict.fromkeys("abcd", 5))
    done = pack.pack(iter(there), divided, tmp_path / "work", jobs=1, share=1.0, tell=lambda share: None)
    assert (done.train.kept, done.held.kept, done.train.left_out, done.complete) == (12, 4, {"silence": 3}, True)
    train = pack.read(pack.shards(tmp_path / "work/train")[0])
    assert set(train.speakers) == {"a", "b", "c"}
    assert train.texts == ["안녕하세요"] * 12
    sound = pack.pcm(train.audio[0])
    assert pack.contents(pack.shards(tmp_path / "work/train")[0]) == ([1.0] * 12, train.texts, train.names)
    assert len(sound) == 8000 and 15_000 < np.abs(sound.astype(int)).max() < 17_500
    again = pack.pack(iter(()), divided, tmp_path / "work", jobs=1, share=1.0, tell=lambda share: None)
    assert again.train.kept == 12  # nothing is read twice


def test_a_share_is_of_all_speakers(tmp_path: Path) -> None:
    """The same clips every time, held-out ones always."""
    chosen = [pack.drawn(clip, 0.5) for clip in clips(tmp_path, 3) * 2]
    assert chosen[:3] == chosen[3:]
    drawn = [pack.drawn(Clip(speaker="", name=str(at), text="", path=tmp_path), 0.25) for at in range(1000)]
    assert 200 < sum(drawn) < 300


def test_nothing_can_be_used(tmp_path: Path) -> None:
    """The report says why."""
    broken = Clip(speaker="a", name="x", text="3번", path=tmp_path / "x.wav")
    unread = Clip(speaker="a", name="y", text="네", path=tmp_path / "y.wav")
    assert pack.hear(unread).reason == "unreadable file"
    for _ in range(2):  # the second time as well
        with pytest.raises(BadInput, match=r"digits; e\.g\. x"):
            pack.pack(iter([broken]), split({"a": 1}), tmp_path, jobs=1, share=1.0, tell=lambda share: None)


def test_an_even_choice() -> None:
    """First and last among them; all when there are few."""
    assert pack.spread(9, 3) == [0, 4, 8]
    assert pack.spread(2, 3) == [0, 1] and pack.spread(0, 3) == []
