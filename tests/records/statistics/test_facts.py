"""What a contact's events say: each way that a contact can go, times, hold, transfers, written contacts, bad input."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from core.events import (
    AgentMissed,
    AgentOffered,
    AlertChanged,
    CallbackBooked,
    CallEnded,
    CallHeld,
    CallJoined,
    CallQueued,
    CallResumed,
    CallStarted,
    CardUsed,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    LanguageChanged,
    MessageSent,
    Party,
    RatingGiven,
    RecordDraft,
    RecordDrafted,
    RecordKept,
    ScreenShown,
    Suggested,
    Suggestion,
    TextReceived,
    TranscriptFinal,
    TransferChanged,
    VisitChanged,
    WrapUpEnded,
)
from core.store.statistics import FIELDS, MOST_MS, ContactFacts
from records.statistics.facts import facts, facts_of, local
from records.statistics.tally import KINDS, Tally
from server.bench.simulated_contacts import SimulatedCity
from server.knowledge import sample_entries
from tests.records.statistics.lines import RULES, T0, call, line, lost

START = (0.0, CallStarted(caller=Party(number="01000001234"), called="120"))
CARD = Suggestion(id="7", title="주차", score=0.9, category="교통>주차", department="주차관리과")


def told(*timed: tuple[float, Event]) -> ContactFacts:
    facts = facts_of(line("c", *timed), RULES)
    assert facts is not None
    return facts


def counts(facts: ContactFacts) -> dict[str, int]:
    """What it adds, without what is 0."""
    return {name: value for name in FIELDS if (value := getattr(facts, name))}


def test_an_answered_call() -> None:
    facts = facts_of(call("c", (150, WrapUpEnded(agent_id="haneul", wrap_s=21.5))), RULES)
    assert facts is not None
    assert (facts.day, facts.slot) == (20260302, 18)
    assert (facts.person, facts.agent, facts.category, facts.department) == (
        "key-01000001234",
        "haneul",
        "교통>주차",
        "주차관리과",
    )
    assert counts(facts) == {
        "contacts": 1,
        "offered": 1,
        "answered": 1,
        "level_base": 1,
        "level_in": 1,
        "waited": 1,
        "wait_ms": 10_000,
        "handled": 1,
        "talk_ms": 120_000,
        "wrap_ms": 21_500,
        "recorded": 1,
        "settled": 1,
    }


@pytest.mark.parametrize(("wait", "within"), [(19.999, 1), (20.0, 1), (20.001, 0)])
def test_the_target_is_met_up_to_its_very_second(wait: float, within: int) -> None:
    facts = facts_of(call("c", wait=wait), RULES)
    assert facts is not None
    assert facts.level_in == within


@pytest.mark.parametrize(
    ("wait", "reason", "outcome"),
    [
        (5.0, "caller_hung_up", {"short_abandoned": 1}),
        (5.001, "caller_hung_up", {"abandoned": 1, "abandon_ms": 5001, "level_base": 1}),
        (60.0, "no_agent", {"unserved": 1, "level_base": 1}),
        (1.0, "node_stopped", {"unserved": 1, "level_base": 1}),
    ],
)
def test_a_call_that_nobody_answered(wait: float, reason: Any, outcome: dict[str, int]) -> None:
    facts = facts_of(lost("c", wait=wait, reason=reason), RULES)
    assert facts is not None
    assert counts(facts) == {"contacts": 1, "offered": 1, **outcome}


def test_who_books_a_callback_has_not_given_up() -> None:
    facts = told(
        START,
        (5, CallQueued(position=2)),
        (50, CallbackBooked(callback_id="b", number="01000001234", position=2)),
        (60, CallEnded(reason="caller_hung_up")),
        (900, CallbackBooked(callback_id="b", number="01000001234", state="calling")),
    )
    assert counts(facts) == {"contacts": 1, "offered": 1, "booked": 1, "callbacks": 1}


def test_a_callback_that_we_make_is_handled_and_no_contact_of_its_own() -> None:
    facts = told(
        (0, CallStarted(caller=Party(number="01000001234"), callback_id="b")),
        (0, AgentOffered(agent_id="bada")),
        (12, CallJoined(agent_id="bada")),
        (72, CallEnded(reason="agent_hung_up", talk_s=60)),
    )
    assert counts(facts) == {"handled": 1, "talk_ms": 60_000, "calls_back": 1, "reached": 1}
    missed = told((0, CallStarted(callback_id="b")), (30, CallEnded(reason="failed")))
    assert counts(missed) == {"calls_back": 1}


def test_the_menu_alone() -> None:
    def menu(*more: tuple[float, Event]) -> dict[str, int]:
        begun = (1.0, VisitChanged(visit_id="v", state="begun", language="en"))
        first = (1.0, ScreenShown(visit_id="v", screen="main", title="처음"))
        return counts(told(START, begun, first, *more, (60, CallEnded(reason="caller_hung_up"))))

    assert menu() == {"contacts": 1, "menus": 1, "dropped": 1}
    assert menu((9, ScreenShown(visit_id="v", screen="@over", title="끝"))) == {
        "contacts": 1,
        "menus": 1,
        "dropped": 1,
    }
    assert menu((9, ScreenShown(visit_id="v", screen="passport", title="여권"))) == {
        "contacts": 1,
        "menus": 1,
        "contained": 1,
    }
    assert menu((9, FormSent(visit_id="v", screen="main", title="신고"))) == {"contacts": 1, "menus": 1, "contained": 1}
    opened = menu((4, VisitChanged(visit_id="v", state="opened", way="sms")))
    assert opened == {"contacts": 1, "menus": 1, "pages": 1, "dropped": 1}
    by_department = menu((9, CallJoined(agent_id="", agent_name="민원여권과")))
    assert by_department == {"contacts": 1, "menus": 1, "forwarded": 1}


def test_hold_is_not_talk_and_only_the_agents_hold_counts() -> None:
    facts = told(
        START,
        (5, AgentOffered(agent_id="haneul", queue="foreign")),
        (10, CallJoined(agent_id="haneul")),
        (20, CallHeld(by="agent")),
        (21, CallHeld(by="caller")),
        (50, CallResumed(by="agent")),
        (70, CallHeld(by="agent")),
        (100, CallEnded(reason="caller_hung_up", talk_s=90)),
    )
    assert (facts.talk_ms, facts.hold_ms, facts.held, facts.queue) == (30_000, 60_000, 1, "foreign")


def test_a_transfer_ends_the_agents_time_and_a_returned_one_goes_on() -> None:
    def passed_on(state: Any, *more: tuple[float, Event]) -> ContactFacts:
        changed = TransferChanged(transfer_id="transfer-1", kind="blind", state="ringing", to="1234", by="haneul")
        return told(
            START,
            (5, AgentOffered(agent_id="haneul")),
            (10, CallJoined(agent_id="haneul")),
            (40, changed),
            (50, msgspec.structs.replace(changed, state=state)),
            *more,
            (110, CallEnded(reason="caller_hung_up", talk_s=100)),
        )

    done = passed_on("done", (50, CallJoined(agent_id="", agent_name="세무과")))
    assert (done.talk_ms, done.transfers, done.transferred, done.agent) == (30_000, 1, 1, "haneul")
    returned = passed_on("returned", (60, CallJoined(agent_id="haneul")))
    assert (returned.talk_ms, returned.transfers) == (80_000, 0)


def test_a_supervisor_who_takes_over_has_the_contact_last() -> None:
    facts = told(
        START,
        (5, AgentOffered(agent_id="haneul")),
        (10, CallJoined(agent_id="haneul")),
        (40, CallJoined(agent_id="boss")),
        (70, CallEnded(reason="caller_hung_up", talk_s=60)),
    )
    assert (facts.agent, facts.talk_ms, facts.wait_ms, facts.transfers) == ("boss", 60_000, 5_000, 0)


def test_texts_count_by_their_newest_state() -> None:
    sent = MessageSent(message_id="1", to="010", text="t")
    facts = told(
        START,
        (10, sent),
        (11, msgspec.structs.replace(sent, state="delivered")),
        (12, msgspec.structs.replace(sent, message_id="2", state="sent")),
        (13, msgspec.structs.replace(sent, message_id="2", state="failed")),
        (14, msgspec.structs.replace(sent, message_id="3", state="withdrawn")),
        (20, CallEnded(reason="caller_hung_up")),
    )
    assert (facts.texts, facts.texted, facts.texts_failed) == (1, 1, 1)


def test_suggestions_count_when_somebody_could_use_them() -> None:
    def with_cards(*deeds: CardUsed) -> tuple[int, int]:
        events = [(20.0, deed) for deed in deeds]
        facts = told(
            START,
            (10, CallJoined(agent_id="haneul")),
            (12, Suggested(suggestions=(CARD,))),
            *events,
            (90, CallEnded(reason="caller_hung_up", talk_s=80)),
        )
        return facts.suggested, facts.used

    assert with_cards() == (1, 0)
    assert with_cards(CardUsed(entry_id="7", deed="dismissed")) == (1, 0)
    assert with_cards(CardUsed(entry_id="7", deed="sent")) == (1, 1)
    assert with_cards(CardUsed(entry_id="99", deed="accepted")) == (1, 0)  # she found it herself


def test_the_record_says_what_it_was_about_then_its_draft_then_the_cards() -> None:
    talked = (START, (10.0, CallJoined(agent_id="haneul")), (12.0, Suggested(suggestions=(CARD,))))
    end = (60.0, CallEnded(reason="caller_hung_up", talk_s=50))
    used = (20.0, CardUsed(entry_id="7", deed="accepted"))
    draft = (61.0, RecordDrafted(draft=RecordDraft(category="세금>재산세", need="재산세 고지서", cards=("7",))))
    kept = (70.0, RecordKept(version=1, by="haneul", category="세금", department="세무과", district="중앙동"))
    corrected = (90.0, RecordKept(version=2, by="haneul", category="도로", department="도로관리과", unasked=True))

    def about(*more: tuple[float, Event]) -> tuple[str, str, str]:
        facts = told(*talked, *more)
        return facts.category, facts.department, facts.district

    assert about(end) == ("", "", "")
    assert about(used, end) == ("교통>주차", "주차관리과", "")
    assert about(used, end, draft) == ("세금>재산세", "주차관리과", "")
    assert about(used, end, draft, kept) == ("세금", "세무과", "중앙동")
    facts = told(*talked, end, draft, corrected, kept)
    assert (facts.category, facts.recorded, facts.unasked) == ("도로", 1, 1)
    assert told(*talked, end, draft).words == ("재산세", "고지서")


def test_words_of_who_had_no_record_are_her_own() -> None:
    said = TranscriptFinal(speaker="caller", utterance="u", start=0, end=1, text="단수 단수 언제")
    aside = msgspec.structs.replace(said, text="비밀", aside=True)
    agent = msgspec.structs.replace(said, speaker="agent", text="안녕하세요")
    facts = told(START, (8, said), (9, aside), (10, agent), (60, CallEnded(reason="caller_hung_up")))
    assert facts.words == ("단수", "언제")


def test_ratings_alerts_and_missed_rings() -> None:
    alert = AlertChanged(alert_id="alert-1", kind="abuse")
    facts = told(
        START,
        (5, AgentOffered(agent_id="a")),
        (20, AgentMissed(agent_id="a", reason="no_answer")),
        (30, CallJoined(agent_id="b")),
        (40, alert),
        (41, msgspec.structs.replace(alert, alert_id="alert-2", state="dismissed")),
        (90, CallEnded(reason="caller_hung_up", talk_s=60)),
        (99, RatingGiven(score=2, way="menu")),
        (120, RatingGiven(score=4, way="menu")),
    )
    assert (facts.missed, facts.alerts, facts.rated, facts.rating_sum, facts.satisfied) == (1, 1, 1, 4, 1)
    dismissed = told(
        START, (9, msgspec.structs.replace(alert, state="dismissed")), (20, CallEnded(reason="caller_hung_up"))
    )
    assert dismissed.alerts == 0


def test_written_contacts() -> None:
    opened = (0.0, ContactOpened(channel="text", party=Party(number="01000001234"), language="en", queue="foreign"))
    came = (0.0, TextReceived(text_id="t", text="bulky waste"))
    assigned = (30.0, ContactAssigned(agent_id="haneul"))
    answered = (90.0, MessageSent(message_id="1", to="010", text="t", by="haneul"))
    facts = told(
        opened, came, assigned, answered, (400, ContactClosed(reason="answered", agent_id="haneul", wait_s=90))
    )
    assert (facts.channel, facts.language, facts.queue, facts.agent) == ("text", "en", "foreign", "haneul")
    assert counts(facts) == {
        "contacts": 1,
        "offered": 1,
        "answered": 1,
        "level_base": 1,
        "level_in": 1,
        "waited": 1,
        "wait_ms": 90_000,
        "handled": 1,
        "talk_ms": 60_000,
        "texts": 1,
        "texted": 1,
    }
    late = told(opened, came, (9000, ContactClosed(reason="timed_out")))
    assert counts(late) == {"contacts": 1, "offered": 1, "unserved": 1, "level_base": 1}
    thanks = told(opened, came, assigned, (99, ContactClosed(reason="no_answer_needed", agent_id="haneul")))
    assert counts(thanks) == {"contacts": 1, "dropped": 1}
    for reason in ("merged", "spam"):
        assert counts(told(opened, came, (99, ContactClosed(reason=reason)))) == {}


def test_a_call_that_we_only_listen_to_has_no_known_wait() -> None:
    started = (0.0, CallStarted(way="recording"))
    facts = told(started, (0, CallJoined(agent_id="haneul")), (60, CallEnded(reason="source_ended", talk_s=60)))
    assert counts(facts) == {"contacts": 1, "offered": 1, "answered": 1, "handled": 1, "talk_ms": 60_000}
    nobody_known = told(started, (60, CallEnded(reason="source_ended", talk_s=60)))
    assert counts(nobody_known) == {"contacts": 1, "offered": 1, "answered": 1, "handled": 1}


def test_a_contact_that_is_not_over_has_no_facts_yet() -> None:
    events = call("c")
    assert facts_of(events[:4], RULES) is None
    assert facts_of([], RULES) is None
    tally = Tally()
    for event in events[:3]:
        tally.take(event)
    assert tally.waits
    assert counts(facts(tally, RULES)) == {"contacts": 1, "offered": 1}


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    facts = told(
        START,
        (50, CallQueued(position=1)),
        (10, CallJoined(agent_id="haneul")),
        (5, CallHeld(by="agent")),
        (2, CallEnded(reason="caller_hung_up", talk_s=0)),
    )
    assert min(facts.wait_ms, facts.talk_ms, facts.hold_ms) == 0
    endless = told(START, (1, CallJoined(agent_id="a")), (1e8, CallEnded(reason="worker_lost", talk_s=1e8)))
    assert endless.talk_ms == MOST_MS


def test_a_line_without_its_beginning_still_counts() -> None:
    facts = told((0, CallJoined(agent_id="haneul")), (60, CallEnded(reason="caller_hung_up", talk_s=60)))
    assert (facts.answered, facts.person, facts.started) == (1, "", T0)


def test_the_language_is_the_last_that_was_told() -> None:
    visit = (1.0, VisitChanged(visit_id="v", state="begun", language="en"))
    end = (9.0, CallEnded(reason="caller_hung_up"))
    assert told(START, end).language == "ko"
    assert told(START, visit, end).language == "en"
    changed = LanguageChanged(language="vi", heard=False, by="agent")
    assert told(START, visit, (2, changed), end).language == "vi"


def test_hours_of_a_day_on_which_clocks_are_set_back_are_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30, summer time
    assert local(first, berlin) == (20261025, 4)
    assert local(first + timedelta(hours=1), berlin) == (20261025, 5)  # 02:30 again
    assert local(first + timedelta(hours=2), berlin) == (20261025, 6)
    assert local(datetime(2026, 3, 2, 14, 59, tzinfo=UTC), ZoneInfo("Asia/Seoul")) == (20260302, 46)
    assert local(datetime(2026, 3, 2, 15, 0, tzinfo=UTC), ZoneInfo("Asia/Seoul")) == (20260303, 0)


def test_every_simulated_contact_goes_one_way_and_no_other() -> None:
    city = SimulatedCity(sample_entries(), 3, contacts_a_day=1500, spoken=True)
    for contact in city.contacts(date(2026, 3, 2), days=1):
        facts = facts_of(contact.events, RULES)
        assert facts is not None
        ways = facts.offered + facts.contained + facts.dropped + facts.forwarded
        ends = facts.answered + facts.abandoned + facts.short_abandoned + facts.booked + facts.unserved
        assert (ways, ends) == (facts.contacts, facts.offered)
        assert facts.handled == facts.answered + facts.reached
        assert facts.level_in <= facts.level_base <= facts.offered
        for part, whole in (("used", "suggested"), ("satisfied", "rated"), ("unasked", "recorded"), ("pages", "menus")):
            assert getattr(facts, part) <= getattr(facts, whole)
        kinds = {type(event).__name__ for event in contact.events}
        assert facts == facts_of([event for event in contact.events if type(event).__name__ in KINDS], RULES), kinds
