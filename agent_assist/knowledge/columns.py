"""Which column of a table is which field of an entry: guessed by the names that cities give them, or told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final, Literal, get_args

import msgspec

from agent_assist.hangul import squeezed
from core.errors import BadInput

Field = Literal[
    "id",
    "title",
    "category",
    "department",
    "person",
    "deputy",
    "phone",
    "hours",
    "procedure",
    "body",
    "keywords",
    "excludes",
    "links",
    "message",
    "updated",
    "expires",
    "review_by",
    "form",
]
"""Of ``Entry``; ``form`` 'markdown' says that the row's texts are to be taken as they are, as in our own exports."""

FIELDS: Final[tuple[Field, ...]] = get_args(Field)
NAMES: Final[dict[Field, tuple[str, ...]]] = {
    "id": ("번호", "id", "no", "연번", "순번", "관리번호", "일련번호", "number"),
    "title": ("제목", "title", "질문", "상담제목", "민원명", "question", "subject"),
    "category": ("분류", "category", "카테고리", "업무분류", "분야", "대분류"),
    "department": ("부서", "department", "담당부서", "소관부서", "부서명", "담당부서명"),
    "person": ("담당자", "person", "담당", "담당자명"),
    "deputy": ("대직자", "부대직자", "deputy", "부담당자", "업무대행자"),
    "phone": ("전화", "전화번호", "phone", "연락처", "tel", "telephone", "문의처"),
    "hours": ("운영시간", "hours", "이용시간", "근무시간", "업무시간"),
    "procedure": ("절차", "procedure", "처리절차", "steps", "업무절차", "신청절차"),
    "body": ("본문", "내용", "답변", "body", "content", "answer", "상담내용", "답변내용"),
    "keywords": ("키워드", "keywords", "검색어", "tags", "태그", "핵심어"),
    "excludes": ("제외어", "excludes", "제외키워드"),
    "links": ("링크", "links", "관련링크", "url", "홈페이지", "관련사이트"),
    "message": ("문자", "message", "문자메시지", "sms", "문자내용"),
    "updated": ("수정일", "updated", "최종수정일", "갱신일", "수정일자", "최종수정일자"),
    "expires": ("만료일", "expires", "유효기간", "종료일", "게시종료일"),
    "review_by": ("검토일", "reviewby", "검토기한", "재검토일"),
    "form": ("형식", "form", "본문형식"),
}
"""Field -> names of its column, as ``squeezed`` writes them; where a table has two of them, the name that stands first
here wins. The first name is what exports write."""

_UNUSED: Final = "-"
_NUMBER: Final = re.compile(r"#(\d{1,4})")
_HINTS: Final = frozenset({"title", "body", "department", "keywords", "phone", "category"})
"""Fields that a column may be guessed for whose name only begins or ends with one of theirs ('민원 제목'). The others'
names are parts of too many words: '내용번호' is no id."""
_SHORTEST_HINT: Final = 2
"""Letters."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the table."""

    column: int
    """Place in the header, from 0."""
    name: str
    """As the header has it."""
    field: Field | Literal[""] = ""
    """'' = no field takes it."""
    sure: bool = False
    """Told by a person, or found by one of the field's whole names."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """What every column of the table is."""

    columns: tuple[Column, ...]
    """All of the header, in order; each field at most once."""

    def place(self, field: Field) -> int | None:
        """The column of that field, None when there is none."""
        return next((each.column for each in self.columns if each.field == field), None)

    def places(self) -> dict[Field, int]:
        """All fields that have a column."""
        return {each.field: each.column for each in self.columns if each.field}

    def ignored(self) -> tuple[str, ...]:
        """Names of the columns that no field takes."""
        return tuple(each.name.strip() for each in self.columns if not each.field and each.name.strip())

    def needs_title(self) -> None:
        """Raise ``BadInput`` in one line of advice when no column is the title."""
        if self.place("title") is None:
            has = ", ".join(_shown(each.name) for each in self.columns[:20] if each.name.strip()) or "-"
            wants = ", ".join(names[0] for names in NAMES.values())
            raise BadInput(
                f"'제목' 열이 없습니다. 있는 열: {has}. 쓸 수 있는 열: {wants}. "
                "이름이 다르면 --map '열 이름=title'처럼 알려 주세요. "
                f"/ No title column. Found: {has}. Wanted: title, and any of {', '.join(NAMES)}; "
                "or say --map 'NAME=title'."
            )


def guess(header: Sequence[str]) -> Mapping:
    """By the columns' names: first whole names (sure), then names that contain one."""
    plain = [squeezed(name) for name in header]
    fields: dict[int, tuple[Field, bool]] = {}
    for field, names in NAMES.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None:
            fields[place] = (field, True)
    taken = {field for field, _ in fields.values()}
    for place, written in enumerate(plain):
        hinted = None if place in fields else _hinted(written, taken)
        if hinted is not None:
            fields[place] = (hinted, False)
            taken.add(hinted)
    return _mapping(header, fields)


