"""Who is let in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.digest import Challenger, expected_response, parameters
from telephony.door import DROP, PASS, Door, Verdict
from telephony.peers import Peers
from telephony.referral import Referral
from telephony.request import Request
from telephony.wire import Peer

OURS, STRANGER, FRONT = "10.0.0.5", "203.0.113.9", "10.9.9.9"
TRUNK = Peer(name="trunks", networks=("10.0.0.0/24",))


class House:
    """The rooms as a test wants them."""

    def __init__(self) -> None:
        self.legs = {"running"}
        self.open = True
        self.room = True
        self.transfers = 405
        self.referring = False

    def knows(self, call_id: str) -> bool:
        return call_id in self.legs

    def is_open(self) -> bool:
        return self.open

    def has_room(self) -> bool:
        return self.room

    def may_transfer(self, call_id: str, referral: Referral) -> int:
        return self.transfers

    def refers(self, call_id: str) -> bool:
        return self.referring

    def has_leg_for(self, call_id: str) -> bool:
        return self.room


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def door(house: House) -> Door:
    return door_of(house)


def door_of(house: House, *peers: Peer, hotline: tuple[str, ...] = ("120",)) -> Door:
    return Door(Peers(peers or (TRUNK,)), hotline, 10, house, Challenger(b"key"))


def request(
    method: str,
    *,
    call_id: str = "new",
    tag: str = "",
    uri: str = "sip:120@h",
    kind: str = "",
    body: str = "",
    more: tuple[tuple[str, str], ...] = (),
) -> Request:
    to = "<sip:120@h>" + (f";tag={tag}" if tag else "")
    headers = (("call-id", call_id), ("to", to), ("cseq", f"1 {method}"), ("content-type", kind), *more)
    return Request(method, uri, headers, body)


def test_a_call_is_let_in(door: Door) -> None:
    assert door.verdict(request("INVITE"), OURS) == Verdict(PASS)


@pytest.mark.parametrize("method", ["INVITE", "OPTIONS", "REGISTER", "CANCEL", "BYE", "NONSENSE"])
def test_strangers_get_no_answer(door: Door, method: str) -> None:
    assert door.verdict(request(method), STRANGER) == Verdict(DROP)
    assert door.refused == 1 and door.refused_by == {"stranger": 1}


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
    assert door.refused_by == {"full": 1, "closed": 1}


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
    door = door_of(house, hotline=())
    verdict = door.verdict(request(method, call_id=call_id, tag=tag, body=body), OURS)
    if method == "INVITE" and call_id == "new" and not tag and not (is_open and room):
        assert verdict == Verdict(503, 10)
    assert verdict.status in {PASS, DROP, 200, 400, 405, 415, 503}


def test_whose_call_was_let_in_is_known_until_the_next_verdict(door: Door) -> None:
    door.verdict(request("INVITE"), OURS, "tcp")
    assert door.admitted is not None and door.admitted.peer == TRUNK and door.admitted.transport == "tcp"
    door.verdict(request("OPTIONS"), OURS)
    assert door.admitted is None
    door.verdict(request("INVITE", uri="sip:119@h"), OURS)
    assert door.admitted is None


def test_what_comes_in_clear_from_a_peer_of_tls_gets_no_answer(house: House) -> None:
    door = door_of(house, Peer(name="cucm", networks=("10.0.0.5/32",), tls_only=True), TRUNK)
    for method in ("INVITE", "OPTIONS", "BYE", "CANCEL"):
        assert door.verdict(request(method), OURS, "udp") == Verdict(DROP)
    assert door.verdict(request("BYE", call_id="running", tag="1"), OURS, "tcp") == Verdict(DROP)
    assert door.refused_by == {"plain": 5}
    assert door.verdict(request("INVITE"), OURS, "tls") == Verdict(PASS)
    assert door.verdict(request("INVITE"), "10.0.0.6", "udp") == Verdict(PASS), "others of the network may"


def test_a_flood_gets_no_answer_but_running_calls_do(house: House) -> None:
    door = door_of(house, Peer(name="trunks", networks=("10.0.0.0/24",), invites_per_s=3))
    verdicts = [door.verdict(request(method), OURS, now=1.0).status for method in ("INVITE", "OPTIONS", "REGISTER") * 3]
    assert verdicts == [PASS, PASS, 405, *[DROP] * 6] and door.refused_by == {"rate": 6}
    assert door.verdict(request("BYE", call_id="running", tag="1"), OURS, now=1.0) == Verdict(PASS)
    assert door.verdict(request("INVITE", call_id="running"), OURS, now=1.0) == Verdict(PASS)
    assert door.verdict(request("CANCEL"), OURS, now=1.0) == Verdict(PASS)
    assert door.verdict(request("INVITE"), "10.0.0.6", now=1.0) == Verdict(PASS), "each address has its own"
    assert door.verdict(request("INVITE"), OURS, now=1.5) == Verdict(PASS)


GUARDED = Peer(name="cucm", networks=("10.0.0.0/24",), user="cucm", password="secret")


def test_a_phone_that_asks_on_and_on_in_its_dialog_is_told_to_wait(door: Door) -> None:
    again = [request("INVITE", call_id="running", tag="1") for _ in range(30)]
    verdicts = [door.verdict(each, STRANGER, now=5.0 + number / 100) for number, each in enumerate(again)]
    assert verdicts[:10] == [Verdict(PASS)] * 10 and verdicts[-1] == Verdict(500, 1)
    assert door.refused_by["offers"] == verdicts.count(Verdict(500, 1)) > 10
    assert door.verdict(request("BYE", call_id="running", tag="1"), STRANGER, now=5.3) == Verdict(PASS)
    assert door.verdict(again[0], STRANGER, now=7.0) == Verdict(PASS)


def credentials(verdict: Verdict, *, password: str = "secret", nc: str = "00000001", which: int = 0) -> str:
    challenge = parameters(verdict.headers[which][1])
    given = {
        "username": "cucm", "realm": challenge["realm"], "nonce": challenge["nonce"], "uri": "sip:120@h",
        "algorithm": challenge["algorithm"], "qop": "auth", "nc": nc, "cnonce": "c",
    }  # fmt: skip
    response = expected_response(given, "INVITE", "cucm", password)
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in {**given, "response": response}.items())


def test_a_peer_shows_its_password_for_a_call_and_for_nothing_else(house: House) -> None:
    door = door_of(house, GUARDED)
    asked = door.verdict(request("INVITE"), OURS, now=5.0)
    assert asked.status == 401 and [name for name, _ in asked.headers] == ["WWW-Authenticate"] * 2
    assert "algorithm=SHA-256" in asked.headers[0][1] and "algorithm=MD5" in asked.headers[1][1]
    for which in (0, 1):
        shown = (("authorization", credentials(asked, nc=f"0000000{which + 1}", which=which)),)
        assert door.verdict(request("INVITE", more=shown), OURS, now=6.0) == Verdict(PASS)
    for method in ("ACK", "CANCEL", "OPTIONS"):
        assert door.verdict(request(method), OURS) == Verdict(PASS)
    assert door.verdict(request("INVITE", call_id="running", tag="1"), OURS) == Verdict(PASS), "hold"
    assert not door.refused


def test_a_wrong_password_is_counted_and_an_old_nonce_asked_again(house: House) -> None:
    door = door_of(house, GUARDED)
    asked = door.verdict(request("INVITE"), OURS, now=5.0)
    wrong = (("authorization", credentials(asked, password="guess")),)
    assert door.verdict(request("INVITE", more=wrong), OURS, now=6.0) == Verdict(403)
    assert door.refused_by == {"digest": 1}
    right = (("authorization", credentials(asked)),)
    again = door.verdict(request("INVITE", more=right), OURS, now=500.0)
    assert again.status == 401 and "stale=true" in again.headers[0][1] and door.refused == 1
    assert door.verdict(request("INVITE", more=right), "10.0.0.6", now=6.0).status == 401, "seen on the wire"


def test_voices_as_agreed(house: House) -> None:
    plain, secured = "m=audio 4000 RTP/AVP 8\n", "m=audio 4000 RTP/SAVP 8\na=crypto:1 X inline:k\n"
    required = Peer(name="r", networks=("10.0.0.1/32",), srtp="required")
    optional = Peer(name="o", networks=("10.0.0.2/32",), srtp="optional")
    door = door_of(house, required, optional, TRUNK)
    for source, body, status in (
        ("10.0.0.1", plain, 488), ("10.0.0.1", secured, PASS), ("10.0.0.1", "", PASS),
        ("10.0.0.2", plain, PASS), ("10.0.0.2", secured, PASS),
        (OURS, plain, PASS), (OURS, secured, 488), (OURS, plain + secured, PASS),
    ):  # fmt: skip
        assert door.verdict(request("INVITE", body=body), source).status == status
    assert door.refused_by == {"srtp": 2}


def test_recording_sessions_are_for_recorders(house: House) -> None:
    recorder = Peer(name="sbc", networks=("10.0.0.5/32",), recorder=True)
    door = door_of(house, recorder, TRUNK)
    siprec = (("require", "100rel, siprec"),)
    assert door.verdict(request("INVITE", uri="sip:srs@h", more=siprec), OURS) == Verdict(PASS)
    assert door.verdict(request("INVITE", more=siprec), "10.0.0.6") == Verdict(403)
    assert door.refused_by == {"siprec": 1}


def test_behind_our_own_front_the_terms_of_who_stands_there_count(house: House) -> None:
    front = Peer(name="front", networks=(f"{FRONT}/32",), front=True, invites_per_s=1)
    tls = Peer(name="cucm", networks=("10.0.0.7/32",), tls_only=True)
    door = door_of(house, front, tls, TRUNK)

    def through_front(told: str) -> int:
        return door.verdict(request("INVITE", more=(("x-minwon-source", told),)), FRONT, now=1.0).status

    assert [through_front(f"{OURS}/udp") for _ in range(5)] == [PASS] * 5, "its flood is the front's to hold back"
    assert through_front(f"{STRANGER}/udp") == DROP and through_front("10.0.0.7/udp") == DROP
    assert through_front("10.0.0.7/tls") == PASS
    assert door.admitted is not None and door.admitted.peer == tls
    assert through_front("nonsense") == PASS and door.verdict(request("OPTIONS"), FRONT) == Verdict(PASS)
    assert door.refused_by == {"stranger": 1, "plain": 1}
    lie = (("x-minwon-source", f"{OURS}/tls"),)
    assert door.verdict(request("INVITE", more=lie), STRANGER) == Verdict(DROP), "others are not believed"


def refer(to: str, order: int = 1) -> Request:
    headers = (("call-id", "running"), ("to", "<sip:120@h>;tag=1"), ("cseq", f"{order} REFER"), ("refer-to", to))
    return Request("REFER", "sip:120@h", headers, "")


def test_a_transfer_key_is_answered_as_the_house_says_and_passed_on_once(door: Door, house: House) -> None:
    house.transfers = 202
    asked = Referral("sip:2140@h", "a@b;to-tag=1;from-tag=2")
    order = refer("<sip:2140@h?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>")
    contact = (("Contact", "<sip:120@h>"),)
    accepted = Verdict(202, headers=contact, referral=asked)
    assert door.verdict(order, STRANGER) == accepted, "an agent's phone may be anywhere"
    house.transfers = 491  # it runs
    assert door.verdict(order, STRANGER) == Verdict(202, headers=contact), "the same again: the answer was lost"
    assert door.verdict(refer("<sip:2141@h>", 2), STRANGER) == Verdict(491)


def test_a_notify_is_for_the_stack_where_we_asked_for_a_transfer(door: Door, house: House) -> None:
    assert door.verdict(request("NOTIFY", call_id="running", tag="1"), OURS) == Verdict(405)
    house.referring = True
    assert door.verdict(request("NOTIFY", call_id="running", tag="1"), OURS) == Verdict(PASS)


def test_an_exchange_may_put_another_into_a_leg_of_ours(door: Door, house: House) -> None:
    def invite(replaces: str) -> Request:
        return request("INVITE", uri="sip:whoever@h", more=(("replaces", replaces),))

    house.open = False
    assert door.verdict(invite("running;to-tag=1;from-tag=2"), OURS) == Verdict(PASS)
    assert door.verdict(invite("other;to-tag=1;from-tag=2"), OURS) == Verdict(481)
    assert door.verdict(invite("running;to-tag=1;from-tag=2"), STRANGER) == Verdict(DROP)
    house.room = False
    assert door.verdict(invite("running;to-tag=1;from-tag=2"), OURS) == Verdict(503, 10)
