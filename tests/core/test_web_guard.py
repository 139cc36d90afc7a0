"""Only our own page may change anything."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from core.web.guard import require_same_origin


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("desk.city.example", "https://desk.city.example"),
        ("desk.city.example:8090", "http://desk.city.example:8090"),
        ("DESK.city.example", "http://desk.City.example"),
        ("[::1]:8090", "http://[::1]:8090"),
    ],
)
def test_our_own_page_passes(host: str, origin: str) -> None:
    require_same_origin(make_mocked_request("POST", "/", headers={"Host": host, "Origin": origin}))


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "https://evil.example",
        "https://desk.city.example.evil.example",
        "https://desk.city.example:444",
        "https://evil.example/desk.city.example",
        "desk.city.example",
    ],
)
def test_all_others_are_refused(origin: str | None) -> None:
    headers = {"Host": "desk.city.example", **({} if origin is None else {"Origin": origin})}
    with pytest.raises(web.HTTPForbidden):
        require_same_origin(make_mocked_request("POST", "/", headers=headers))
