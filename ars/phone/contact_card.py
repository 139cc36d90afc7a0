"""A contact as a vCard, for the tap that saves a department's number. Pure.

Version 3.0 (RFC 2426) is what every phone's address book reads; 4.0 (RFC 6350) is there for those that ask for it.
Lines are folded at 75 octets, never inside of a character (RFC 6350 section 3.2), and end with CR LF.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from ars.model import Contact, Language, said

CONTENT_TYPE: Final = "text/vcard"
_LINE_OCTETS: Final = 75
_DIALLED: Final = re.compile(r"[^0-9+]")


def vcard(
    contact: Contact,
    language: Language,
    *,
    organisation: str = "",
    address: str = "",
    version: Literal["3.0", "4.0"] = "3.0",
) -> str:
    """The card's text. ``organisation`` is the menu's title, ``address`` the contact's place in words."""
    name = said(contact.name, language)
    number = _DIALLED.sub("", contact.phone)
    hours = said(contact.hours, language)
    lines = [
        "BEGIN:VCARD",
        f"VERSION:{version}",
        f"FN:{_escaped(name)}",
        # 3.0 wants N; a department has no family name, so the whole name stands in its first place.
        f"N:{_escaped(name)};;;;",
        f"ORG:{_escaped(organisation)}" if organisation else "",
        "KIND:org" if version == "4.0" else "",
        f"TEL;TYPE=work,voice:{number}" if version == "3.0" else f'TEL;VALUE=uri;TYPE="work,voice":tel:{number}',
        f"ADR;TYPE=work:;;{_escaped(address)};;;;" if address else "",
        f"NOTE:{_escaped(hours)}" if hours else "",
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines if line)


def file_name(contact_id: str) -> str:
    """A name for the download that needs no quoting anywhere (RFC 6266): 'tax-office.vcf'."""
    plain = unicodedata.normalize("NFKD", contact_id).encode("ascii", "ignore").decode()
    return (re.sub(r"[^A-Za-z0-9_-]+", "-", plain)[:64].strip("-_") or "contact") + ".vcf"


def _escaped(text: str) -> str:
    """A value: backslash, comma, semicolon and line break escaped (RFC 6350 section 3.4), other controls dropped."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    text = text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs"))


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets; each further piece begins with a space, which counts."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LINE_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += octets
    return "\r\n".join([*pieces, piece])
