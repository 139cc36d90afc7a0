"""On which line of a TOML file something is written: what ``tomllib`` reads but does not tell. Pure.

The scanner checks nothing; ``tomllib`` has done that. What it does not understand it leaves out and goes on with the
next line, and it never raises, whatever the text. Grammar: TOML 1.0.0, https://toml.io/en/v1.0.0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import msgspec

from ars.menu_files.finding import Path

DEEPEST: Final = 50
"""Lists and tables within each other; further in everything is on the line where it begins."""

_SPACE: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BLANK: Final = re.compile(r"[ \t]*")
_KEY: Final = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\\n]++|\\.)*+)"|'([^'\n]*+)')[ \t]*""")
_STRING: Final = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'''
    r"""|'''(?:[^']++|'(?!''))*+'{3,5}"""
    r'''|"(?:[^"\\\n]++|\\.)*+"'''
    r"""|'[^'\n]*+'""",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]+")
_END_OF_LINE: Final = re.compile(r"[^\n]*\n?")


class Lines(msgspec.Struct, frozen=True):
    """Where everything is written."""

    known: Mapping[Path, int]
    """Line (from 1) of each key, list entry and table; of a table that has a header, the header's."""

    def of(self, path: Path) -> int:
        """The line of this, or of the nearest thing around it that is written down; 0 = the file as a whole."""
        for length in range(len(path), 0, -1):
            line = self.known.get(path[:length])
            if line is not None:
                return line
        return 0


def scan(text: str) -> Lines:
    """Where everything in a TOML text is written."""
    scanner = _Scanner(text)
    scanner.run()
    return Lines(scanner.known)


class _Lost(Exception):
    """Not TOML from here on; the next line may be."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.known: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._table: Path = ()
        self._lengths: dict[Path, int] = {}

    def run(self) -> None:
        while True:
            self._skip(_SPACE)
            start = self._at
            if start >= len(self._text):
                return
            with suppress(_Lost):
                self._statement()
            # What is left of the line can only be a comment, or nothing that we understand.
            self._skip(_END_OF_LINE)
            if self._at == start:  # pragma: no cover - every line has a character
                return

    def _statement(self) -> None:
        line = self._now()
        if self._text.startswith("[[", self._at):
            self._at += 2
            self._table = self._entry(self._key(), line)
        elif self._text.startswith("[", self._at):
            self._at += 1
            self._table = self._header(self._key())
            self.known[self._table] = line
        else:
            self._pair(self._table, 0)

    def _header(self, keys: Path) -> Path:
        """The full path of a header: within lists of tables the last one is meant."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            self.known.setdefault(path, self._now())
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _entry(self, keys: Path, line: int) -> Path:
        path = (*self._header(keys[:-1]), keys[-1])
        place = self._lengths.get(path, 0)
        self._lengths[path] = place + 1
        self.known.setdefault(path, line)
        self.known[(*path, place)] = line
        return (*path, place)

    def _pair(self, table: Path, depth: int) -> None:
        line = self._now()
        path = table
        for key in self._key():
            path = (*path, key)
            self.known.setdefault(path, line)
        self._expect("=")
        self._skip(_BLANK)
        self._value(path, depth)

    def _value(self, path: Path, depth: int) -> None:
        first = self._peek()
        if first in ("[", "{") and depth >= DEEPEST:
            raise _Lost
        if first in ('"', "'"):
            self._take(_STRING)
        elif first == "[":
            self._list(path, depth + 1)
        elif first == "{":
            self._inline(path, depth + 1)
        else:
            self._take(_PLAIN)

    def _list(self, path: Path, depth: int) -> None:
        self._at += 1
        place = 0
        while True:
            self._skip(_SPACE)
            if self._peek() == "]":
                self._at += 1
                return
            entry = (*path, place)
            self.known[entry] = self._now()
            self._value(entry, depth)
            place += 1
            self._skip(_SPACE)
            if self._peek() == ",":
                self._at += 1
            elif self._peek() != "]":
                raise _Lost

    def _inline(self, path: Path, depth: int) -> None:
        self._at += 1
        while True:
            self._skip(_SPACE)
            if self._peek() == "}":
                self._at += 1
                return
            self._pair(path, depth)
            self._skip(_SPACE)
            if self._peek() == ",":
                self._at += 1
            elif self._peek() != "}":
                raise _Lost

    def _key(self) -> tuple[str, ...]:
        parts = [self._part()]
        while self._peek() == ".":
            self._at += 1
            parts.append(self._part())
        return tuple(parts)

    def _part(self) -> str:
        found = _KEY.match(self._text, self._at)
        if found is None:
            raise _Lost
        self._at = found.end()
        bare, quoted, literal = found.groups()
        if quoted is not None and "\\" in quoted:
            return _unescaped(quoted)
        return bare or quoted or literal or ""

    def _now(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expect(self, letter: str) -> None:
        if self._peek() != letter:
            raise _Lost
        self._at += 1

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self._text, self._at)
        if found is not None:
            self._at = found.end()

    def _take(self, what: re.Pattern[str]) -> None:
        found = what.match(self._text, self._at)
        if found is None:
            raise _Lost
        self._at = found.end()


def _unescaped(quoted: str) -> str:
    try:
        value = tomllib.loads(f'key = "{quoted}"')["key"]
    except ValueError as wrong:
        raise _Lost from wrong
    return str(value)
