"""Legal holds, the purge and one person's data, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.events import (
    CallEnded,
    CallStarted,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    FormValue,
    MessageSent,
    Party,
    TextReceived,
    TranscriptFinal,
)
from core.person_key import PersonKeys
from core.site_key import KEY_BYTES
from core.store.callbacks import CallbackRecord
from core.store.contacts import ContactRecord, Wording
from core.store.messages import MessageRecord
from core.store.rights import LegalHold, PurgeReport, Step, Subject, SubjectKind
from core.store.sql_store import SqlStore

T0: Final = datetime(2024, 3, 2, 9, 0, tzinfo=UTC)
TODAY: Final = date(2026, 3, 2)
LATER: Final = T0 + timedelta(days=500)
KEYS: Final = PersonKeys(b"k" * KEY_BYTES)
ANNA, BORA = "01012345678", "01055556666"
SAID: Final = "가로등이 꺼져서 밤길이 무서워요"
WROTE: Final = "쓰레기가 사흘째 그대로입니다"


def call(call_id: str, number: str = ANNA, days: int = 0, *, over: bool = True) -> list[Event]:
    at = T0 + timedelta(days=days)
    told: list[Event] = [
        CallStarted(call_id=call_id, seq=1, at=at, caller=Party(number=number, name="김안나"), called="120"),
        TranscriptFinal(call_id=call_id, seq=2, at=at, speaker="caller", utterance="u1", start=0, end=1, text=SAID),
        FormSent(call_id=call_id, seq=3, at=at, visit_id="v", screen="s", title="신고",
                 values=(FormValue(field="f", label="위치", value=SAID),)),
        MessageSent(call_id=call_id, seq=4, at=at, message_id=f"m-{call_id}", to=number, text=WROTE, state="delivered"),
    ]  # fmt: skip
    return [*told, CallEnded(call_id=call_id, seq=5, at=at, reason="caller_hung_up", talk_s=60)] if over else told


def written(contact_id: str, number: str = ANNA, days: int = 0) -> list[Event]:
    at = T0 + timedelta(days=days)
    return [
        ContactOpened(call_id=contact_id, seq=1, at=at, channel="text", party=Party(number=number), to="120"),
        TextReceived(call_id=contact_id, seq=2, at=at, text_id=f"t-{contact_id}", text=WROTE),
        ContactClosed(call_id=contact_id, seq=3, at=at, reason="answered"),
    ]


def record(contact_id: str, number: str = ANNA, days: int = 0) -> ContactRecord:
    at = T0 + timedelta(days=days)
    return ContactRecord(
        contact_id=contact_id,
        at=at,
        ended=at,
        person=KEYS.key(number),
        last4=number[-4:],
        written=Wording(need="가로등"),
    )


def hold(kind: SubjectKind = "contact", id: str = "c1", **more: object) -> LegalHold:
    known = {"title": "2026가합1", "reason": "소송", "by": "han", "at": LATER}
    return LegalHold(hold_id="h1", subjects=(Subject(kind=kind, id=id),), **{**known, **more})  # type: ignore[arg-type]


async def purge(store: SqlStore, step: Step, before: datetime = LATER, *, dry: bool = False) -> tuple[int, int, int]:
    gone = held = left = 0
    after, line = None, ""
    again = {"key": KEYS.key, "today": TODAY}
    while not dry and (batch := await store.rights.purge_again(step, limit=2, after=line, **again)).seen:  # type: ignore[arg-type]
        gone, held, left, line = gone + batch.gone, held + batch.held, left + batch.left, batch.line
    while True:
        batch = await store.rights.purge_lines(step, before=before, limit=2, dry=dry, after=after, **again)  # type: ignore[arg-type]
        if not batch.seen:
            return gone, held, left
        gone, held, left = gone + batch.gone, held + batch.held, left + batch.left
        after = (batch.at, batch.line) if dry and batch.at else None


def told(events: list[Event]) -> str:
    return " ".join(str(event) for event in events)


async def test_a_step_takes_its_part_and_leaves_what_figures_need(store: SqlStore) -> None:
    await store.append([*call("c1"), *written("text-1", days=1), *call("c2", BORA, days=600)])
    await store.contacts.draft(record("c1"))
    await store.put_message(
        MessageRecord(message_id="m-c1", to=ANNA, text=WROTE, state="delivered", call_id="c1", at=T0)
    )
    assert await purge(store, "words", dry=True) == (2, 0, 0)
    assert SAID in told(await store.events("c1"))
    assert await purge(store, "words") == (2, 0, 0)
    assert await purge(store, "words") == (0, 0, 0)
    assert SAID not in told(await store.events("c1"))
    assert WROTE in told(await store.events("c1"))
    assert SAID in told(await store.events("c2"))

    assert await purge(store, "texts") == (2, 0, 0)
    assert WROTE not in told([*await store.events("c1"), *await store.events("text-1")])
    assert await store.messages() == []
    assert (found := await store.threads.written("text-1")) is not None
    assert found.last_text == ""

    assert await purge(store, "records") == (2, 0, 0)
    left = await store.events("c1")
    assert [type(event) for event in left] == [type(event) for event in call("c1")]
    assert ANNA not in told(left)
    assert "김안나" not in told(left)
    assert await store.contacts.record("c1") is None
    assert (summary := await store.call("c1")) is not None
    assert (summary.caller.number, summary.ended) == ("", T0)

    assert await purge(store, "facts") == (2, 0, 0)
    assert await store.events("c1") == []
    assert await store.call("c1") is None
    assert await store.threads.written("text-1") is None
    assert (await store.call("c2")) is not None


@pytest.mark.parametrize("subject", [("contact", "c1"), ("person", KEYS.key(ANNA))])
async def test_nothing_that_is_held_goes_until_the_hold_ends(store: SqlStore, subject: tuple[SubjectKind, str]) -> None:
    await store.append([*call("c1"), *call("c2", BORA, days=1)])
    await store.rights.put_hold(hold(*subject))
    assert await store.rights.held(["c1", "c2"], KEYS.key, TODAY) == {"c1"}
    for step in ("words", "texts", "records", "facts"):
        assert (await purge(store, step))[:2] == (1, 1)  # type: ignore[arg-type]
        assert (await purge(store, step))[:2] == (0, 1)  # type: ignore[arg-type]
    assert await store.events("c1") == call("c1")
    assert await store.rights.forget_person(["c1"], key=KEYS.key, today=TODAY) == ()
    assert await store.rights.kept_facts(TODAY) == (["c1"], [subject[1]] if subject[0] == "person" else [])

    await store.rights.put_hold(hold(*subject, ended_by="han", ended_at=LATER, ended_why="판결 확정"))
    assert await purge(store, "words") == (1, 0, 0)
    assert SAID not in told(await store.events("c1"))


async def test_a_hold_ends_with_its_last_day(store: SqlStore) -> None:
    await store.rights.put_hold(hold(until=TODAY))
    assert await store.rights.held(["c1"], KEYS.key, TODAY) == {"c1"}
    assert await store.rights.held(["c1"], KEYS.key, TODAY + timedelta(days=1)) == set()
    (only,) = await store.rights.holds()
    assert only == hold(until=TODAY)


async def test_a_call_that_goes_on_is_passed_over(store: SqlStore) -> None:
    now = datetime.now(UTC)
    running = [replace(event, at=now) for event in call("c1", over=False)]
    await store.append(running)
    late = now + timedelta(days=1)
    assert await purge(store, "words", late) == (0, 0, 1)
    assert SAID in told(await store.events("c1"))
    await store.append([CallEnded(call_id="c1", seq=5, at=now, reason="caller_hung_up")])
    assert await purge(store, "words", late) == (1, 0, 0)
    assert SAID not in told(await store.events("c1"))


async def test_one_person_is_found_by_key_and_by_number_and_deleted(store: SqlStore) -> None:
    await store.append(
        [*call("c1"), *written("text-1", days=2), *call("c2", BORA), *call("c3", "+821012345678", days=3)]
    )
    for one in (record("c1"), record("c2", BORA)):
        await store.contacts.draft(one)
    await store.put_message(MessageRecord(message_id="loose", to=ANNA, text=WROTE, state="delivered", at=T0))
    await store.put_callback(CallbackRecord(callback_id="b1", number=ANNA, since=T0, state="booked"))
    found = await store.rights.person(ANNA, KEYS.key, TODAY)
    assert found.contacts == ("c1", "text-1", "c3")
    assert (found.texts, found.callbacks, found.opted_out, found.held) == (1, 1, False, ())
    assert [each.message_id for each in await store.rights.texts_to(ANNA)] == ["loose"]

    await store.rights.put_hold(hold("contact", "text-1"))
    found = await store.rights.person(ANNA, KEYS.key, TODAY)
    assert (found.held, found.held_by) == (("text-1",), ("2026가합1",))
    assert await store.rights.forget_person(found.contacts, key=KEYS.key, today=TODAY) == ("c1", "c3")
    assert await store.rights.forget_number(ANNA, found.person, keeping=found.held) == 2
    assert (await store.rights.person(ANNA, KEYS.key, TODAY)).contacts == ("text-1",)
    assert await store.events("text-1") == written("text-1", days=2)
    assert await store.contacts.record("c2") is not None


async def test_of_two_purges_one_runs_and_a_dead_one_is_told(store: SqlStore) -> None:
    first = PurgeReport(report_id="p1", begun=T0, beat=T0, state="running", by="minwon")
    soon = T0 + timedelta(seconds=30)
    second = PurgeReport(report_id="p2", begun=soon, beat=soon, state="running", by="han")
    assert await store.rights.begin_run(first, 600)
    assert not await store.rights.begin_run(second, 600)
    later = T0 + timedelta(hours=1)
    assert await store.rights.begin_run(replace(second, begun=later, beat=later), 600)
    assert [(each.report_id, each.state) for each in await store.rights.reports()] == [
        ("p2", "running"),
        ("p1", "broken_off"),
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(st.sampled_from([ANNA, BORA, ""]), st.integers(0, 900)), min_size=1, max_size=6),
    held=st.sets(st.integers(0, 5)),
    person=st.sampled_from(["", ANNA]),
    steps=st.permutations(["words", "texts", "records", "facts"]),
)
async def test_whatever_is_purged_in_whatever_order_what_is_held_stays(
    store: SqlStore, lines: list[tuple[str, int]], held: set[int], person: str, steps: list[Step]
) -> None:
    example = secrets.token_hex(4)  # hypothesis keeps one database for all its examples
    named = {f"{example}-{number}": line for number, line in enumerate(lines)}
    for id, (number, days) in named.items():
        await store.append(call(id, number, days))
    keep = {id for place, id in enumerate(named) if place in held}
    subjects = [Subject(kind="contact", id=id) for id in sorted(keep)]
    if person:
        subjects.append(Subject(kind="person", id=KEYS.key(person)))
        keep |= {id for id, (number, _days) in named.items() if number == person}
    await store.rights.put_hold(replace(hold(), subjects=tuple(subjects)))
    for step in steps:
        await store.rights.sweep_again(step)
        await purge(store, step)
    for id, (number, days) in named.items():
        stored = await store.events(id)
        if id in keep or T0 + timedelta(days=days) >= LATER:
            assert stored == call(id, number, days)
        else:
            assert stored == []
