"""Recordings of real people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.spoken import write_wav
from models import shelf
from server.measuring import people

pytest.importorskip("soundfile", reason="reading recordings needs the training packages")


def test_corpora_that_are_there_are_read_and_decoded(tmp_path: Path) -> None:
    folder = tmp_path / "ko-emotiontts-service-talk"
    folder.mkdir()
    write_wav(folder / "a.wav", np.zeros(4000, np.int16))
    (folder / "manifest.tsv").write_text("file\tspeaker\ttext\na.wav\tkim\t네, 알겠습니다.\na.wav\tlee\tABC\n", "utf-8")
    watson = tmp_path / "ko-ibm-watson-demo"
    watson.mkdir()
    write_wav(watson / "b.wav", np.zeros(4000, np.int16))
    (watson / "samples.json").write_text('{"x": [{"filename": "b.wav", "keywords": "호텔, 예약 완료"}]}', "utf-8")
    talk, keyed = people.corpora(tmp_path)
    assert [clip.text for clip in talk.clips] == ["네 알겠습니다"], "what nobody can read aloud is left out"
    found = people.heard(shelf.find(), talk)
    assert (found.score.sentences, found.score.cer) == (1, 100.0)
    asked = people.heard(shelf.find(), keyed)
    assert (asked.score.sentences, asked.keywords) == (0, 0.0)


def test_nothing_is_there(tmp_path: Path) -> None:
    assert people.corpora(tmp_path) == []
