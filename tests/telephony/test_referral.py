"""What REFER and Replaces ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.referral import Referral, referral_in, replaced_call_id

REPLACES = "a84b4c@10.0.0.1;to-tag=7743;from-tag=6472"


@pytest.mark.parametrize(
    ("refer_to", "referral"),
    [
        ("<sip:2140@exchange.example>", Referral("sip:2140@exchange.example")),
        ("sip:2140@exchange.example", Referral("sip:2140@exchange.example")),
        ('"세무과" <sip:2140@exchange.example;user=phone>;x=1', Referral("sip:2140@exchange.example;user=phone")),
        (
            "<sip:2140@10.0.0.2:5080?Replaces=a84b4c%4010.0.0.1%3Bto-tag%3D7743%3Bfrom-tag%3D6472&Require=replaces>",
            Referral("sip:2140@10.0.0.2:5080", REPLACES),
        ),
        ("<sip:2140@h?replaces=a%0d%0aEvil:1>", Referral("sip:2140@h")),
        ("<tel:+8231120>", Referral("")),
        ("<sip:h>", Referral("")),
        ("", Referral("")),
    ],
)
def test_refer_to(refer_to: str, referral: Referral) -> None:
    assert referral_in(refer_to) == referral


@given(st.text())
def test_nothing_breaks_it_or_breaks_out_of_a_header(refer_to: str) -> None:
    referral = referral_in(refer_to)
    assert not set(referral.uri + referral.replaces) & set("\r\n\0")


def test_which_dialog_is_replaced() -> None:
    assert replaced_call_id(REPLACES) == "a84b4c@10.0.0.1"
    assert replaced_call_id("") == ""
