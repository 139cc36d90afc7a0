"""A row of a table -> an entry, with what a person should know about it, or the reason why it is left out. Pure.

Nothing that has content is lost without a word: an empty title is made from the text, a long one goes on in it, and
whatever can't be used is named with its line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec

from agent_assist.knowledge import cells
from agent_assist.knowledge.cells import Cell
from agent_assist.knowledge.columns import NAMES, Field, Mapping
from agent_assist.knowledge.table import Row
from core.personal import without_personal_number
from core.store.entry import Entry

CELL_LIMIT: Final = 200_000
"""Characters of a cell."""
TITLE_LIMIT: Final = 300
ID_LIMIT: Final = 64
_NAME_LIMIT: Final = 120
"""Characters of a department's, person's or category's name."""
_LEVELS_LIMIT: Final = 8
_MADE_TITLE: Final = 80
"""Characters of a title that is made from the text."""
_EXACT: Final = "markdown"
_DATES: Final[tuple[Field, ...]] = ("updated", "expires", "review_by")
_CONTENT: Final = ("body", "procedure", "message", "keywords", "links")


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    line: int
    entry: Entry | None = None
    """None = the row is left out."""
    rejected: str = ""
    """Why it is left out, Korean first; '' = it is taken."""
    remarks: tuple[str, ...] = ()
    """What a person should look at."""


class _Unusable(Exception):
    """A row that is left out; the message is the reason."""


