"""Messages become arrows: legs, roles, repetitions, and no numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.exchange.ladder import Arrow, Ladder, Seen, masked
from server.exchange.ladder_svg import draw, lanes_of
from server.exchange.ladder_text import cut, head, lane_width, line

SDP = "Content-Type: application/sdp\r\n\r\nc=IN IP4 10.0.0.5\r\nm=audio 16000 RTP/AVP 8\r\n"
NUMBER = "01012345678"


def seen(
    first: str,
    leg: str,
    cseq: str,
    *,
    sent: bool = False,
    call: str = "",
    role: str = "",
    body: str = "",
    at: float = 1.0,
) -> Seen:
    rest = f"Via: SIP/2.0/TCP 10.0.0.5:5060\r\nFrom: <sip:{NUMBER}@pbx>\r\nCall-ID: {leg}\r\nCSeq: {cseq}\r\n"
    peer = "10.0.0.5:5060" if leg == "a" else "10.0.0.30:5060"
    return Seen(
        at=at,
        sent=sent,
        peer=peer,
        text=f"{first}\r\n{rest}{body or chr(13) + chr(10)}".encode(),
        worker="sip0",
        call=call,
        role=role,
    )


FLOW = (
    seen("INVITE sip:120@minwon SIP/2.0", "a", "1 INVITE", call="c1", role="caller", body=SDP),
    seen("SIP/2.0 180 Ringing", "a", "1 INVITE", sent=True, call="c1"),
    seen("SIP/2.0 180 Ringing", "a", "1 INVITE", sent=True, call="c1"),
    seen(f"INVITE sip:{NUMBER}@pbx SIP/2.0", "b", "7 INVITE", sent=True, call="c1", role="agent"),
    seen("SIP/2.0 486 Busy Here", "b", "7 INVITE", call="c1"),
    seen("BYE sip:120@minwon SIP/2.0", "a", "2 BYE"),
    seen("SIP/2.0 200 OK", "a", "2 BYE", sent=True),
)


def arrows(*messages: Seen, numbers: bool = False) -> list[Arrow]:
    ladder = Ladder(numbers=numbers)
    return [arrow for message in messages if (arrow := ladder.feed(message)) is not None]


def test_flow_in_words() -> None:
    told = arrows(*FLOW)
    assert [arrow.title for arrow in told] == [
        "INVITE 120",
        "180 Ringing (INVITE)",
        "180 Ringing (INVITE)",
        "INVITE 010..78",
        "486 Busy Here (INVITE)",
        "BYE",
        "200 OK (BYE)",
    ]
    assert [arrow.role for arrow in told] == ["caller"] * 3 + ["agent"] * 2 + ["caller"] * 2
    assert {arrow.call for arrow in told} == {"c1"}  # also of the last, whose leg the worker had forgotten
    assert [arrow.again for arrow in told] == [False, False, True, False, False, False, False]
    assert [arrow.failed for arrow in told] == [False] * 4 + [True] + [False] * 2
    assert told[0].detail == "PCMA 10.0.0.5:16000 sendrecv"
    assert told[0].transport == "tcp"


def test_numbers_only_when_asked() -> None:
    assert NUMBER not in repr(arrows(*FLOW))
    assert NUMBER in repr(arrows(*FLOW, numbers=True))


def test_third_while_the_agent_is_there() -> None:
    """Without a worker's word the role follows from the order."""
    told = arrows(
        seen("INVITE sip:120@m SIP/2.0", "a", "1 INVITE", call="c"),
        seen("INVITE sip:1@m SIP/2.0", "b", "1 INVITE", sent=True, call="c"),
        seen("INVITE sip:2@m SIP/2.0", "c", "1 INVITE", sent=True, call="c"),
        seen("SIP/2.0 200 OK", "b", "2 BYE", call="c"),
        seen("INVITE sip:3@m SIP/2.0", "d", "1 INVITE", sent=True, call="c"),
    )
    assert [arrow.role for arrow in told] == ["caller", "agent", "third", "agent", "agent"]


def test_callback_and_options() -> None:
    told = arrows(
        seen("INVITE sip:1@m SIP/2.0", "b", "1 INVITE", sent=True, call="c"),
        seen("OPTIONS sip:m SIP/2.0", "x", "1 OPTIONS"),
    )
    assert [arrow.role for arrow in told] == ["caller", "exchange"]


def test_when_a_call_is_over() -> None:
    ladder = Ladder()
    for message in FLOW[:-1]:
        ladder.feed(message)
    assert not ladder.over("c1")
    ladder.feed(FLOW[-1])
    assert ladder.over("c1") and not ladder.over("other")


def test_a_challenge_is_not_the_end() -> None:
    ladder = Ladder()
    ladder.feed(seen("INVITE sip:1@m SIP/2.0", "b", "1 INVITE", sent=True, call="c"))
    ladder.feed(seen("SIP/2.0 407 Proxy", "b", "1 INVITE", call="c"))
    assert not ladder.over("c")


def test_masking_keeps_extensions() -> None:
    assert masked("2107") == "2107"
    assert masked("+821012345678") == "+82..78"
    assert masked("") == ""


def test_picture_is_well_formed_and_holds_no_number() -> None:
    from xml.etree import ElementTree

    picture = draw(arrows(*FLOW), title="call <c1>")
    ElementTree.fromstring(picture)
    assert NUMBER not in picture
    assert "486 Busy Here" in picture and "PCMA 10.0.0.5:16000" in picture
    assert [name for name, _ in lanes_of(arrows(*FLOW))] == ["caller", "sip0", "agent's phone"]


def test_picture_without_messages() -> None:
    assert "no message" in draw([])


def test_terminal_lines() -> None:
    told, roles = arrows(*FLOW), ["caller", "agent"]
    width = lane_width(120, 2)
    lines = [line(arrow, width, roles) for arrow in told]  # type: ignore[arg-type]
    assert "INVITE 120" in lines[0] and "▶" in lines[0] and "◀" in lines[1] and "(again)" in lines[2]
    assert lines[3].index("│") > lines[0].index("│")
    assert "agent's phone" in head(width, roles)  # type: ignore[arg-type]


def test_korean_letters_take_two_columns() -> None:
    assert cut("여권과 김하늘", 8) == "여권과…"
    assert cut("abc", 8) == "abc"


@given(st.binary(max_size=200), st.booleans())
def test_anything_is_borne(data: bytes, sent: bool) -> None:
    ladder = Ladder()
    ladder.feed(Seen(at=1.0, sent=sent, peer="", text=data))
    ladder.feed(Seen(at=1.0, sent=sent, peer="", text=b"INVITE sip:a SIP/2.0\r\nCall-ID: x\r\nCSeq: " + data))
