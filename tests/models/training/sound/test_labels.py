"""Which pdf a frame should name, from when phones begin."""

from __future__ import annotations

import pytest

pytest.importorskip("kaldi_native_fbank", reason="what training needs is not installed: pip install 'minwon[training]'")

from models.kaldi.phones import BASE_ID, forward_pdf, loop_pdf
from models.training.sound.labels import frame_labels, label_count, silence

A, N, SIL = BASE_ID["a"], BASE_ID["n"], BASE_ID["SIL"]


def test_a_phones_first_frame_is_told_from_the_rest() -> None:
    """30 ms a label, centred 12.5 ms behind its frame's begin."""
    labels = frame_labels([0.0, 0.06, 0.12], [SIL, N, A], frames=18)
    assert labels is not None
    assert labels.tolist() == [
        forward_pdf(SIL), loop_pdf(SIL), forward_pdf(N), loop_pdf(N), forward_pdf(A), loop_pdf(A)
    ]  # fmt: skip


def test_every_phone_keeps_a_frame() -> None:
    """Phones that begin together push each other on, and back from the end."""
    labels = frame_labels([0.0, 0.0, 0.001, 0.5], [SIL, N, A, SIL], frames=12)
    assert labels is not None
    assert labels.tolist() == [forward_pdf(phone) for phone in (SIL, N, A, SIL)]
    assert frame_labels([0.0, 0.1, 0.2], [SIL, N, A], frames=6) is None


def test_silence() -> None:
    """As many labels as every third frame."""
    assert [label_count(frames) for frames in (0, 1, 3, 4)] == [0, 1, 1, 2]
    assert silence(7).tolist() == [loop_pdf(SIL)] * 3
