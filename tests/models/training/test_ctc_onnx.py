"""A network as ONNX: the real library computes what the network does, however the audio is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.audio import RATE
from models import shelf
from models.kaldi.acoustic import Layer
from models.training import ctc_onnx, ctc_tokens
from models.training.cepstra import cepstra
from stt.contract import Recognizer
from stt.engines import load
from tests.fakes.kaldi_files import forward

pytest.importorskip("sherpa_onnx", reason="the second engine is not installed: pip install 'minwon[sherpa]'")
pytest.importorskip("onnx", reason="what training needs is not installed: pip install 'minwon[training]'")

WIDTH = 24


@pytest.fixture(scope="module")
def layers() -> list[Layer]:
    """A network of random numbers that has something to say every few frames."""
    rng = np.random.default_rng(5)

    def layer(offsets: tuple[int, ...], inputs: int, outputs: int, scale: float) -> Layer:
        weight = rng.standard_normal((outputs, inputs * len(offsets))) * scale
        return Layer(
            offsets=offsets,
            weight=weight.astype(np.float16).astype(np.float32),  # as the file keeps it
            bias=rng.standard_normal(outputs).astype(np.float32),
        )

    last = layer((0,), WIDTH, len(ctc_tokens.TOKENS), 1.0)
    last.bias[:] = -100
    last.bias[list(ctc_tokens.encode("가나 노도"))] = 0  # else it would rarely hit on a syllable
    return [
        layer(tuple(range(-4, 5)), 40, WIDTH, 0.01),
        layer((-3, 0, 3), WIDTH, WIDTH, 0.3),
        layer((-6, 0, 6), WIDTH, WIDTH, 0.3),
        last,
    ]


@pytest.fixture(scope="module")
def pcm() -> bytes:
    """Three seconds of noise that changes."""
    rng = np.random.default_rng(6)
    level = np.repeat(rng.uniform(50, 4000, 30), RATE // 10)
    return (rng.standard_normal(3 * RATE) * level).clip(-32768, 32767).astype("<i2").tobytes()


def loaded(folder: Path, file: bytes) -> Recognizer:
    (folder / "model.onnx").write_bytes(file)
    (folder / "tokens.txt").write_text(ctc_tokens.table(), encoding="utf-8")
    return load(shelf.find(str(folder)))


def expected(layers: list[Layer], pcm: bytes) -> str:
    """The best path through what the network itself computes, as the engine tidies it."""
    from models.training.sound.features import mfcc
    from stt.sherpa_words import tidy

    scores = forward(layers, mfcc(np.frombuffer(pcm, "<i2")))
    return tidy(ctc_tokens.decode(ctc_tokens.best(scores.argmax(1).tolist())))


def test_a_whole_utterance(tmp_path: Path, layers: list[Layer], pcm: bytes) -> None:
    """To the last letter."""
    from tests.fakes import whole_utterances

    session = load(shelf.find(str(whole_utterances.hearing(tmp_path, ctc_onnx.streaming(layers))))).session()
    session.accept(pcm)
    final = session.finish()
    assert final.text == expected(layers, pcm)
    assert len(final.text) > 10


@pytest.mark.parametrize("step", [320, 1600, 48000])
def test_a_stream(tmp_path: Path, layers: list[Layer], pcm: bytes, step: int) -> None:
    """Three together, all the same, up to where the silence behind the audio begins to be seen."""
    recognizer = loaded(tmp_path, ctc_onnx.streaming(layers))
    sessions = [recognizer.session() for _ in range(3)]
    for at in range(0, len(pcm), step):
        recognizer.accept_many([(session, pcm[at : at + step]) for session in sessions])
    texts = {session.finish().text for session in sessions}
    assert len(texts) == 1
    wanted = expected(layers, pcm)
    assert texts.pop()[: len(wanted) - 4] == wanted[:-4]


def test_cepstra_are_kaldis() -> None:
    """The matrix makes of log-mel energies what kaldi-native-fbank makes of the audio."""
    knf = pytest.importorskip("kaldi_native_fbank")
    from models.training.sound.features import mfcc

    options = knf.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 40
    options.mel_opts.low_freq, options.mel_opts.high_freq = ctc_onnx.LOW_HZ, ctc_onnx.HIGH_HZ
    samples = np.random.default_rng(7).integers(-9000, 9000, RATE).astype(np.int16)
    computer = knf.OnlineFbank(options)
    computer.accept_waveform(RATE, samples.astype(np.float32))
    computer.input_finished()
    energies = np.stack([computer.get_frame(at) for at in range(computer.num_frames_ready)])
    assert np.abs(energies @ cepstra().T - mfcc(samples)).max() < 0.001
