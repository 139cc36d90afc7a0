"""A sentence-embedding model in ONNX, from a folder of the shelf: how near a question and a passage are in meaning.

The folder holds ``model.onnx`` and ``tokenizer.json``, as models for sentence similarity are exported: token ids and an
attention mask in, one vector a sentence or one a token out. Needs the extra ``minwon[semantic]``; neither library is
imported before a model is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import EnvironmentFault, ModelFault

_FILES: Final = ("model.onnx", "tokenizer.json")
_TOKENS: Final = 128
"""Tokens of a text that are read."""
_KEPT: Final = 20_000
"""Passages whose vectors are remembered: with 384 directions 30 MB."""
_KNOWN: Final = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class OnnxReranker:
    """Any thread may call it; one at a time gets through, on one core."""

    def __init__(self, folder: Path) -> None:
        """Raises ``ModelFault`` for a folder without a usable model, ``EnvironmentFault`` without the libraries; both
        with advice."""
        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise ModelFault(f"the sentence model {folder} has no {' and no '.join(missing)}; export it as ONNX")
        self._lock = threading.Lock()
        self._session, self._tokenizer = _loaded(folder)
        self._inputs = [one.name for one in self._session.get_inputs()]
        strange = set(self._inputs) - _KNOWN
        if strange or "input_ids" not in self._inputs:
            raise ModelFault(f"the sentence model {folder} wants {', '.join(sorted(strange))}: it is of another kind")
        self._of_passage = lru_cache(maxsize=_KEPT)(self._vector)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Cosine of the question and each passage, 0..1."""
        asked = self._vector(question)
        return [float(np.clip(asked @ self._of_passage(passage), 0, 1)) for passage in passages]

    def _vector(self, text: str) -> NDArray[np.float32]:
        with self._lock:
            read = self._tokenizer.encode(text)
            tokens = {
                "input_ids": np.array([read.ids], np.int64),
                "attention_mask": np.array([read.attention_mask], np.int64),
                "token_type_ids": np.array([read.type_ids], np.int64),
            }
            out = self._session.run(None, {name: tokens[name] for name in self._inputs})[0]
        vector = np.asarray(out, np.float32)[0]
        if vector.ndim == 2:  # one vector a token: their mean
            vector = vector.mean(axis=0) if len(vector) else np.zeros(vector.shape[1], np.float32)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def _loaded(folder: Path) -> tuple[Any, Any]:
    try:
        import onnxruntime
        import tokenizers
    except ImportError as fault:
        raise EnvironmentFault(f"a sentence model needs {fault.name}: pip install 'minwon[semantic]'") from fault
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors: what the library warns of is the exporter's business
    try:
        session = onnxruntime.InferenceSession(folder / _FILES[0], options, providers=["CPUExecutionProvider"])
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / _FILES[1]))
    except Exception as fault:  # both libraries have their own kinds, without a common one
        raise ModelFault(f"the sentence model {folder} cannot be read: {fault}") from fault
    tokenizer.enable_truncation(_TOKENS)
    tokenizer.no_padding()
    return session, tokenizer
