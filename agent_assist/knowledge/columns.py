"""Which column of a table is which field of an entry, by the names that cities give them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from agent_assist.hangul import composed
from core.errors import BadInput

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("번호", "id", "no", "연번", "순번", "관리번호"),
    "title": ("제목", "title", "질문", "상담제목", "민원명"),
    "category": ("분류", "category", "카테고리", "업무분류"),
    "department": ("부서", "department", "담당부서", "소관부서"),
    "person": ("담당자", "person", "담당", "담당자명"),
    "deputy": ("대직자", "부대직자", "deputy"),
    "phone": ("전화", "전화번호", "phone", "연락처", "tel"),
    "procedure": ("절차", "procedure", "처리절차", "steps"),
    "body": ("본문", "내용", "답변", "body", "content", "answer"),
    "keywords": ("키워드", "keywords", "검색어", "tags"),
    "message": ("문자", "message", "문자메시지", "sms"),
    "updated": ("수정일", "updated", "최종수정일", "갱신일"),
}
"""Field of ``Entry`` -> names of its column; where a table has two of them, the name that stands first here wins."""

_NEEDED: Final = "title"


def _plain(name: str) -> str:
    return "".join(composed(name).lower().split()).replace("_", "")


def columns(header: Sequence[str]) -> dict[str, int]:
    """Field -> index of its column. ``BadInput`` in one line when there is no title column."""
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        places.setdefault(_plain(name), index)
    found = {
        field: next(places[name] for name in names if name in places)
        for field, names in ALIASES.items()
        if any(name in places for name in names)
    }
    if _NEEDED not in found:
        has = ", ".join(name.strip()[:30] for name in header[:20] if name.strip()) or "-"
        wants = ", ".join(names[0] for names in ALIASES.values())
        raise BadInput(
            f"'제목' 열이 없습니다. 있는 열: {has}. 쓸 수 있는 열: {wants}. "
            f"/ No title column. Found: {has}. Wanted: title, and any of {', '.join(ALIASES)}."
        )
    return found


def ignored(header: Sequence[str], used: Mapping[str, int]) -> tuple[str, ...]:
    """Columns that no field takes."""
    taken = set(used.values())
    return tuple(name.strip() for index, name in enumerate(header) if index not in taken and name.strip())
