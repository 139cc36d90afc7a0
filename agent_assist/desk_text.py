"""An entry of the consultation database as a text message. Pure."""

from __future__ import annotations

import re

from core.store.entry import Entry


def text_of(entry: Entry) -> str:
    """The entry's own text-message version, else its title and steps; department and telephone stand below unless the
    text names them already."""
    text = entry.message.strip() or "\n".join((entry.title, *(f"- {step}" for step in entry.procedure)))
    digits = re.sub(r"\D", "", entry.phone)
    if digits and digits in re.sub(r"\D", "", text):
        return text
    contact = " ".join(part for part in (entry.department, entry.phone) if part and part not in text)
    return f"{text}\n{contact}" if contact else text
