"""Headers for headsets."""

from __future__ import annotations

from typing import get_args

import pytest

from server.auto_answer import Kind, headers_for


@pytest.mark.parametrize("kind", get_args(Kind))
def test_only_those_who_want_it_get_headers_and_only_where_they_are_set(kind: Kind) -> None:
    assert headers_for(kind, wanted=False) == ()
    assert bool(headers_for(kind, wanted=True)) is (kind != "off")


def test_all_of_them_side_by_side() -> None:
    names = [name for name, _ in headers_for("all", wanted=True)]
    assert names == ["Call-Info", "Alert-Info", "Answer-Mode"]
    assert dict(headers_for("answer-mode", wanted=True)) == {"Answer-Mode": "Auto"}
