"""The simulated city: same seed, same contacts; lines as real ones are; a topic rises; people come back."""

from __future__ import annotations

from collections import Counter
from datetime import date

from core.events import CallEnded, CallStarted, ContactClosed, ContactOpened, RecordKept, from_json, to_json
from server.bench.simulated_contacts import SimulatedCity, SimulatedContact
from server.knowledge import sample_entries

MONDAY = date(2026, 3, 2)


def drawn(seed: int = 8, *, days: int = 4, a_day: int = 300) -> list[SimulatedContact]:
    return list(SimulatedCity(sample_entries(), seed, contacts_a_day=a_day).contacts(MONDAY, days=days))


def test_the_same_seed_gives_the_same_contacts() -> None:
    assert drawn() == drawn()
    assert drawn(9) != drawn()


def test_every_line_is_numbered_begins_ends_and_survives_json() -> None:
    contacts = drawn(days=1)
    assert len({contact.contact_id for contact in contacts}) == len(contacts)
    assert [c.began for c in contacts] == sorted(c.began for c in contacts)
    for contact in contacts:
        events = contact.events
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert {event.call_id for event in events} == {contact.contact_id}
        assert [e.at for e in events] == sorted(e.at for e in events)
        assert isinstance(events[0], CallStarted | ContactOpened)
        assert sum(isinstance(event, CallEnded | ContactClosed) for event in events) == 1
        assert [from_json(to_json(event)) for event in events] == list(events)


def test_a_topic_rises_and_people_come_back_with_the_same_question() -> None:
    city = SimulatedCity(sample_entries(), 8, contacts_a_day=1500)
    contacts = list(city.contacts(MONDAY, days=12))
    rising = city.rising.category
    asked: Counter[bool] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for contact in contacts:
        for event in contact.events:
            if isinstance(event, RecordKept):
                asked[contact.began.date() >= date(2026, 3, 10)] += event.category == rising
                seen[contact.number, event.category] += bool(contact.number)
    assert asked[True] > 2 * asked[False] / 8 * 4
    assert sum(count > 1 for count in seen.values()) > 100
