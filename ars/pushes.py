"""Screens that are in no menu: what an agent puts into the caller's hand. Pure."""

from __future__ import annotations

import re

from ars.model import Contact, Menu, Screen
from ars.state import Stop
from core.store.entry import Entry


def card(entry: Entry) -> Stop:
    """An entry of the consultation database: its steps and its text, with the department's telephone."""
    steps = "\n\n".join(f"{number}. {step}" for number, step in enumerate(entry.procedure, 1))
    text = "\n\n".join(part for part in (steps, entry.body) if part)
    screen = Screen(title={"ko": entry.title}, text={"ko": text} if text else {})
    return Stop(id=f"@card-{entry.id}", pushed=screen, contact=_contact(entry))


def department(entry: Entry) -> Stop:
    """The entry's department alone: to call, to save."""
    screen = Screen(title={"ko": entry.department or entry.title}, text={"ko": entry.title})
    return Stop(id=f"@contact-{entry.id}", pushed=screen, contact=_contact(entry))


def place(menu: Menu, place_id: str) -> Stop:
    """A place of the menu with its map."""
    return Stop(id=f"@place-{place_id}", pushed=Screen(title=menu.places[place_id].name, place=place_id))


def _contact(entry: Entry) -> Contact | None:
    if not re.fullmatch(r"[0-9][0-9-]{2,14}", entry.phone):
        return None
    return Contact(name={"ko": entry.department or entry.title}, phone=entry.phone)
