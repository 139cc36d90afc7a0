"""``final.mdl``: bytes, what is read back, and what libvosk computes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models import shelf
from models.kaldi import folder, phones
from models.kaldi.acoustic import Layer, acoustic_model, context
from stt.vosk_scores import scored
from tests.fakes.kaldi_files import best_phones, forward, read_acoustic
from tests.models.kaldi.small_model import layers
from tests.stt.spoken import line, say


def test_scores_are_those_of_libvosk(tmp_path: Path) -> None:
    """Features, network, transition model and graph: the best way through a loop of phones costs the same."""
    mfcc = pytest.importorskip("models.training.sound.features", reason="minwon[training] is not installed").mfcc
    folder.write_phone_loop(tmp_path, layers())
    pcm = line(say("가로등이 고장 났어요"))
    ((text, found),) = scored(tmp_path, [pcm])
    score, path = best_phones(layers(), mfcc(np.frombuffer(pcm, "<i2")))
    assert found == pytest.approx(score, rel=1e-6)  # as exact as float32 is
    heard = [phone for phone in text.split() if phone != phones.SILENCE]
    assert heard == [phone for phone in path if phone != phones.SILENCE]
    assert len(heard) > 15


def test_the_bundled_network_is_read_back() -> None:
    """Bytes in, layers, the same bytes out."""
    data = (shelf.find().path / "am/final.mdl").read_bytes()
    assert acoustic_model(read_acoustic(data)) == data
    assert context(layers()) == (22, 22)
    assert layers()[-1].weight.shape[0] == phones.NUM_PDFS


def test_forward_splices_and_repeats_the_edges() -> None:
    """Two layers by hand: the sum of three neighbours, then of frames 3 apart."""
    one = Layer(offsets=(-1, 0, 1), weight=np.ones((1, 3), np.float32), bias=np.zeros(1, np.float32))
    two = Layer(offsets=(-3, 3), weight=np.array([[1.0, 10.0]], np.float32), bias=np.array([0.5], np.float32))
    features = np.arange(7.0)[:, None]
    # At 0, 3, 6: neighbours sum to 1, 9, 17; beyond the ends 0 and 18.
    assert forward([one, two], features).ravel().tolist() == [0 + 90 + 0.5, 1 + 170 + 0.5, 9 + 180 + 0.5]
