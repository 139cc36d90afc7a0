"""Which voices are encrypted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.srtp_offer import Offer, offer_in

PLAIN, SECURED, BARE, DTLS = (
    f"m=audio 4000 {profile} 8\n" for profile in ("RTP/AVP", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVPF")
)
KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\n"


@pytest.mark.parametrize(
    ("body", "offer"),
    [
        ("", Offer()),
        ("v=0\nm=video 4000 RTP/SAVP 96\n" + KEY, Offer()),
        (PLAIN, Offer(plain=True)),
        (PLAIN + KEY, Offer(plain=True)),
        (SECURED + KEY, Offer(secured=True)),
        (SECURED.replace("\n", "\r\n") + KEY, Offer(secured=True)),
        (KEY + SECURED, Offer(secured=True)),
        (SECURED, Offer(other=True)),
        (BARE + PLAIN + KEY, Offer(plain=True, other=True)),
        (DTLS + "a=fingerprint:sha-256 00\n", Offer(other=True)),
        (SECURED.replace("4000", "0") + KEY + PLAIN, Offer(plain=True)),
        ("--b\nContent-Type: application/sdp\n\nv=0\n" + SECURED + KEY + "--b\n<xml/>\n", Offer(secured=True)),
        ("m=audio many RTP/AVP 8\nm=audio\n", Offer()),
    ],
)
def test_offers(body: str, offer: Offer) -> None:
    assert offer_in(body) == offer
    assert offer.empty == (offer == Offer())


@given(st.text())
def test_any_text_is_read(body: str) -> None:
    offer_in(body)
    offer_in("m=audio " + body)
