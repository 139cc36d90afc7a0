"""A menu file, read: TOML in, :class:`Menu` and findings out.

loaded = load(Path("menu.toml"))
loaded.menu       # None when the file is no menu at all
loaded.findings   # what is wrong with it, in the order of the file
loaded.usable     # a menu without an error

Whatever the file holds, half of a file or a picture, is answered with findings; nothing is raised.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ars.menu_files import lint, toml_lines
from ars.menu_files.finding import Finding, in_words
from ars.menu_files.shape import complaints
from ars.model import Menu, Screen, Table
from core.errors import BadInput

LARGEST: Final = 16 << 20
"""Bytes; far beyond any menu that a person can hear to its end."""
VERSION_DIGITS: Final = 12

_AT_LINE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What a file turned out to be."""

    menu: Menu | None
    """With our own screens and its version; None when the file does not have the shape of a menu."""
    findings: tuple[Finding, ...] = ()
    """By line."""
    version: str = ""
    """First digits of the SHA-256 of what was read; '' when nothing could be read."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep it from being used."""
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def usable(self) -> bool:
        """Whether callers may be led by it."""
        return self.menu is not None and not self.errors


class _Ours(Table, frozen=True, kw_only=True):
    """``builtin.toml``."""

    screens: dict[str, Screen]


@functools.cache
def builtin() -> dict[str, Screen]:
    """The screens that every menu has, by id. Not to be changed."""
    source = resources.files("ars").joinpath("builtin.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(source), _Ours).screens


def shipped(name: str) -> Path | None:
    """The file of a menu that comes with minwon ('hanbit'); None when there is none of that name."""
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        return None
    path = Path(str(resources.files("ars"))) / "menus" / f"{name}.toml"
    return path if path.is_file() else None


def find(name: str) -> Path:
    """The file that is meant: a menu that comes with minwon, else the path itself."""
    return shipped(name) or Path(name)


def load(path: Path, around: lint.Around = lint.NOTHING) -> Loaded:
    """Read and check a file. ``around``: what else is known that the file refers to, such as recordings."""
    data, fault = contents(path)
    return read(data, around) if fault is None else Loaded(menu=None, findings=(fault,))


def contents(path: Path) -> tuple[bytes, Finding | None]:
    """What is in a file, or why that can't be told."""
    if path.suffix.lower() in (".yaml", ".yml"):
        says = f"{path.name} is YAML; minwon reads menus in TOML: docs/menu-file.md shows how, with an example"
        return b"", Finding(0, "error", "yaml", says)
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1), None
    except OSError as fault:
        return b"", Finding(0, "error", "unreadable", f"{path} can't be read ({fault.strerror})")


def read(data: bytes, around: lint.Around = lint.NOTHING) -> Loaded:
    """The same with the file's content. Pure."""
    version = version_of(data)
    text, finding = _decoded(data)
    if finding is not None:
        return Loaded(menu=None, findings=(finding,), version=version)
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        return _failed(0, "syntax", "tables and lists are nested too deeply", version)
    except ValueError as wrong:  # TOMLDecodeError, and numbers that Python refuses for their length
        return _failed(*_syntax(wrong, text), version)
    return _converted(tree, text, version, around)


def version_of(data: bytes) -> str:
    """The version of a file with this content."""
    return hashlib.sha256(data).hexdigest()[:VERSION_DIGITS]


def menu_of(loaded: Loaded, name: str) -> Menu:
    """The menu, or ``BadInput`` with the first error; ``name`` is the file's, for the message."""
    if loaded.menu is not None and loaded.usable:
        return loaded.menu
    first = loaded.errors[0]
    place = f"{name}:{first.line}" if first.line else name
    raise BadInput(f"{place}: {first.message} (minwon ars check {name} tells everything)")


def _converted(tree: dict[str, Any], text: str, version: str, around: lint.Around) -> Loaded:
    try:
        own = msgspec.convert(tree, Menu)
    except (msgspec.ValidationError, RecursionError):
        lines = toml_lines.scan(text)
        findings = [
            Finding(lines.of(path), "error", code, message, in_words(path))
            for path, code, message in complaints(tree, Menu)
        ]
        return Loaded(menu=None, findings=_sorted(findings), version=version)
    menu = replace(own, screens={**builtin(), **own.screens}, version=version)
    lines = toml_lines.scan(text)
    findings = lint.lint(menu, lines.of, around, own=own.screens)
    if own.version:
        says = "version is filled in by minwon from the file's content; delete this line"
        findings.append(Finding(lines.of(("version",)), "error", "unknown-key", says, "version"))
    return Loaded(menu=menu, findings=_sorted(findings), version=version)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _failed(line: int, code: str, message: str, version: str = "") -> Loaded:
    return Loaded(menu=None, findings=(Finding(line, "error", code, message),), version=version)


def _decoded(data: bytes) -> tuple[str, Finding | None]:
    """The text with single line ends, or why there is none."""
    if len(data) > LARGEST:
        return "", Finding(0, "error", "too-large", f"the file is larger than {LARGEST >> 20} MiB; no menu is")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Finding(1, "error", "encoding", "the file is UTF-16; save it as UTF-8")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n"), None
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        return "", Finding(line, "error", "encoding", f"the file is not UTF-8{_guess(data)}; save it as UTF-8")


def _guess(data: bytes) -> str:
    try:
        data.decode("cp949")
    except UnicodeDecodeError:
        return ""
    return " but, as it seems, CP949 (EUC-KR)"


def _syntax(wrong: ValueError, text: str) -> tuple[int, str, str]:
    message = str(wrong)
    place = _AT_LINE.search(message)
    last = text.count("\n") + (not text.endswith("\n"))
    line = 0 if place is None else int(place[1] or last)
    reason = _AT_LINE.sub("", message).rstrip(".")
    return line, "syntax", f"not TOML: {reason[:1].lower()}{reason[1:]}"
