"""To whom a report may be sent: mail addresses of the city's own domains. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from core.faulty import Fault, Faulty

MOST: Final = 20
"""Addresses of one schedule."""
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
"""As browsers check one (HTML Standard, 'valid e-mail address'), and no line break in it."""


def checked(addresses: Sequence[str], domains: Sequence[str]) -> tuple[str, ...]:
    """Each once, trimmed. ``Faulty`` names those that cannot be used."""
    clean = tuple(dict.fromkeys(each.strip() for each in addresses if each.strip()))
    faults = [
        Fault(field="to", code="address", message=message)
        for each in clean
        if (message := _wrong(each, {d.lower() for d in domains}))
    ]
    if not clean:
        faults.append(Fault(field="to", code="nobody", message="받을 사람을 적으세요 / name at least one recipient"))
    if len(clean) > MOST:
        faults.append(Fault(field="to", code="many", message=f"{MOST}명까지입니다 / {MOST} recipients at most"))
    if faults:
        raise Faulty(faults)
    return clean


def _wrong(address: str, domains: set[str]) -> str:
    if not _ADDRESS.fullmatch(address):
        return f"'{address}'은(는) 메일 주소가 아닙니다 / that is no mail address"
    if address.rpartition("@")[2].lower() not in domains:
        named = ", ".join(sorted(domains)) or "–"
        return f"'{address}': 설정된 도메인({named})으로만 보냅니다 / only to these domains"
    return ""