def mapped(header: Sequence[str], pairs: Sequence[str]) -> Mapping:
    """The guess, overruled by pairs: '제목=title', '#3=body' (the third column), '비고=-' (not used).

    ``BadInput`` for a column or field that there is not, or a field told twice.
    """
    fields = {each.column: (each.field, each.sure) for each in guess(header).columns if each.field}
    told: dict[int, Field] = {}
    unused: set[int] = set()
    for pair in pairs:
        name, _, wanted = pair.rpartition("=")
        place = _place(header, name.strip())
        if wanted.strip() == _UNUSED:
            unused.add(place)
            continue
        field = _field(wanted.strip(), pair)
        if field in told.values():
            raise BadInput(
                f"'{field}'에 열을 두 번 지정했습니다. 하나만 남겨 주세요. / {field} is mapped twice: keep one."
            )
        told[place] = field
    kept = {
        place: (field, sure)
        for place, (field, sure) in fields.items()
        if place not in unused and place not in told and field not in told.values()
    }
    return _mapping(header, kept | {place: (field, True) for place, field in told.items()})


def chosen(header: Sequence[str], fields: Sequence[str]) -> Mapping:
    """One field ('' = not used) for each column, in order, as a person chose them.

    ``BadInput`` when there are too many, one is unknown, or one is chosen twice.
    """
    if len(fields) > len(header):
        raise BadInput(
            f"열은 {len(header)}개인데 {len(fields)}개를 골랐습니다. 파일을 다시 올려 주세요. "
            "/ More fields than columns: upload the file again."
        )
    told: dict[int, tuple[Field, bool]] = {}
    for place, wanted in enumerate(fields):
        if not wanted:
            continue
        field = _field(wanted, wanted)
        if any(field == other for other, _ in told.values()):
            raise BadInput(
                f"'{NAMES[field][0]}'을(를) 두 열에 골랐습니다. 하나만 골라 주세요. / {field} is chosen twice."
            )
        told[place] = (field, True)
    return _mapping(header, told)


def has_title(row: Sequence[str]) -> bool:
    """Whether the row may be a header: more than one name, and a title's whole name among them."""
    names = {squeezed(cell) for cell in row} - {""}
    return len(names) > 1 and bool(names & set(NAMES["title"]))


def header_place(rows: Iterable[Sequence[str]]) -> int:
    """Which of the first rows is the header; 0 when none looks like one. Offices like to write a headline above their
    tables."""
    return next((place for place, row in enumerate(rows) if has_title(row)), 0)


def _mapping(header: Sequence[str], fields: dict[int, tuple[Field, bool]]) -> Mapping:
    nothing: tuple[Literal[""], bool] = ("", False)
    columns = []
    for place, name in enumerate(header):
        field, sure = fields.get(place, nothing)
        columns.append(Column(column=place, name=name, field=field, sure=sure))
    return Mapping(columns=tuple(columns))


def _hinted(written: str, taken: set[Field]) -> Field | None:
    hints = [
        (len(name), field)
        for field in NAMES
        if field in _HINTS and field not in taken
        for name in NAMES[field]
        if len(name) >= _SHORTEST_HINT and (written.startswith(name) or written.endswith(name))
    ]
    if any(written.endswith(number) for number in NAMES["id"]) and not written.endswith(NAMES["phone"]):
        return None
    return max(hints, key=lambda hint: hint[0])[1] if hints else None


def _place(header: Sequence[str], name: str) -> int:
    if (number := _NUMBER.fullmatch(name)) and 0 < int(number[1]) <= len(header):
        return int(number[1]) - 1
    plain = [squeezed(each) for each in header]
    if not name or squeezed(name) not in plain:
        has = ", ".join(_shown(each) for each in header[:20] if each.strip()) or "-"
        raise BadInput(
            f"'{_shown(name)}' 열이 없습니다. 있는 열: {has} (번호로는 #1부터). "
            f"/ No column '{_shown(name)}'. Found: {has} (or #1, #2, ...)."
        )
    return plain.index(squeezed(name))


def _field(wanted: str, pair: str) -> Field:
    plain = squeezed(wanted)
    for field, names in NAMES.items():
        if wanted == field or plain in names:
            return field
    near = get_close_matches(wanted, FIELDS, 1)
    hint = f" '{near[0]}'인가요?" if near else ""
    raise BadInput(
        f"'{_shown(pair)}': '{_shown(wanted)}' 항목은 없습니다.{hint} "
        f"쓸 수 있는 항목: {', '.join(FIELDS)}, 쓰지 않으면 - "
        f"/ No field '{_shown(wanted)}'; there are: {', '.join(FIELDS)}, or - for none."
    )


def _shown(name: str) -> str:
    return " ".join(name.split())[:30]
