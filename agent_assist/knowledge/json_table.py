"""JSON -> rows: a list of objects, or ``{"entries": [...]}``, as our own exports and those of others have it. Pure.

Lists stay lists (steps, keywords, levels of a category), a link may be an object with ``title`` and ``url``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from agent_assist.knowledge.cells import Cell
from agent_assist.knowledge.decoding import decode
from agent_assist.knowledge.table import ROWS_LIMIT, Kind, Row, repeated, too_many_rows
from core.errors import BadInput

FORMAT: Final = "minwon-kb/1"
"""What our own exports say of themselves under 'format': their texts are Markdown and are taken as they are."""
_FORM: Final = "form"
_LISTS: Final = ("entries", "items", "data", "rows")
"""Under which of its names an object holds the list."""
_COLUMNS_LIMIT: Final = 200
_LINK: Final = frozenset({"title", "url"})


def looks_like_json(name: str, data: bytes) -> bool:
    """By its name, or because it is JSON of the right form whatever its name."""
    if name.lower().endswith(".json"):
        return True
    if not data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"[", b"{")):
        return False
    try:
        return isinstance(_listed(msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")))[0], list)
    except (msgspec.DecodeError, RecursionError, BadInput):
        return False


class JsonTable:
    """See ``agent_assist.knowledge.tables.Table``."""

    kind: Kind = "json"
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, name: str, data: bytes) -> None:
        text, self.encoding, _ = decode(data)
        try:
            found = msgspec.json.decode(text.lstrip("\ufeff"))
        except msgspec.DecodeError as fault:
            raise BadInput(
                f"JSON으로 읽을 수 없습니다. 파일이 잘리지 않았는지 보세요. / Not valid JSON: {fault}."
            ) from fault
        except RecursionError as fault:
            raise BadInput("JSON이 너무 깊이 겹쳐 있습니다. / The JSON is nested too deeply.") from fault
        self._objects, ours = _listed(found)
        if len(self._objects) > ROWS_LIMIT:
            raise too_many_rows()
        names = dict.fromkeys(name for each in self._objects if isinstance(each, dict) for name in each)
        if len(names) > _COLUMNS_LIMIT:
            raise BadInput(
                f"항목의 이름이 {_COLUMNS_LIMIT}가지를 넘습니다. 객체마다 같은 이름을 써 주세요. "
                "/ Too many different names: give every object the same ones."
            )
        if ours:
            names.setdefault(_FORM)
        self._ours = ours
        self._names = tuple(names)
        self.header: tuple[str, ...] = self._names
        self.remarks = repeated(self.header)

    def rows(self) -> Iterator[Row]:
        """One for every object with something in it."""
        for number, each in enumerate(self._objects, 1):
            if not isinstance(each, dict):
                yield Row(line=number, cells=(), remarks=("객체가 아닙니다 / not an object",))
                continue
            given = {_FORM: "markdown", **each} if self._ours else each
            row = Row(line=number, cells=tuple(_cell(given.get(name)) for name in self._names))
            if any(row.cells):
                yield row

    def count(self) -> int:
        """By going through them."""
        return sum(1 for _ in self.rows())


def _listed(found: Any) -> tuple[list[Any], bool]:
    """The objects, and whether they are of our own export."""
    if isinstance(found, list):
        return found, False
    if isinstance(found, dict):
        for name in _LISTS:
            if isinstance(listed := found.get(name), list):
                return listed, found.get("format") == FORMAT
    raise BadInput(
        'JSON이 표가 아닙니다. [{"title": "...", "body": "..."}] 또는 {"entries": [...]} 모양이어야 합니다. '
        "/ The JSON must be a list of objects, or an object with such a list under 'entries'."
    )


def _cell(value: Any) -> Cell:
    match value:
        case None:
            return ""
        case list():
            return tuple(_text(each) for each in value)
        case _:
            return _text(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case dict() if set(value) == _LINK:
            return f"{_text(value['title'])} <{_text(value['url'])}>"
        case _:
            return msgspec.json.encode(value).decode()
