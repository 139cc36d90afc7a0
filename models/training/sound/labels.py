"""Which pdf each output frame of the network should name: every third MFCC frame, from the starts of the phones. Pure.

As in Kaldi's chain topology a phone's first frame has its forward pdf, every further frame its self-loop pdf.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.kaldi.phones import BASE, BASE_ID, SILENCE, forward_pdf, loop_pdf
from models.training.sound.features import SHIFT_S, WINDOW_S

STRIDE: Final = 3
"""MFCC frames per label."""
_FORWARD: Final = np.array([forward_pdf(phone) for phone in range(len(BASE))], np.int16)
_LOOP: Final = np.array([loop_pdf(phone) for phone in range(len(BASE))], np.int16)

Labels = npt.NDArray[np.int16]


def label_count(frames: int) -> int:
    """Labels of so many MFCC frames."""
    return (frames + STRIDE - 1) // STRIDE


def silence(frames: int) -> Labels:
    """Nobody speaks: the self-loop of silence throughout."""
    return np.full(label_count(frames), loop_pdf(BASE_ID[SILENCE]), np.int16)


def frame_labels(starts: Sequence[float], phones: Sequence[int], frames: int) -> Labels | None:
    """Labels of ``frames`` MFCC frames; ``phones`` are base phone numbers, ``starts`` their seconds, ascending.

    Every phone keeps at least one frame, in order, and pushes its neighbours for it; None if there are more phones than
    labels.
    """
    count, many = label_count(frames), len(phones)
    if many > count:
        return None
    centres = np.arange(count) * STRIDE * SHIFT_S + WINDOW_S / 2
    order = np.arange(many)
    first = np.searchsorted(centres, np.asarray(starts, np.float64))
    # One frame each: first[i] - i must never fall, and what lies too late is drawn back from the end.
    first = np.minimum(np.maximum.accumulate(first - order), count - many) + order
    labels = np.empty(count, np.int16)
    owner = np.repeat(np.asarray(phones), np.diff(np.append(first, count)))
    labels[first[0] :] = _LOOP[owner]
    labels[first] = _FORWARD[np.asarray(phones)]
    labels[: first[0]] = loop_pdf(BASE_ID[SILENCE])
    return labels
