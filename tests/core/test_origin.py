"""Whose page sent a request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.origin import is_same_origin


@pytest.mark.parametrize(
    ("origin", "host", "public", "same"),
    [
        ("http://desk.city:8080", "desk.city:8080", "", True),
        ("https://DESK.city", "desk.city", "", True),
        ("https://minwon.example", "backend:9000", "https://minwon.example/", True),
        ("http://[::1]:8080", "[::1]:8080", "", True),
        ("https://evil.example", "desk.city", "", False),
        ("https://desk.city.evil.example", "desk.city", "", False),
        ("https://desk.city:8443", "desk.city", "", False),
        ("null", "desk.city", "", False),
        ("", "desk.city", "", False),
        ("", "", "", False),
        ("http://[", "desk.city", "", False),
        ("desk.city", "desk.city", "", False),
    ],
)
def test_host_and_port_decide(origin: str, host: str, public: str, same: bool) -> None:
    assert is_same_origin(origin, host, public) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_that_is_sent_makes_it_stumble(origin: str, host: str) -> None:
    assert is_same_origin(origin, host) in (True, False)
