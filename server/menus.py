"""Menu files on the command line: ``minwon ars check`` and ``minwon ars show``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console

from ars.menu_files import menu_file, picture, shelf
from ars.menu_files.finding import Finding, line_of
from ars.menu_files.lint import Around
from ars.menu_files.lint.rule import levels
from ars.menu_files.lint.words import complete_languages
from ars.menu_files.menu_file import Loaded
from ars.menu_files.outline import own_screens
from ars.model import LANGUAGES, Language
from core.errors import BadInput, EnvironmentFault

UNCUT: Final = 240
"""Columns where no terminal says how wide it is."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say about a menu file."""

    file: str
    version: str
    usable: bool
    """Callers may be led by it: there is no error."""
    errors: int
    warnings: int
    screens: int = 0
    """Screens of its own."""
    levels: int = 0
    """Keys to the farthest one."""
    languages: tuple[Language, ...] = ()
    """Those in which every word of the file is there."""
    findings: tuple[Finding, ...] = ()


def check(name: str, prompts: Path | None = None) -> Report:
    """Examine a file, or a menu that comes with minwon."""
    if prompts is not None and not prompts.is_dir():
        raise BadInput(f"{prompts} is not a folder: give the one with the recordings (--prompts)")
    file = menu_file.find(name)
    around = Around(icons=shelf.icons(), recordings=shelf.recordings(prompts), today=dt.date.today())
    loaded = menu_file.load(file, around)
    return _report(name, loaded)


def in_words(report: Report) -> str:
    """One line a finding, as compilers write them, and a summary."""
    lines = [line_of(report.file, finding) for finding in report.findings]
    found = f"{_several(report.errors, 'error')}, {_several(report.warnings, 'warning')}"
    if not report.screens:
        return "\n".join([*lines, f"{report.file}: {found}"])
    complete = ", ".join(report.languages) or "no language"
    size = f"{_several(report.screens, 'screen')}, {_several(report.levels, 'level')}, complete in {complete}"
    return "\n".join([*lines, f"{report.file}: {found}; {size}; version {report.version}"])


def show(name: str, language: str, svg: str) -> None:
    """Print a menu as a tree, or write it as SVG: to a file, to stdout for '-'.

    A menu with mistakes is drawn as far as it has a shape; they are told on stderr.
    """
    if language not in LANGUAGES:
        raise BadInput(f"'{language}' is no language of menus: {', '.join(LANGUAGES)}")
    loaded = menu_file.load(menu_file.find(name))
    menu = loaded.menu or menu_file.menu_of(loaded, name)
    if loaded.errors:
        print(f"minwon: {_several(len(loaded.errors), 'error')} in {name}: minwon ars check {name}", file=sys.stderr)
    if not svg:
        Console(width=None if sys.stdout.isatty() else UNCUT).print(picture.tree(menu, language))
    elif svg == "-":
        sys.stdout.write(picture.svg(menu, language))
    else:
        _write(Path(svg), picture.svg(menu, language))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as fault:
        raise EnvironmentFault(f"cannot write {file} ({fault.strerror})") from fault
    print(f"{file} written")


def _report(name: str, loaded: Loaded) -> Report:
    report = Report(
        file=name,
        version=loaded.version,
        usable=loaded.usable,
        errors=len(loaded.errors),
        warnings=len(loaded.findings) - len(loaded.errors),
        findings=loaded.findings,
    )
    menu = loaded.menu
    if menu is None:
        return report
    return msgspec.structs.replace(
        report,
        screens=len(own_screens(menu)),
        levels=max(levels(menu).values(), default=0),
        languages=complete_languages(menu),
    )


def _several(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
