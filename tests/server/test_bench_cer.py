"""Character error rate."""

from __future__ import annotations

import pytest

from server.bench.cer import error_rate


@pytest.mark.parametrize(
    ("said", "heard", "percent"),
    [
        ("여권 어디서 만들어요?", "여권어디서 만들어요", 0.0),
        ("수수료는 팔천 원", "수수료는 8000원", 0.0),
        ("가나다라", "가나다", 25.0),
        ("가나다라", "", 100.0),
        ("가나", "가나다라", 100.0),
    ],
)
def test_counts_characters_not_spaces(said: str, heard: str, percent: float) -> None:
    assert error_rate([(said, heard)]) == percent


def test_long_texts_weigh_more() -> None:
    assert error_rate([("가" * 90, "가" * 90), ("나" * 10, "")]) == 10.0
    assert error_rate([]) == 0.0
