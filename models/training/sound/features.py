"""MFCC exactly as libvosk computes them from a model's ``conf/mfcc.conf`` (``models.kaldi.folder``)."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import kaldi_native_fbank as knf
import numpy as np
import numpy.typing as npt

RATE: Final = 8000
DIM: Final = 40
"""Coefficients of a frame, of as many mel bands: nothing is lost, the transform can be inverted."""
SHIFT_S: Final = 0.010
"""From one frame to the next."""
WINDOW_S: Final = 0.025

Floats = npt.NDArray[np.float32]


def mfcc(samples: npt.NDArray[np.int16]) -> Floats:
    """8 kHz audio -> (frames, 40); no frame for less than 25 ms."""
    computer = knf.OnlineMfcc(_options())
    computer.accept_waveform(RATE, samples.astype(np.float32))
    computer.input_finished()
    frames = [computer.get_frame(at) for at in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, DIM), np.float32)


def to_pcm(samples: Floats) -> npt.NDArray[np.int16]:
    """-1..1 -> 16 bits, what is beyond cut off."""
    return np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)


@cache
def _options() -> Any:
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.frame_length_ms = 1000 * WINDOW_S
    options.frame_opts.frame_shift_ms = 1000 * SHIFT_S
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = DIM
    options.mel_opts.low_freq = 40
    options.mel_opts.high_freq = -200
    options.num_ceps = DIM
    options.use_energy = False
    return options
