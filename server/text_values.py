"""What the fields of a template are in one contact (``channels.fields``). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from agent_assist.desk_text import link_of, map_of, person_of
from core.events import CallStarted, ContactOpened, Event, FormSent
from core.store.entry import Entry

_NAMES: Final = ("이름", "성명", "성함", "신청인", "신고인")
"""Labels of forms in which callers write who they are."""


def values_of(
    entry: Entry | None,
    events: Iterable[Event],
    *,
    agent: str,
    centre: str,
    today: date,
    text: str = "",
    receipt: str = "",
) -> dict[str, str]:
    """Every field that is known. ``agent``: her name, '' after a rule. ``text``: the entry's text version.
    ``receipt``: the contact's number as it is shown."""
    known = {
        "민원인": citizen(events),
        "상담사": agent,
        "센터": centre,
        "접수번호": receipt,
        "날짜": f"{today.month}월 {today.day}일",
    }
    if entry is not None:
        known |= {
            "부서": entry.department,
            "담당자": person_of(entry),
            "전화": entry.phone,
            "링크": link_of(entry),
            "지도": map_of(entry),
            "업무": entry.title,
            "내용": text,
        }
    return {name: value for name, value in known.items() if value}


def citizen(events: Iterable[Event]) -> str:
    """The person's name: as she wrote it into a form, else as the exchange tells it; '' = unknown."""
    shown, written = "", ""
    for event in events:
        match event:
            case CallStarted(caller=party) | ContactOpened(party=party):
                shown = "" if party.anonymous else party.name
            case FormSent():
                named = [value.value for value in event.values if value.label.strip() in _NAMES and value.value]
                written = named[-1] if named else written
    return written or shown
