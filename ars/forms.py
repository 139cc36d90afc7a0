"""What a form's field accepts, from the page and from a telephone's keys. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

from ars.model import KEYED, Field, Screen

_NUMBER: Final = re.compile(r"0\d{7,10}")
_PHONE_DIGITS: Final = 11
_DATE_DIGITS: Final = 4
LONGEST: Final = 2000
"""Characters of the longest value that is looked at; the page's transport refuses larger forms before."""

OWN: Final = "1"
"""The key that means 'the number I call from'; no telephone number begins with it."""

Checked = tuple[str, str]
"""The value as it is kept, and '' or the key of the reason why it is not accepted."""


def check_all(
    screen: Screen, values: Mapping[str, str], today: dt.date, *, own: bool = False
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """All fields of a form: (values, errors) by field, in the form's order. Values of unknown fields are left out.

    ``own``: the caller's own number is known, so a field for it may stay empty.
    """
    kept: list[tuple[str, str]] = []
    errors: list[tuple[str, str]] = []
    for field in screen.fields:
        value, error = check(field, values.get(field.id, ""), today, own=own)
        kept.append((field.id, value))
        if error:
            errors.append((field.id, error))
    return tuple(kept), tuple(errors)


def check(field: Field, raw: str, today: dt.date, *, own: bool = False) -> Checked:
    """One field's value as a person typed it."""
    value = _tidy(field, raw[: LONGEST + 1])
    if not value:
        return value, "required" if field.required and not (own and field.own_number) else ""
    match field.kind:
        case "digits":
            known = value.isascii() and value.isdigit()
            return value, "" if known and field.shortest <= len(value) <= field.longest else "digits"
        case "phone":
            return value, "" if _NUMBER.fullmatch(value) else "phone"
        case "date":
            return value, "" if _is_date(value, today) else "date"
        case "choice":
            return value, "" if value in {option.value for option in field.options} else "choice"
        case "yes_no":
            return value, "" if value in ("yes", "no") else "choice"
        case "consent":
            return value, "" if value == "yes" or (value == "no" and not field.required) else "consent"
        case "photo":
            return value, ""  # the id of a picture that was sent before; whether it is there is the visit's to know
        case _:
            if len(value) > field.longest:
                return value, "too_long"
            return value, "" if len(value) >= field.shortest else "too_short"


def is_whole(field: Field, keyed: str) -> bool:
    """Whether no further key can belong to it."""
    match field.kind:
        case "digits":
            return len(keyed) >= field.longest
        case "phone":
            return len(keyed) >= _PHONE_DIGITS or (field.own_number and keyed == OWN)
        case "date":
            return len(keyed) >= _DATE_DIGITS
        case _:
            return True


def may_be_silent(field: Field) -> bool:
    """Whether no key at all is an answer: the field stays empty. To a question for consent silence is none."""
    return not field.required and field.kind != "consent"


def from_keys(field: Field, keyed: str, today: dt.date, *, own: bool = False) -> Checked:
    """A field's value as telephone keys give it."""
    if field.own_number and keyed == OWN:
        return check(field, "", today, own=own)
    match field.kind:
        case "choice":
            place = int(keyed) if keyed.isdecimal() else 0
            known = 1 <= place <= len(field.options)
            return (field.options[place - 1].value, "") if known else ("", "choice")
        case "yes_no" | "consent":
            return check(field, {"1": "yes", "2": "no"}.get(keyed, "?"), today)
        case "date":
            return check(field, _date_of(keyed, today), today)
        case _:
            return check(field, keyed, today)


def _tidy(field: Field, raw: str) -> str:
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    blanks = (" " if letter.isspace() and letter != "\n" else letter for letter in lines)
    value = "".join(letter for letter in blanks if letter.isprintable() or letter == "\n").strip()
    if field.kind != "long":
        value = " ".join(value.split())
    if field.kind in ("digits", "phone"):
        value = re.sub(r"[\s.-]", "", value)
        return re.sub(r"^\+820?", "0", value) if field.kind == "phone" else value
    return value


def _is_date(value: str, today: dt.date) -> bool:
    """A day from yesterday (midnight passes while one writes) to a year from now."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return False
    return value == day.isoformat() and -1 <= (day - today).days <= 366


def _date_of(keyed: str, today: dt.date) -> str:
    """'1126' as the next such day."""
    if len(keyed) != _DATE_DIGITS or not keyed.isdecimal():
        return "?"
    for year in (today.year, today.year + 1):
        try:
            day = dt.date(year, int(keyed[:2]), int(keyed[2:]))
        except ValueError:
            continue
        if (day - today).days >= 0:
            return day.isoformat()
    return "?"


def first_keyed(screen: Screen) -> int:
    """The first field for keys; -1 when the form needs something that no key can give, or there is none."""
    if any(field.required and field.kind not in KEYED for field in screen.fields):
        return -1
    return keyed_after(screen, -1)


def keyed_after(screen: Screen, place: int) -> int:
    """The next field for keys behind that place, -1 = none."""
    fields = screen.fields
    return next((i for i in range(place + 1, len(fields)) if fields[i].kind in KEYED), -1)


def keyed_before(screen: Screen, place: int) -> int:
    """The last field for keys before that place, -1 = none."""
    return next((i for i in range(place - 1, -1, -1) if screen.fields[i].kind in KEYED), -1)
