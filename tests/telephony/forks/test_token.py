"""How a stream shows its token."""

from __future__ import annotations

import base64

import pytest

from telephony.forks.token import shows

TOKEN = "s3cret:with/marks=한"


def basic(user_password: str) -> str:
    return "Basic " + base64.b64encode(user_password.encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "path"),
    [
        (f"Bearer {TOKEN}", "/"),
        (f"bearer   {TOKEN} ", "/"),
        (basic(f"asterisk:{TOKEN}"), "/"),
        ("", "/in?call=1&token=s3cret%3Awith%2Fmarks%3D%ED%95%9C"),
        ("Bearer wrong", "/?token=s3cret%3Awith%2Fmarks%3D%ED%95%9C"),
    ],
)
def test_ways(authorization: str, path: str) -> None:
    assert shows(TOKEN, authorization, path)


@pytest.mark.parametrize(
    ("authorization", "path"),
    [
        ("", "/"),
        ("", "/?token="),
        ("", "/?token=wrong&token=s3cret%3Awith%2Fmarks%3D%ED%95%9C"),
        (TOKEN, "/"),
        ("Bearer", "/"),
        (f"Digest {TOKEN}", "/"),
        ("Basic not base64", "/"),
        ("Basic " + base64.b64encode(b"\xff\xff").decode(), "/"),
        (basic(TOKEN.partition(":")[0]), "/"),
        ("Bearer \udcff", "/?" + "&".join("a=1" for _ in range(99))),
    ],
)
def test_no_ways(authorization: str, path: str) -> None:
    assert not shows(TOKEN, authorization, path)
