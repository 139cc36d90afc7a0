"""Why a C++ library took its process with it."""

from __future__ import annotations

import pytest

from stt.last_words import why


@pytest.mark.parametrize(
    "line",
    [
        "ASSERTION_FAILED (VoskAPI:TransitionIdToPdfFast():transition-model.h:332) Assertion failed: (i < n)",
        "ERROR (VoskAPI:ReadBasicType():io-funcs-inl.h:68) ReadBasicType: did not get expected integer type",
        "/sherpa-onnx/csrc/online-zipformer2-ctc-model.cc:Init:222 'encoder_dims' does not exist in the metadata",
        "terminate called after throwing an instance of 'Ort::Exception'",
    ],
)
def test_the_telling_line(line: str) -> None:
    """Among others, and not longer than one can read."""
    assert why(["LOG something", f"  {line} {'x' * 500}", "stack trace"]) == f"{line} {'x' * 500}"[:300]


def test_none() -> None:
    """Nothing was said."""
    assert why(["LOG loading"]) == ""
