"""What is particular to sherpa-onnx; what every engine must do stands in tests/contracts/test_recognizer.py."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelFault
from models import hot_words, shelf
from models.kaldi.acoustic import Layer
from models.sherpa_files import Recipe
from stt.decode_link import DecodeLink
from stt.sherpa_whole import is_due
from tests.models.test_hot_words import pieces
from tests.models.test_sherpa_files import STREAMING, onnx

sherpa_engine = pytest.importorskip(
    "stt.sherpa_engine", reason="the second engine is not installed: pip install 'minwon[sherpa]'"
)


def recipe(kind: str, *roles: str) -> Recipe:
    return Recipe(kind=kind, files={role: Path(f"/m/{role}") for role in (*roles, "tokens")})


def test_a_transducer_listens_for_hot_words(tmp_path: Path) -> None:
    """By its beam search; cut into sentence pieces where the model has them."""
    hot = tmp_path / "hotwords.txt"
    transducer = recipe("transducer", "encoder", "decoder", "joiner")
    plain = sherpa_engine.options(transducer, "ko", hot)
    assert plain == {
        "encoder": "/m/encoder",
        "decoder": "/m/decoder",
        "joiner": "/m/joiner",
        "tokens": "/m/tokens",
        "num_threads": 1,
        "sample_rate": 16000,
        "feature_dim": 80,
    }
    hot.write_text("민원여권과\n", encoding="utf-8")
    listening = sherpa_engine.options(transducer, "ko", hot)
    assert (listening["decoding_method"], listening["hotwords_file"]) == ("modified_beam_search", str(hot))
    assert "bpe_vocab" not in listening
    (tmp_path / "bpe.vocab").write_text("▁민\t-1\n", encoding="utf-8")
    assert sherpa_engine.options(transducer, "ko", hot)["modeling_unit"] == "bpe"


def test_other_kinds_take_no_hot_words(tmp_path: Path) -> None:
    """Said, not ignored."""
    (tmp_path / "hotwords.txt").write_text("민원여권과\n", encoding="utf-8")
    with pytest.raises(ModelFault, match="a model of kind whisper takes no hot words"):
        sherpa_engine.options(recipe("whisper", "encoder", "decoder"), "ko", tmp_path / "hotwords.txt")


@pytest.mark.parametrize(
    ("kind", "language", "given"),
    [
        ("whisper", "ko", "ko"),
        ("whisper", "ko-KR", "ko"),
        ("whisper", "vi", "vi"),
        ("whisper", "mul", ""),
        ("whisper", "", ""),
        ("sense_voice", "ko", "ko"),
        ("sense_voice", "vi", ""),
    ],
)
def test_models_of_many_languages_are_told_which(tmp_path: Path, kind: str, language: str, given: str) -> None:
    """'' = they find out themselves; told of one that they don't know, sherpa-onnx would end the process."""
    assert sherpa_engine.options(recipe(kind), language, tmp_path / "none")["language"] == given


def test_every_kind_has_a_maker_that_takes_what_it_is_given(tmp_path: Path) -> None:
    """The parameters are those of the installed sherpa-onnx."""
    import inspect

    from models.sherpa_files import FILES

    assert set(sherpa_engine.MAKERS) == set(FILES)
    for kind, roles in FILES.items():
        parameters = inspect.signature(sherpa_engine.MAKERS[kind]).parameters
        assert set(sherpa_engine.options(recipe(kind, *roles), "ko", tmp_path / "none")) <= set(parameters), kind


def test_partials_of_whole_utterances_cost_at_most_four_times_the_final() -> None:
    """However long it is and however small the pieces."""
    for seconds in (5, 20, 60):
        decoded = before = 0
        for now in range(0, seconds * 8000, 160):
            if is_due(now, before):
                decoded += now
                before = now
        assert decoded <= 4 * seconds * 8000
    assert is_due(4800, 0)
    assert not is_due(4799, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (onnx(STREAMING), "sherpa-onnx can't load the speech model"),
        (onnx({**STREAMING, "model_type": "zipformer2"}) + b"\x3a\x04graf", "sherpa-onnx can't load the speech model"),
    ],
)
async def test_a_model_that_is_no_network_is_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    """Whether onnxruntime throws or ends the process: the worker's fault, said by the node."""
    (tmp_path / "model.onnx").write_bytes(content)
    (tmp_path / "tokens.txt").write_text("<blk> 0\n")
    with pytest.raises(ModelFault, match=reason) as caught:
        await DecodeLink.start(shelf.find(str(tmp_path)))
    assert "\n" not in str(caught.value)


async def test_a_model_that_ends_the_process_is_one_line_too(tmp_path: Path) -> None:
    """Metadata that sherpa-onnx misses: it exits; its words reach the operator."""
    data = (shelf.find(shelf.BUNDLED_SHERPA).path / "model.onnx").read_bytes()
    (tmp_path / "model.onnx").write_bytes(data.replace(b"encoder_dims", b"encoder_dimz"))
    (tmp_path / "tokens.txt").write_bytes((shelf.find(shelf.BUNDLED_SHERPA).path / "tokens.txt").read_bytes())
    with pytest.raises(ModelFault, match=r"encoder_dims.*does not exist") as caught:
        await DecodeLink.start(shelf.find(str(tmp_path)))
    assert "\n" not in str(caught.value)


def test_hot_words_change_what_a_transducer_hears(tmp_path: Path) -> None:
    """One that likes 나 a little better than 가, whatever is said, until it is told to listen for 가."""
    pytest.importorskip("onnx", reason="what training needs is not installed: pip install 'minwon[training]'")
    from models.training import ctc_onnx
    from models.training.ctc_tokens import TOKENS, encode
    from stt.engines import load
    from tests.fakes import small_transducer

    after = np.full((len(TOKENS), len(TOKENS)), -20.0, np.float32)
    after[:, 0] = 0
    for syllable, score in (("가", 2.0), ("나", 2.4)):
        onset, vowel = encode(syllable)
        after[0, onset], after[onset, vowel] = score, 2.0
    silent = [
        Layer(offsets=(0,), weight=np.zeros((len(TOKENS), 40), np.float32), bias=np.zeros(len(TOKENS), np.float32))
    ]
    small_transducer.preferring(tmp_path, ctc_onnx.streaming(silent), after)
    (tmp_path / "bpe.model").write_bytes(pieces(*((token, -1.0) for token in TOKENS[1:])))

    def heard() -> str:
        session = load(shelf.find(str(tmp_path))).session()
        session.accept(bytes(16000))
        return session.finish().text

    assert heard() == "나"
    assert hot_words.write(tmp_path, [unicodedata.normalize("NFD", "가")]) == 1
    assert heard() == "가"
    assert hot_words.write(tmp_path, []) == 0
    assert heard() == "나"
