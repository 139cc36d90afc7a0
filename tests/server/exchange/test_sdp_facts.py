"""SDP as an engineer reads it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.exchange.sdp_facts import audio_of

OFFER = (
    "v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\n"
    "m=audio 16000 RTP/AVP 8 0 18 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:30\r\na=sendonly\r\n"
    "m=video 16002 RTP/AVP 96\r\na=inactive\r\n"
)


def test_first_audio_stream() -> None:
    audio = audio_of(OFFER)
    assert audio is not None
    assert (audio.host, audio.port, audio.codecs) == ("10.0.0.5", 16000, ("PCMA", "PCMU", "G729"))
    assert (audio.keys, audio.direction, audio.ptime_ms, audio.secured) == (True, "sendonly", 30, False)
    assert audio.in_words() == "PCMA,PCMU,G729 10.0.0.5:16000 sendonly 30 ms"


def test_own_address_and_srtp() -> None:
    audio = audio_of("a=inactive\nc=IN IP4 10.0.0.5\nm=audio 9/2 RTP/SAVP 0\nc=IN IP4 10.0.0.6/127\n")
    assert audio is not None
    assert (audio.host, audio.port, audio.direction, audio.secured) == ("10.0.0.6", 9, "inactive", True)


def test_part_of_a_recording_session_is_found() -> None:
    body = f"--b\r\nContent-Type: application/sdp\r\n\r\n{OFFER}--b\r\nContent-Type: text/xml\r\n\r\n<x/>"
    audio = audio_of(body)
    assert audio is not None and audio.port == 16000


@given(st.text(max_size=200))
def test_anything_is_borne(text: str) -> None:
    audio_of(text)
    audio_of(f"m=audio {text}")
