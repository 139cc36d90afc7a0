"""Fields of a template: '{부서}' becomes the department of the open card. Pure.

What is known is filled in; what is not stays as it stands, so that whoever reads the text sees what is missing, and
walks there. A text with a field in it is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from core.errors import BadInput

FIELDS: Final = {
    "민원인": "the caller's name, where a form has told it",
    "부서": "the department of the card",
    "담당자": "the person in charge today: the deputy's name while she is absent",
    "전화": "the department's telephone",
    "링크": "the card's first web address",
    "지도": "the card's link to a map",
    "업무": "the card's title",
    "상담사": "the agent",
    "센터": "the call centre",
    "접수번호": "the number under which the contact is found again",
    "날짜": "today",
    "내용": "free words",
}
"""All that there are, by the name that people write; what each means, for the engineer."""

_FIELD: Final = re.compile(r"\{([^{}\n]{1,20})\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with every known field filled; a field without a value stays."""
    return _FIELD.sub(lambda field: values.get(field[1].strip()) or field[0], template)


def unfilled(text: str) -> list[str]:
    """Names of the fields that a text still has, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in _FIELD.findall(text)))


def require_filled(text: str) -> None:
    """Raise ``BadInput`` ('message_field') for a text with a field: a citizen must never read '{담당자}'."""
    if missing := unfilled(text):
        names = ", ".join(f"{{{name}}}" for name in missing)
        raise BadInput(f"fill in or take out first: {names}", code="message_field")


def require_known(template: str) -> None:
    """Raise ``BadInput`` ('unknown_field') for a template with a field that nothing will ever fill."""
    if strange := [name for name in unfilled(template) if name not in FIELDS]:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        name = f"{{{strange[0]}}}"
        raise BadInput(f"{name} 빈칸은 없습니다. 있는 것: {known} / there is no field {name}", code="unknown_field")
