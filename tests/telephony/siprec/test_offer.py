"""Streams that an SDP offers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telephony.siprec.offer import OfferedStream, streams
from tests.telephony.siprec.messages import sdp


def test_label_port_and_direction_of_each_audio_line() -> None:
    offer = sdp("4000 1 sendonly", "4002 lab-2 inactive", "0 3 sendonly")
    assert streams(offer) == (
        OfferedStream(0, "1", 4000, "sendonly"),
        OfferedStream(1, "lab-2", 4002, "inactive"),
        OfferedStream(2, "3", 0, "sendonly"),
    )
    assert [(s.there, s.speaks) for s in streams(offer)] == [(True, True), (True, False), (False, False)]


def test_other_media_keep_their_place() -> None:
    offer = "v=0\r\nm=video 9 RTP/AVP 96\r\na=label:9\r\nm=AUDIO 4000/2 RTP/SAVP 8\r\na=label: 1 \r\n"
    assert streams(offer) == (OfferedStream(1, "1", 4000, "sendrecv"),)


def test_direction_of_the_session_and_hold_of_old() -> None:
    assert streams("v=0\na=sendonly\nm=audio 4 RTP/AVP 8\nm=audio 6 RTP/AVP 8\na=inactive\n") == (
        OfferedStream(0, "", 4, "sendonly"),
        OfferedStream(1, "", 6, "inactive"),
    )
    assert streams("v=0\nm=audio 4 RTP/AVP 8\nc=IN IP4 0.0.0.0\na=sendonly\n")[0].direction == "inactive"


def test_broken_lines_are_left_out() -> None:
    assert streams("m=audio\nm=audio x RTP/AVP 0\nm=audio 99999 RTP/AVP 0\nm= \n") == ()
    assert len(streams("m=audio 4 RTP/AVP 8\n" * 1000)) == 32


@given(st.text(st.sampled_from("m=audiovecl0123/ \n:RTPAV"), max_size=300))
def test_never_raises(text: str) -> None:
    assert all(0 <= stream.port <= 65_535 for stream in streams(text))
