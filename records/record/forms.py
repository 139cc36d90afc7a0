"""What a person sends of a record becomes what is kept; what is promised becomes a follow-up. Pure but for new ids."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from core.errors import BadInput
from core.record_forms import KeepRecord, NewFollowUp
from core.store.contacts import ContactRecord, FollowUp, Wording

_SATURDAY: Final = 5


def wording_of(what: KeepRecord, record: ContactRecord, results: Collection[str]) -> Wording:
    """``BadInput``: 'no_result' for a code that the site does not use, 'no_reason' for a change that tells none."""
    if what.result and what.result not in results and what.result != record.written.result:
        raise BadInput("그런 처리 결과가 없습니다 / there is no such result", code="no_result")
    if record.state == "confirmed" and not what.reason.strip():
        raise BadInput("고치는 까닭을 쓰세요 / say why it is changed", code="no_reason")
    names = Wording.__struct_fields__
    return Wording(**{name: getattr(what, name).strip() for name in names})


def follow_ups_of(
    wanted: Iterable[NewFollowUp], record: ContactRecord, *, by: str, at: datetime, known: Collection[str]
) -> tuple[FollowUp, ...]:
    """``known``: who may own one; ``BadInput`` ('no_owner') for others."""
    found = []
    for one in wanted:
        if one.owner not in known:
            raise BadInput("맡을 사람이 없습니다 / there is no such person", code="no_owner")
        found.append(
            FollowUp(
                follow_up_id=f"follow-{secrets.token_urlsafe(9)}",
                contact_id=record.contact_id,
                person=record.person,
                text=one.text.strip(),
                owner=one.owner,
                due=one.due,
                by=by,
                at=at,
            )
        )
    return tuple(found)


def promised(record: ContactRecord, *, owner: str, today: date, days: int) -> NewFollowUp | None:
    """What she has promised, as a follow-up of hers: until the day that was said, else within some working days."""
    if not record.promises or record.version:
        return None
    said = [value.value for value in record.values if value.kind == "date"]
    due = next((day for day in map(_day, reversed(said)) if day is not None and day > today), None)
    return NewFollowUp(text=" ".join(record.promises)[:500], owner=owner, due=due or working_day(today, days))


def working_day(first: date, days: int) -> date:
    """So many working days later; Saturdays and Sundays do not count."""
    day = first
    while days > 0 or day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
