"""Who is the caller and who the agent: the table, row by row, vendor by vendor."""

from __future__ import annotations

import pytest

from core.events import Party
from telephony.siprec.metadata import Metadata
from telephony.siprec.metadata_xml import read
from telephony.siprec.offer import OfferedStream, streams
from telephony.siprec.sides import Evidence, Ours, Sides, sides
from tests.telephony.siprec import messages
from tests.telephony.siprec.messages import AGENT, CITIZEN, rfc7865, sdp

OURS = Ours("[0-9]{3,5}", frozenset({"120"}))
TWO = streams(sdp("4000 1 sendonly", "4002 2 sendonly"))
CALLER = ("p1", f"sip:{CITIZEN}@10.0.0.9", "홍길동", "1")
HANEUL = ("p2", f"sip:{AGENT}@10.0.0.5", "김하늘", "2")
OTHER = ("p3", "sip:0312224444@10.0.0.5", "", "2")


@pytest.mark.parametrize(
    ("xml", "labels", "evidence", "caller_at", "caller", "agent"),
    [
        (messages.CISCO_CUBE, "1 2", "ours", 0, CITIZEN, AGENT),
        (messages.ORACLE, "1 2", "calling", 1, CITIZEN, "0331200120"),
        (messages.RIBBON, "1 2", "calling", 1, CITIZEN, "0331200120"),
        (messages.BROADWORKS, "1 2", "ours", 1, CITIZEN, "haneul"),
        (messages.AUDIOCODES, "1 2", "ours", 1, CITIZEN, AGENT),
        (messages.METASWITCH, "0 1", "ours", 0, "+821012345678", "120"),
        (messages.GENESYS, "1 2", "ours", 1, "", "120"),
    ],
    ids=["cisco", "oracle", "ribbon", "broadworks", "audiocodes", "metaswitch", "genesys"],
)
def test_vendors(xml: str, labels: str, evidence: Evidence, caller_at: int, caller: str, agent: str) -> None:
    one, two = labels.split()
    found = sides(streams(sdp(f"4000 {one} sendonly", f"4002 {two} sendonly")), read(xml), OURS)
    assert (found.evidence, found.caller, found.agent) == (evidence, caller_at, 1 - caller_at)
    assert (found.caller_party.number, found.agent_party.number) == (caller, agent)


def test_without_metadata_the_first_stream_is_the_callers() -> None:
    assert sides(TWO, Metadata(), OURS) == Sides(caller=0, agent=1)


def test_two_extensions_or_two_strangers_go_by_the_order_of_the_streams() -> None:
    for one, two in ((AGENT, "2108"), (CITIZEN, "0312224444")):
        found = sides(TWO, read(rfc7865(("a", f"sip:{one}@x", "", "1"), ("b", f"sip:{two}@x", "", "2"))), OURS)
        assert (found.evidence, found.caller, found.agent) == ("order", 0, 1)
        assert (found.caller_party.number, found.agent_party.number) == (one, two)


def test_where_nobody_is_said_to_send_the_first_who_is_named_sends_the_first_stream() -> None:
    found = sides(TWO, read(rfc7865(("a", f"sip:{AGENT}@x", "", ""), ("b", f"sip:{CITIZEN}@x", "", ""))), OURS)
    assert (found.caller, found.agent, found.agent_party.number) == (1, 0, AGENT)


def test_a_mono_mix_is_one_voice_the_callers() -> None:
    mixed = read(rfc7865(CALLER, (*HANEUL[:3], "1")))
    found = sides(streams(sdp("4000 1 sendonly")), mixed, OURS)
    assert (found.caller, found.agent) == (0, None)
    assert (found.caller_party.name, found.agent_party.name) == ("홍길동", "김하늘")


def test_a_stream_of_the_agent_alone_is_hers() -> None:
    found = sides(streams(sdp("4000 2 sendonly")), read(rfc7865(HANEUL)), OURS)
    assert (found.caller, found.agent, found.agent_party.name) == (None, 0, "김하늘")


def test_streams_beyond_two_and_those_taken_away_are_not_used() -> None:
    found = sides(
        streams(sdp("0 1 sendonly", "4002 2 sendonly", "4004 3 sendonly", "4006 4 sendonly")), Metadata(), OURS
    )
    assert (found.caller, found.agent) == (1, 2)


def test_metadata_that_comes_late_with_better_evidence_swaps_the_sides() -> None:
    first = sides(TWO, Metadata(), OURS)
    after = sides(TWO, read(messages.AUDIOCODES), OURS, first)
    assert (first.caller, after.caller, after.evidence) == (0, 1, "ours")


def test_a_transfer_out_of_the_house_keeps_the_sides() -> None:
    first = sides(TWO, read(rfc7865((*HANEUL[:3], "1"), (*CALLER[:3], "2"))), OURS)
    after = sides(TWO, read(rfc7865((*OTHER[:3], "1"), (*CALLER[:3], "2"))), OURS, first)
    assert (after.caller, after.agent, after.evidence) == (1, 0, "ours")
    assert (after.caller_party.number, after.agent_party.number) == (CITIZEN, "0312224444")


def test_a_stream_that_goes_and_comes_keeps_its_side() -> None:
    first = sides(TWO, read(rfc7865(CALLER, HANEUL)), OURS)
    gone = sides(streams(sdp("0 1 sendonly", "4002 2 sendonly")), read(rfc7865(CALLER, HANEUL)), OURS, first)
    assert (gone.caller, gone.agent, gone.caller_party.name) == (None, 1, "홍길동")
    back = sides(TWO, read(rfc7865(CALLER, HANEUL)), OURS, gone)
    assert (back.caller, back.agent) == (0, 1)


def test_a_second_stream_that_comes_later_is_the_agents() -> None:
    one: tuple[OfferedStream, ...] = streams(sdp("4000 1 sendonly"))
    first = sides(one, Metadata(), OURS)
    assert (first.caller, first.agent) == (0, None)
    assert sides(TWO, Metadata(), OURS, first).agent == 1


def test_who_is_not_named_any_more_is_remembered() -> None:
    first = sides(TWO, read(rfc7865(CALLER, HANEUL)), OURS)
    after = sides(TWO, Metadata(), OURS, first)
    assert after.agent_party == Party(number=AGENT, name="김하늘") and after.caller == 0