class EntryRows:
    """Takes rows in order; knows the numbers that it has seen."""

    def __init__(self, mapping: Mapping) -> None:
        self._places = mapping.places()
        self._width = len(mapping.columns)
        self._lines: dict[str, int] = {}
        """Id -> line on which it stands."""
        self._contents: dict[str, bytes] = {}
        """Ids that we gave -> what they were given for."""

    @property
    def fields(self) -> frozenset[Field]:
        """What the table says something about; of what it is silent an entry keeps what it has."""
        return frozenset(self._places)

    def take(self, row: Row) -> Taken:
        """One row. Never raises."""
        remarks = list(row.remarks)
        try:
            entry = self._entry(row, remarks)
        except _Unusable as reason:
            return Taken(line=row.line, rejected=str(reason), remarks=tuple(remarks))
        self._lines[entry.id] = row.line
        return Taken(line=row.line, entry=entry, remarks=tuple(remarks))

    def _entry(self, row: Row, remarks: list[str]) -> Entry:
        raw: dict[Field, Cell] = {
            field: row.cells[place] if place < len(row.cells) else "" for field, place in self._places.items()
        }
        self._check(row, raw, remarks)
        exact = cells.line(raw.pop("form", "")).lower() == _EXACT
        read = _exact_fields(raw) if exact else _fields(raw)
        read["category"] = _category(raw.get("category", ""), remarks)
        read["links"] = _links(raw.get("links", ""), remarks)
        for field in _DATES:
            read[field] = _day(field, raw.get(field, ""), remarks)
        if cells.has_resident_number(*(value for value in map(read.get, _SPOKEN) if value)):
            raise _Unusable(_RESIDENT)
        _mask(read, remarks)
        _mend_title(read, remarks)
        for field in _TEXTS:
            _check_size(field, len(read[field]))
        for field in ("department", "person", "deputy"):
            if len(read[field]) > _NAME_LIMIT:
                read[field] = read[field][:_NAME_LIMIT].rstrip()
                remarks.append(f"'{_name(field)}'이(가) {_NAME_LIMIT}자를 넘어 자릅니다 / the name is too long: cut")
        if not any(read[field] for field in _CONTENT):
            remarks.append("제목뿐이고 내용이 없습니다 / a title without content")
        entry = Entry(id="", **read)
        return msgspec.structs.replace(entry, id=self._id(raw.get("id", ""), entry, row.line))

    def _check(self, row: Row, raw: dict[Field, Cell], remarks: list[str]) -> None:
        for field, cell in raw.items():
            _check_size(field, cells.size(cell))
        if cells.has_resident_number(*raw.values()):
            raise _Unusable(_RESIDENT)
        beyond = [cell for cell in row.cells[self._width :] if not cells.is_empty(cell)]
        if beyond:
            remarks.append(
                f"머리줄보다 칸이 {len(beyond)}개 많아 뒤의 칸은 쓰지 않습니다. 내용의 쉼표를 따옴표로 묶었는지 보세요 "
                "/ more cells than the header has: is there a comma without quotes?"
            )

    def _id(self, cell: Cell, entry: Entry, line: int) -> str:
        written = cells.line(cell)
        if len(written) > ID_LIMIT:
            raise _Unusable(f"번호가 {ID_LIMIT}자를 넘습니다 / the id is longer than {ID_LIMIT} characters")
        if not written:
            return self._own_id(entry)
        number = written[:-2] if written.endswith(".0") and written[:-2].isdecimal() else written
        if (before := self._lines.get(number)) is not None:
            raise _Unusable(f"번호 {number}이(가) {before}행과 같습니다 / same id as line {before}")
        return number

    def _own_id(self, entry: Entry) -> str:
        """A number that is the same at the next import: of title and department, and of its turn where several rows
        share them."""
        content = content_of(entry)
        turn = 1
        while True:
            of = f"{entry.title}\n{entry.department}" + (f"\n{turn}" if turn > 1 else "")
            made = "t" + hashlib.blake2b(of.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
            if made not in self._lines:
                self._contents[made] = content
                return made
            if self._contents.get(made) == content:
                before = self._lines[made]
                raise _Unusable(f"{before}행과 내용이 같습니다(중복) / same content as line {before}")
            turn += 1


_RESIDENT: Final = "주민등록번호로 보이는 숫자가 있습니다. 지우고 올려 주세요 / looks like a resident number: remove it"


def content_of(entry: Entry) -> bytes:
    """The same for two entries that say the same."""
    said = msgspec.structs.replace(entry, id="", updated=None, version=0)
    return hashlib.blake2b(msgspec.msgpack.encode(said), digest_size=16).digest()


_Read = dict[str, Any]
_SPOKEN: Final[tuple[Field, ...]] = (
    *("title", "category", "department", "person", "deputy", "hours", "procedure", "body", "keywords", "excludes"),
    "message",
)
"""Fields that hold words, and may hold personal numbers among them."""
_LINES: Final[tuple[Field, ...]] = ("title", "department", "person", "deputy", "phone")
_TEXTS: Final[tuple[Field, ...]] = ("body", "message", "hours")
_WORDS: Final[tuple[Field, ...]] = ("keywords", "excludes")


def _fields(raw: dict[Field, Cell]) -> _Read:
    return _read(raw, cells.line, cells.text, cells.steps, cells.keywords)


def _exact_fields(raw: dict[Field, Cell]) -> _Read:
    return _read(raw, cells.exact_line, cells.exact, cells.exact_steps, cells.exact_keywords)


def _read(
    raw: dict[Field, Cell],
    line: Callable[[Cell], str],
    text: Callable[[Cell], str],
    steps: Callable[[Cell], tuple[str, ...]],
    words: Callable[[Cell], tuple[str, ...]],
) -> _Read:
    read: _Read = {"procedure": steps(raw.get("procedure", ""))}
    read |= {field: line(raw.get(field, "")) for field in _LINES}
    read |= {field: text(raw.get(field, "")) for field in _TEXTS}
    read |= {field: words(raw.get(field, "")) for field in _WORDS}
    return read


def _mask(read: _Read, remarks: list[str]) -> None:
    """Numbers of cards, licences and passports, as the store would mask them."""
    found = False
    for field in _SPOKEN:
        value = read[field]
        many = isinstance(value, tuple)
        masked = tuple(map(without_personal_number, value)) if many else without_personal_number(value)
        if masked != value:
            read[field], found = masked, True
    if found:
        remarks.append(
            "카드·면허·여권번호로 보이는 것을 가립니다 "
            "/ what looks like the number of a card, licence or passport is masked"
        )


def _check_size(field: Field, size: int) -> None:
    if size > CELL_LIMIT:
        raise _Unusable(
            f"'{_name(field)}' 칸이 너무 깁니다({size:,}자, 최대 {CELL_LIMIT:,}자). 그림이 있으면 빼고 나누어 주세요 "
            "/ the cell is too long: take pictures out, or split it"
        )


def _mend_title(read: _Read, remarks: list[str]) -> None:
    title: str = read["title"]
    if not title:
        first = next(
            (line for text in (read["body"], *read["procedure"], read["message"]) if (line := _first(text))), ""
        )
        if not first:
            raise _Unusable("제목도 내용도 비어 있습니다 / neither title nor content")
        read["title"] = first if len(first) <= _MADE_TITLE else _cut(first, _MADE_TITLE)
        remarks.append(
            "제목이 비어 있어 내용의 첫 줄을 제목으로 합니다 / no title: the first line of the text is taken"
        )
    elif len(title) > TITLE_LIMIT:
        read["title"] = _cut(title, TITLE_LIMIT)
        read["body"] = f"{title}\n\n{read['body']}".strip()
        remarks.append(
            f"제목이 {TITLE_LIMIT}자를 넘어 줄이고 전체는 내용 앞에 둡니다 / a long title: all of it stands in the text"
        )


def _first(text: str) -> str:
    """The first line that says something, without Markdown's marks."""
    return next((line for part in text.split("\n") if (line := part.replace("**", "").strip(" #*>|-"))), "")


def _cut(text: str, limit: int) -> str:
    """Shortened at a blank if there is one near the end, with '…'."""
    short = text[: limit - 1]
    blank = short.rfind(" ", limit // 2)
    return (short[:blank] if blank > 0 else short).rstrip() + "…"


def _category(cell: Cell, remarks: list[str]) -> str:
    levels = tuple(level[:_NAME_LIMIT].replace(">", " ").strip() for level in cells.levels(cell))
    once = tuple(dict.fromkeys(level for level in levels if level))
    if len(once) < len(levels):
        remarks.append(
            "분류 안에서 같은 이름이 되풀이되어 한 번만 씁니다 "
            "/ the category leads back to itself: each name is taken once"
        )
    if len(once) > _LEVELS_LIMIT:
        remarks.append(f"분류가 {_LEVELS_LIMIT}단계를 넘어 자릅니다 / the category is too deep: cut")
    return ">".join(once[:_LEVELS_LIMIT])


def _links(cell: Cell, remarks: list[str]) -> Any:
    found, others = cells.links(cell)
    if others:
        remarks.append(f"'{others[:40]}'은(는) http 주소가 아니어서 링크에서 뺍니다 / not an address: left out")
    return found


def _day(field: Field, cell: Cell, remarks: list[str]) -> date | None:
    found = cells.day(cell)
    if found is None and not cells.is_empty(cell):
        written = cells.line(cell)[:20]
        remarks.append(f"{_name(field)} '{written}'은(는) 날짜가 아니어서 비웁니다 / no date: left empty")
    return found


def _name(field: Field) -> str:
    return NAMES[field][0]
