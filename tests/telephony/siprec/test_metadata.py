"""Messages of recording metadata: what each says, and what a later one changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import Party
from telephony.siprec.metadata import Metadata
from telephony.siprec.metadata_xml import LONGEST, read
from tests.telephony.siprec import messages
from tests.telephony.siprec.messages import AGENT, CITIZEN, rfc7865

CALLER = ("p1", f"sip:{CITIZEN}@10.0.0.9", "홍길동", "1")
HANEUL = ("p2", f"sip:{AGENT}@10.0.0.5", "김하늘", "2")
BADA = ("p3", "sip:2108@10.0.0.5", "이바다", "2")


def test_names_addresses_streams_and_sessions() -> None:
    known = read(rfc7865(CALLER, HANEUL))
    assert known.complete and known.running == {"s1"} and not known.over
    assert [p.party for p in known.present] == [
        Party(number=CITIZEN, name="홍길동"),
        Party(number=AGENT, name="김하늘"),
    ]
    assert [p.sends for p in known.participants] == [("stream-1",), ("stream-2",)]
    assert [(s.id, s.label) for s in known.streams] == [("stream-1", "1"), ("stream-2", "2")]


@pytest.mark.parametrize(
    ("xml", "people"),
    [
        (messages.CISCO_CUBE, [(CITIZEN, "", None), (AGENT, "", None)]),
        (messages.ORACLE, [("0331200120", "", False), (CITIZEN, "홍길동", True)]),
        (messages.RIBBON, [("0331200120", "", False), (CITIZEN, "", True)]),
        (messages.BROADWORKS, [("haneul", "", True), (CITIZEN, "", False)]),
        (messages.AUDIOCODES, [(AGENT, "", None), (CITIZEN, "홍길동", None)]),
        (messages.METASWITCH, [("+821012345678", "", None), ("120", "민원콜센터", None)]),
        (messages.GENESYS, [("120", "", None), ("", "", None)]),
    ],
)
def test_every_vendors_people_are_read(xml: str, people: list[tuple[str, str, bool | None]]) -> None:
    known = read(xml)
    assert [(p.party.number, p.party.name, p.calling) for p in known.present] == people
    assert all(p.sends for p in known.present) and len(known.streams) == 2
    assert not known.over


def test_a_withheld_number_is_no_number() -> None:
    assert read(messages.GENESYS).present[1].party == Party(anonymous=True)


def test_a_subscriber_who_is_recorded_is_marked() -> None:
    assert [p.recorded for p in read(messages.BROADWORKS).present] == [True, False]


def test_a_partial_message_changes_only_what_it_names() -> None:
    known = read(rfc7865(CALLER, HANEUL))
    after = known.with_update(read(rfc7865(HANEUL, BADA, mode="partial", left=frozenset({"p2"}))))
    assert [p.party.name for p in after.present] == ["홍길동", "이바다"]
    assert after.participants[0].sends == ("stream-1",)
    assert after.complete and not after.over


def test_a_partial_message_of_an_association_alone() -> None:
    known = read(rfc7865(CALLER, HANEUL))
    gone = read(
        '<recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>partial</datamode>'
        '<participantsessionassoc participant_id="p2" session_id="s1"><disassociate-time>2026-11-26T10:09:00Z'
        '</disassociate-time></participantsessionassoc><participantstreamassoc participant_id="p2">'
        "<recv>stream-1</recv></participantstreamassoc></recording>"
    )
    after = known.with_update(gone)
    assert [p.party.name for p in after.present] == ["홍길동"]
    assert after.participants[1].sends == () and after.participants[1].name == "김하늘"


def test_a_complete_message_replaces_all() -> None:
    after = read(rfc7865(CALLER, HANEUL)).with_update(read(rfc7865(CALLER, BADA)))
    assert [p.party.name for p in after.participants] == ["홍길동", "이바다"]


def test_over_when_all_sessions_stopped_or_all_left() -> None:
    known = read(rfc7865(CALLER, HANEUL))
    assert known.with_update(read(rfc7865(CALLER, HANEUL, stopped=True))).over
    assert known.with_update(read(rfc7865(CALLER, HANEUL, left=frozenset({"p1", "p2"})))).over
    assert not known.with_update(read(rfc7865(CALLER, HANEUL, left=frozenset({"p2"})))).over
    assert not Metadata().over


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE recording [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<recording><session>&b;</session></recording>"
)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "no XML"),
        ("v=0", "no XML"),
        ("<recording>", "no XML"),
        ("<recording xmlns:apkt=http://x></recording>", "no XML"),
        ("<html/>", "begins with <html>"),
        (BOMB, "no XML"),
        ('<!DOCTYPE r SYSTEM "http://127.0.0.1/x"><recording/>', "no XML"),
        ("<recording>" + " " * LONGEST + "</recording>", "at most"),
    ],
)
def test_what_is_no_metadata_is_said(xml: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(xml)


def test_a_declared_encoding_is_passed_over_and_the_unknown_too() -> None:
    xml = rfc7865(CALLER, HANEUL).replace('encoding="UTF-8"', "encoding='EUC-KR'")
    xml = "\n " + xml.replace("<datamode>", "<!-- note --><?pi x?><v:new xmlns:v='urn:v'><v:a/></v:new><datamode>")
    assert [p.party.name for p in read(xml).present] == ["홍길동", "김하늘"]


def test_more_than_is_believed_is_left_out() -> None:
    many = "".join(f'<participant participant_id="{n}"/>' for n in range(500))
    assert len(read(f"<recording>{many}</recording>").participants) == 64


_NAMES = ("recording", "participant", "session", "stream", "participantstreamassoc", "send", "nameID", "label", "aor")
_XML = st.recursive(
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<&"), max_size=8),
    lambda inside: st.builds(
        lambda name, key, value, children: f'<{name} {key}="{value}">{"".join(children)}</{name}>',
        st.sampled_from(_NAMES),
        st.sampled_from(("participant_id", "session_id", "id", "aor")),
        st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='<&"'), max_size=8),
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)


@given(_XML, _XML)
def test_never_anything_but_bad_input(one: str, other: str) -> None:
    known = Metadata()
    for inside in (one, other):
        for xml in (inside, f"<recording><datamode>partial</datamode>{inside}</recording>"):
            try:
                known = known.with_update(read(xml))
            except BadInput:
                continue
    assert len({p.id for p in known.participants}) == len(known.participants)
    assert all(isinstance(p.party, Party) for p in known.participants)
