"""Who calls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Party
from telephony.party import LONGEST_NAME, name_and_uri, party_at, party_from
from telephony.request import request_from


def caller(*headers: str) -> Party:
    return party_from(request_from(("INVITE sip:120@h SIP/2.0\r\n" + "\r\n".join(headers) + "\r\n\r\n").encode()))


@pytest.mark.parametrize(
    ("headers", "party"),
    [
        (["From: <sip:01000001111@h>;tag=1"], Party(number="01000001111")),
        (['From: "홍길동" <sip:01000001111@h>;tag=1'], Party(number="01000001111", name="홍길동")),
        (["From: 홍 길동 <sip:010-0000-1111@h>;tag=1"], Party(number="01000001111", name="홍 길동")),
        (["From: sip:+821000001111@h;tag=1"], Party(number="+821000001111")),
        (['From: "A \\"B\\" <C>" <sip:7@h>'], Party(number="7", name='A "B" <C>')),
        (["From: <sip:front.desk@h>"], Party(number="front.desk")),
        (["From: <sip:120@h>", "P-Asserted-Identity: <tel:+82-10-0000-2222>"], Party(number="+821000002222")),
        (
            ['From: "이" <sip:120@h>', 'P-Asserted-Identity: "김, 시청" <sip:0100@h>, <tel:0200>'],
            Party(number="0100", name="김, 시청"),
        ),
        (['From: "Anonymous" <sip:anonymous@anonymous.invalid>'], Party(anonymous=True)),
        (["From: <sip:0100@h>", "Privacy: id"], Party(anonymous=True)),
        (["From: <sip:0100@h>", "Privacy: critical; user"], Party(anonymous=True)),
        (
            ["From: <sip:anonymous@anonymous.invalid>", "P-Asserted-Identity: <sip:0100@h>", "Privacy: id"],
            Party(anonymous=True),
        ),
        (
            ["From: <sip:anonymous@anonymous.invalid>", "P-Asserted-Identity: <sip:0100@h>", "Privacy: none"],
            Party(number="0100"),
        ),
        (["From: <sip:0100@h>", "Privacy: none"], Party(number="0100")),
        ([], Party()),
    ],
)
def test_who_calls(headers: list[str], party: Party) -> None:
    assert caller(*headers) == party


@given(st.text(), st.sampled_from(["id", "user", "header;id", "session,user"]))
def test_whoever_wants_privacy_gets_it(name: str, privacy: str) -> None:
    clean = name.replace("\r", "").replace("\n", "")
    assert caller(f'From: "{clean}" <sip:0100@h>', f"Privacy: {privacy}") == Party(anonymous=True)


@given(st.text())
def test_a_display_name_is_short_and_has_no_control_characters(text: str) -> None:
    name, _ = name_and_uri(f'"{text}" <sip:1@h>')
    assert len(name) <= LONGEST_NAME
    assert not any(ord(letter) < 32 for letter in name)


@pytest.mark.parametrize(
    ("uri", "number"),
    [("sip:010-0000-1111@10.0.0.5", "01000001111"), ("sip:+821000001111@h;transport=tcp", "+821000001111")],
)
def test_whom_we_call(uri: str, number: str) -> None:
    assert party_at(uri) == Party(number=number)
