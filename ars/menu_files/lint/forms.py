"""Forms: fields that can be filled in, by finger and by key, and a way on afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ars.menu_files.finding import Path
from ars.menu_files.lint.rule import Flaw, Look, doings, error, warning
from ars.model import KEYED, BookCallback, Field, Finish, JoinPage, Screen, Transfer

MOST_OPTIONS: Final = 9
"""Keys 1 to 9."""
MANY_DIGITS: Final = 20


def fields(look: Look) -> Iterator[Flaw]:
    """Each field by itself."""
    for id, screen in look.screens():
        seen: set[str] = set()
        for place, field in enumerate(screen.fields):
            path: Path = ("screens", id, "fields", place)
            if field.id in seen:
                yield error("duplicate-field", (*path, "id"), f"is '{field.id}', as an earlier field of this form")
            seen.add(field.id)
            yield from _options(path, field)
            yield from _limits(path, field)


def _options(path: Path, field: Field) -> Iterator[Flaw]:
    options = field.options
    if field.kind != "choice":
        if options:
            yield error("options-unused", (*path, "options"), f"are for kind 'choice'; this field is '{field.kind}'")
        return
    if not options:
        yield error("no-options", path, "is a choice without options")
    if len(options) > MOST_OPTIONS:
        says = f"are {len(options)}; the keys 1 to 9 allow {MOST_OPTIONS}"
        yield error("too-many-options", (*path, "options"), says)
    values = [option.value for option in options]
    for place, value in enumerate(values):
        if value in values[:place]:
            yield error("duplicate-option", (*path, "options", place, "value"), f"is '{value}', as an earlier option")


def _limits(path: Path, field: Field) -> Iterator[Flaw]:
    if field.kind == "photo" and field.required:
        says = "must not be required: nobody can send a photograph by key or from a landline"
        yield error("required-photo", path, says)
    if field.secret and field.kind not in KEYED:
        says = f"is secret and of kind '{field.kind}', which can't be keyed: use digits, or no secret"
        yield error("secret-not-keyed", path, says)
    if field.own_number and field.kind != "phone":
        yield error("own-number", (*path, "own_number"), f"is for kind 'phone'; this field is '{field.kind}'")
    if field.shortest > field.longest:
        says = f"is {field.shortest}, more than longest, {field.longest}"
        yield error("shortest", (*path, "shortest"), says)
    if field.kind == "digits" and field.longest > MANY_DIGITS:
        says = "does not say how many digits are wanted (longest): callers must wait after the last one"
        yield warning("open-digits", path, says)


def forms(look: Look) -> Iterator[Flaw]:
    """A form is a form alone, and goes on when it is sent."""
    for id, screen in look.screens():
        path: Path = ("screens", id)
        if screen.fields:
            if screen.choices:
                yield error("choices-on-form", (*path, "choices"), "stand on a form; keys would mean two things")
            if not screen.then and not any(_moves_on(do) for do in screen.on_submit):
                yield error("missing-then", path, "is a form without 'then', the screen that follows")
            continue
        for name in ("then", "submit", "on_submit", "minutes"):
            if getattr(screen, name):
                yield error("no-form", (*path, name), "is for forms, and there are no fields here")


def _moves_on(do: object) -> bool:
    return isinstance(do, Transfer | BookCallback | JoinPage | Finish)


def needed_fields(look: Look) -> Iterator[Flaw]:
    """Effects that need what a form asks."""
    for id, screen in look.screens():
        for path, do, when in doings(id, screen):
            if isinstance(do, JoinPage) and (when != "submit" or not _has(screen, "code", "digits")):
                says = "needs to be sent by a form with a field 'code' of kind 'digits'"
                yield error("join-without-code", path, says)
            if isinstance(do, BookCallback) and when == "submit" and not _has(screen, "number", "phone"):
                says = "needs a field 'number' of kind 'phone' in this form"
                yield error("callback-without-number", path, says)


def _has(screen: Screen, id: str, kind: str) -> bool:
    return any(field.id == id and field.kind == kind for field in screen.fields)


RULES: Final = (fields, forms, needed_fields)
