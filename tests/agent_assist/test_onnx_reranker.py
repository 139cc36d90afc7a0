"""The contract of a re-ranking model, with a tiny one that is built here: each word is a direction of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent_assist.knowledge_base import KnowledgeBase
from agent_assist.korean import Analyser
from agent_assist.onnx_reranker import OnnxReranker
from agent_assist.rerank import Reranker
from core.errors import ModelFault
from core.store.entry import Entry

onnx = pytest.importorskip("onnx")
tokenizers = pytest.importorskip("tokenizers")
pytest.importorskip("onnxruntime")

WORDS = ("[UNK]", "여권", "재발급", "감자", "씨감자", "농가", "비행기")
LIKE = {"비행기": "여권", "씨감자": "감자"}
"""What this model takes for the same."""


@pytest.fixture(scope="module", params=["sentence", "tokens"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model")
    build(made, pooled=request.param == "sentence")
    return made


def build(folder: Path, *, pooled: bool) -> None:
    helper, numpy_helper, kind = onnx.helper, onnx.numpy_helper, onnx.TensorProto
    table = np.eye(len(WORDS), dtype=np.float32)
    table[0] = 0
    for word, like in LIKE.items():
        table[WORDS.index(word)] = table[WORDS.index(like)]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    shape: list[str | int] = ["batch", "length", len(WORDS)]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["last_hidden_state", "axis"], ["sentence"], keepdims=0))
        shape = ["batch", len(WORDS)]
    graph = helper.make_graph(
        nodes,
        "words",
        [
            helper.make_tensor_value_info(name, kind.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("sentence" if pooled else "last_hidden_state", kind.FLOAT, shape)],
        [
            numpy_helper.from_array(table, "table"),
            *([numpy_helper.from_array(np.array([1], np.int64), "axis")] if pooled else []),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    words = tokenizers.models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def test_it_keeps_the_contract(folder: Path) -> None:
    reranker: Reranker = OnnxReranker(folder)
    scores = reranker.scores("비행기", ["여권 재발급", "감자 농가", ""])
    assert len(scores) == 3
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] > 0.5 > scores[1] == scores[2] == 0
    assert reranker.scores("비행기", []) == []
    assert reranker.scores("비행기 " * 5_000, ["여권"])[0] == pytest.approx(1, abs=1e-3)


def test_cards_follow_it(folder: Path, language: Analyser, few: tuple[Entry, ...]) -> None:
    said = "비행기 타려는데 신청하고 나누어 받나요"
    read = KnowledgeBase(few, language, reranker=OnnxReranker(folder))
    plain = KnowledgeBase(few, language)
    after, before = read.weigh(read.ask(said)), plain.weigh(plain.ask(said))
    assert after is not None and before is not None
    assert after.documents.index(1) <= before.documents.index(1)
    ratio = dict(zip(before.documents, before.ratios, strict=True))
    lifted = dict(zip(after.documents, after.ratios, strict=True))
    assert lifted[1] >= ratio[1]


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelFault, match=r"model\.onnx and no tokenizer\.json"):
        OnnxReranker(tmp_path)


def test_a_broken_model_says_so(tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(ModelFault, match="cannot be read"):
        OnnxReranker(tmp_path)
