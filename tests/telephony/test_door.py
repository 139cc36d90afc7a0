"""Who is let in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.allow_list import AllowList
from telephony.door import DROP, PASS, Door, Verdict, is_unbelievable
from telephony.request import Request

OURS, STRANGER = "10.0.0.5", "203.0.113.9"


class House:
    """The rooms as a test wants them."""

    def __init__(self) -> None:
        self.legs = {"running"}
        self.open = True
        self.room = True

    def knows(self, call_id: str) -> bool:
        return call_id in self.legs

    def is_open(self) -> bool:
        return self.open

    def has_room(self) -> bool:
        return self.room


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def door(house: House) -> Door:
    return Door(AllowList(["10.0.0.0/24"]), ["120"], 10, house)


def request(
    method: str, *, call_id: str = "new", tag: str = "", uri: str = "sip:120@h", kind: str = "", body: str = ""
) -> Request:
    to = "<sip:120@h>" + (f";tag={tag}" if tag else "")
    headers = (("call-id", call_id), ("to", to), ("cseq", f"1 {method}"), ("content-type", kind))
    return Request(method, uri, headers, body)


def test_a_call_is_let_in(door: Door) -> None:
    assert door.verdict(request("INVITE"), OURS) == Verdict(PASS)


@pytest.mark.parametrize("method", ["INVITE", "OPTIONS", "REGISTER", "CANCEL", "BYE", "NONSENSE"])
def test_strangers_get_no_answer(door: Door, method: str) -> None:
    assert door.verdict(request(method), STRANGER) == Verdict(DROP)
    assert door.refused == 1


def test_an_agents_phone_may_be_anywhere_once_it_is_in_a_call(door: Door) -> None:
    assert door.verdict(request("BYE", call_id="running", tag="1"), STRANGER) == Verdict(PASS)
    assert door.verdict(request("INVITE", call_id="running"), STRANGER) == Verdict(DROP)
    assert door.verdict(request("BYE", call_id="unknown", tag="1"), STRANGER) == Verdict(DROP)


def test_over_capacity_and_while_closing(door: Door, house: House) -> None:
    house.room = False
    assert door.verdict(request("INVITE"), OURS) == Verdict(503, 10)
    house.room, house.open = True, False
    assert door.verdict(request("INVITE"), OURS) == Verdict(503, 10)
    assert door.verdict(request("OPTIONS"), OURS) == Verdict(503, 10)
    assert door.refused == 2


def test_what_belongs_to_a_running_call_passes_at_any_time(door: Door, house: House) -> None:
    house.room = house.open = False
    assert door.verdict(request("INVITE", call_id="running"), OURS) == Verdict(PASS)  # sent again
    assert door.verdict(request("INVITE", call_id="running", tag="1"), OURS) == Verdict(PASS)  # hold
    assert door.verdict(request("CANCEL", call_id="running"), OURS) == Verdict(PASS)


def test_another_number(door: Door) -> None:
    assert door.verdict(request("INVITE", uri="sip:119@h"), OURS) == Verdict(404)


def test_what_the_stack_answers_badly(door: Door) -> None:
    assert door.verdict(request("OPTIONS", call_id="running", tag="1"), OURS) == Verdict(200)
    assert door.verdict(request("REFER", call_id="running", tag="1"), OURS) == Verdict(405)
    assert door.verdict(request("REGISTER"), OURS) == Verdict(405)


def test_keys_by_info_once_a_request(door: Door) -> None:
    info = request("INFO", call_id="running", tag="1", kind="application/dtmf", body="5")
    assert door.verdict(info, OURS) == Verdict(200, key="5")
    assert door.verdict(info, OURS) == Verdict(200), "the same request sent again is the same press"
    other = request("INFO", call_id="running", tag="1", kind="text/plain", body="hello")
    assert door.verdict(other, OURS) == Verdict(415)
    assert door.verdict(request("INFO", call_id="running", tag="1"), OURS) == Verdict(200)


def test_a_host_name_that_kills_is_stopped(door: Door) -> None:
    deadly = "v=0\nc=IN IP4 " + "a" * 254 + "\n"
    assert is_unbelievable(deadly) and not is_unbelievable(deadly.replace("aa", "a", 1))
    assert door.verdict(request("INVITE", body=deadly), OURS) == Verdict(400)
    assert door.verdict(request("ACK", call_id="running", tag="1", body=deadly), OURS) == Verdict(DROP)
    assert door.bad_messages == 2


METHODS = st.sampled_from(["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "REFER", "REGISTER", "X"])


CALL_IDS = st.sampled_from(["new", "running"])


@given(METHODS, CALL_IDS, st.sampled_from(["", "1"]), st.booleans(), st.booleans(), st.text())
def test_nobody_new_gets_in_without_room(
    method: str, call_id: str, tag: str, is_open: bool, room: bool, body: str
) -> None:
    house = House()
    house.open, house.room = is_open, room
    door = Door(AllowList(["10.0.0.0/24"]), [], 10, house)
    verdict = door.verdict(request(method, call_id=call_id, tag=tag, body=body), OURS)
    if method == "INVITE" and call_id == "new" and not tag and not (is_open and room):
        assert verdict == Verdict(503, 10)
    assert verdict.status in {PASS, DROP, 200, 400, 405, 415, 503}
