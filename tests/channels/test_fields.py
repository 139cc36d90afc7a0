"""Fields of a template: known ones are filled, unknown ones stay, and nothing with a field in it is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.fields import FIELDS, filled, require_filled, require_known, unfilled
from core.errors import BadInput

TEMPLATE = "{민원인}님, {부서} {담당자}({전화})에 문의하세요. {부서}"


def test_what_is_known_is_filled_and_the_rest_stays() -> None:
    text = filled(TEMPLATE, {"부서": "자원순환과", "전화": "070-0055-1600", "담당자": ""})
    assert text == "{민원인}님, 자원순환과 {담당자}(070-0055-1600)에 문의하세요. 자원순환과"
    assert unfilled(text) == ["민원인", "담당자"]


def test_a_value_that_looks_like_a_field_is_not_filled_again() -> None:
    assert filled("{민원인}", {"민원인": "{부서}", "부서": "x"}) == "{부서}"


def test_an_open_field_keeps_it_back() -> None:
    with pytest.raises(BadInput, match=r"\{민원인\}") as refused:
        require_filled("{민원인}님")
    assert refused.value.code == "message_field"
    require_filled("다 채웠습니다. {}")


def test_a_template_with_an_unknown_field_is_refused() -> None:
    require_known("".join(f"{{{name}}}" for name in FIELDS))
    with pytest.raises(BadInput, match=r"\{담당지\}") as refused:
        require_known("{담당지}")
    assert refused.value.code == "unknown_field"


@given(st.text(), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(alphabet="가나다", min_size=1)))
def test_no_known_field_is_left_and_nothing_else_is_touched(text: str, values: dict[str, str]) -> None:
    done = filled(text + "".join(f"{{{name}}}" for name in values), values)
    assert not set(unfilled(done)) & set(values)
    assert filled(text.replace("{", "("), values) == text.replace("{", "(")
