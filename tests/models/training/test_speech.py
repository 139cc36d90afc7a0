"""Training speech: what is spoken, when each phone begins, and that it can be made again."""

from __future__ import annotations

import ctypes.util
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kaldi_native_fbank", reason="what training needs is not installed: pip install 'minwon[training]'")
if ctypes.util.find_library("espeak-ng") is None:
    pytest.skip("libespeak-ng is not installed: apt-get install espeak-ng", allow_module_level=True)

from core.errors import EnvironmentFault
from models.kaldi.phones import BASE, BASE_ID
from models.training import shards, speaking, speech
from models.training.sound import voices
from models.training.sound.labels import label_count

SILENCE = BASE_ID["SIL"]


def test_a_clip_knows_its_phones() -> None:
    """Silence at both ends, what was said in between, in order and within the clip."""
    for index in range(6):
        clip = speaking.clip("나는 안다", 4, index)
        said = [BASE[phone] for phone in clip.phones if phone != SILENCE]
        assert clip.phones[0] == clip.phones[-1] == SILENCE
        assert said[:4] == ["n", "a", "n", "u-"]

        assert list(clip.starts) == sorted(clip.starts)
        assert clip.starts[0] == 0.0 < clip.starts[1]
        assert clip.starts[-1] < len(clip.samples) / 8000
        assert clip.variant in voices.ALL
    nobody = speaking.clip("", 4, 3)
    assert (nobody.phones, nobody.starts, nobody.text) == ((SILENCE,), (0.0,), "")
    assert 8000 <= len(nobody.samples) <= 32_000


def test_names_of_phones() -> None:
    """Silent marks, pauses, aliases, and what is none of ours."""
    assert speaking.base_phone(";") is None
    assert speaking.base_phone("_:") == SILENCE
    assert speaking.base_phone("k") == BASE_ID["q"]
    assert speaking.base_phone("xx") is None


def test_shards_are_the_same_again_and_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, two shards: bit for bit what one process makes, and only what is missing is made."""
    monkeypatch.setattr(speech, "PER_SHARD", 2)
    texts = ["네", "", "아니요", "여권 재발급이요"]
    shares: list[float] = []
    first = speech.speak(texts, tmp_path / "a", seed=3, jobs=2, tell=shares.append)
    assert [path.name for path in first] == ["000.npz", "001.npz"]
    assert shares[0] == 0.0 and shares[-1] == 1.0
    found = shards.read(first[0])
    assert found.texts == ("네", "")
    assert found.voices[1] == -1
    assert len(found.labels) == sum(label_count(int(length)) for length in found.lengths)
    kept = first[0].stat().st_mtime_ns
    first[1].unlink()
    again = speech.speak(texts, tmp_path / "a", seed=3, jobs=1)
    assert again[0].stat().st_mtime_ns == kept
    other = speech.speak(texts, tmp_path / "b", seed=3, jobs=1)
    for one, two in zip(again, other, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_a_process_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its shard is missing, so nothing goes on."""
    monkeypatch.setattr(speech, "speak_shard", _dies)
    with pytest.raises(EnvironmentFault, match="a process that spoke died"):
        speech.speak(["네"], tmp_path, seed=1, jobs=1)


def test_a_broken_shard_is_told(tmp_path: Path) -> None:
    """Cut off, or not what its lengths say."""
    path = tmp_path / "000.npz"
    path.write_bytes(b"PK\x03\x04")
    for read in (shards.read, lambda file: shards.heads([file])):
        with pytest.raises(EnvironmentFault, match="delete it"):
            read(path)
    feats = np.zeros((7, 40), np.float32)
    shards.write(path, shards.shard_of([(feats, np.zeros(2, np.int16), 0, "네")]))
    with pytest.raises(EnvironmentFault, match="does not hold what it says"):
        shards.read(path)


def _dies(*_: object) -> None:
    raise SystemExit(3)
