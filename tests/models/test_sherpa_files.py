"""Which files make which kind, as the official archives hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ModelFault
from models.onnx_metadata import metadata
from models.sherpa_files import looks_like, recipe

STREAMING = {"model_type": "zipformer2", "decode_chunk_len": "32", "T": "45"}
WHOLE = {"model_type": "zipformer2", "comment": "non-streaming zipformer2"}


def text(value: str) -> bytes:
    """A field of that text, shorter than 128 bytes."""
    data = value.encode()
    return bytes([len(data)]) + data


def onnx(about: dict[str, str]) -> bytes:
    """An ONNX file with no graph, only metadata."""
    pairs = (b"\x0a" + text(key) + b"\x12" + text(value) for key, value in about.items())
    return b"\x08\x09" + b"".join(b"\x72" + bytes([len(pair)]) + pair for pair in pairs)


def folder(at: Path, files: dict[str, dict[str, str]], tokens: str = "tokens.txt") -> Path:
    for name, about in files.items():
        (at / name).write_bytes(onnx(about))
    (at / tokens).write_text("<blk> 0\n")
    return at


def transducer(about: dict[str, str]) -> dict[str, dict[str, str]]:
    """As in sherpa-onnx-(streaming-)zipformer-korean."""
    floats = {f"{part}-epoch-99-avg-1.onnx": about for part in ("encoder", "decoder", "joiner")}
    return {**floats, **{name.replace(".onnx", ".int8.onnx"): about for name in floats}}


@pytest.mark.parametrize(
    ("kind", "files", "tokens"),
    [
        ("transducer", transducer(STREAMING), "tokens.txt"),
        ("zipformer", transducer(WHOLE), "tokens.txt"),
        ("zipformer2_ctc", {"ctc-epoch-20-avg-1-chunk-16-left-128.int8.onnx": STREAMING}, "tokens.txt"),
        ("zipformer_ctc", {"model.int8.onnx": {"model_type": "zipformer2_ctc"}}, "tokens.txt"),
        ("wenet_ctc", {"model-streaming.onnx": {"model_type": "wenet_ctc", "right_context": "6"}}, "tokens.txt"),
        ("nemo_ctc", {"model.onnx": {"window_size": "25", "chunk_shift": "16"}}, "tokens.txt"),
        ("sense_voice", {"model.onnx": {}, "model.int8.onnx": {"model_type": "sense_voice_ctc"}}, "tokens.txt"),
        ("whisper", {"tiny-encoder.onnx": {}, "tiny-decoder.int8.onnx": {}}, "tiny-tokens.txt"),
        (
            "moonshine",
            {
                name: {}
                for name in (
                    "preprocess.onnx",
                    "encode.int8.onnx",
                    "uncached_decode.int8.onnx",
                    "cached_decode.int8.onnx",
                )
            },
            "tokens.txt",
        ),
    ],
)
def test_kinds(tmp_path: Path, kind: str, files: dict[str, dict[str, str]], tokens: str) -> None:
    """By their files, and by what these say of themselves."""
    found = recipe(folder(tmp_path, files, tokens))
    assert looks_like(tmp_path)
    assert found.kind == kind
    assert found.rate == 16000
    assert found.files["tokens"].name == tokens
    assert recipe(tmp_path, kind) == found


def test_the_small_files_are_taken_but_for_a_transducers_decoder(tmp_path: Path) -> None:
    """As sherpa-onnx's own examples do."""
    files = recipe(folder(tmp_path, transducer(STREAMING))).files
    assert {role for role, file in files.items() if ".int8." in file.name} == {"encoder", "joiner"}


def test_our_own_models_tell_their_features(tmp_path: Path) -> None:
    """8 kHz, mel range, and the true length of an output."""
    about = {"sample_rate": "8000", "feature_dim": "40", "feature_low_freq": "40", "feature_high_freq": "3800"}
    found = recipe(folder(tmp_path, {"model.onnx": {**STREAMING, **about, "subsampling_factor": "3"}}))
    assert (found.rate, found.features, found.filters, found.stretch) == (8000, 40, (40, 3800), 0.75)


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>not found</html>", "no ONNX file"),
        (onnx(STREAMING)[:-5], "cut off"),
        (b"PK\x03\x04zip", "no ONNX file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "no ONNX file"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes, advice: str) -> None:
    """Seen before onnxruntime is asked."""
    (folder(tmp_path, {}) / "model.onnx").write_bytes(content)
    with pytest.raises(ModelFault, match=advice):
        recipe(tmp_path)


def test_a_model_that_is_not_ours(tmp_path: Path) -> None:
    """A network, but no recogniser that we know."""
    folder(tmp_path, {"model.onnx": {"model_type": "vits"}})
    with pytest.raises(ModelFault, match="is a 'vits'"):
        recipe(tmp_path)


@pytest.mark.parametrize(
    ("files", "kind", "advice"),
    [
        (transducer(WHOLE), "transducer", "takes whole utterances"),
        (transducer(STREAMING), "zipformer", "is a streaming one"),
        ({"encoder.onnx": STREAMING}, "transducer", r"decoder\*.onnx is missing"),
        ({"encoder.onnx": STREAMING}, "", "make no sherpa-onnx model"),
        ({"model.onnx": {}}, "paraformer", "names the kind 'paraformer'"),
    ],
)
def test_a_label_that_is_wrong_and_half_a_model(
    tmp_path: Path, files: dict[str, dict[str, str]], kind: str, advice: str
) -> None:
    """sherpa-onnx would end the process."""
    folder(tmp_path, files)
    with pytest.raises(ModelFault, match=advice):
        recipe(tmp_path, kind)


def test_without_tokens(tmp_path: Path) -> None:
    """Half an archive."""
    (tmp_path / "model.onnx").write_bytes(onnx(STREAMING))
    assert not looks_like(tmp_path)
    with pytest.raises(ModelFault, match=r"tokens.txt is missing"):
        recipe(tmp_path)


def test_metadata(tmp_path: Path) -> None:
    """Keys and values."""
    (tmp_path / "model.onnx").write_bytes(onnx(STREAMING))
    assert metadata(tmp_path / "model.onnx") == STREAMING
