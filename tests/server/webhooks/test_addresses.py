"""Where a webhook may go."""

from __future__ import annotations

import pytest

from core.errors import BadInput, ConfigError
from server.webhooks.addresses import Addresses

NOWHERE = Addresses(())
SITE = Addresses(("127.0.0.0/8", "10.20.0.0/16", "fd00::/8"))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "240.0.0.1",
     "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "nonsense", ""],
)  # fmt: skip
def test_nobody_reaches_this_machine_or_its_neighbours(address: str) -> None:
    assert not NOWHERE.allows(address, "https")
    assert not NOWHERE.allows(address, "http")


def test_https_goes_anywhere_else_and_http_to_the_sites_networks_alone() -> None:
    assert NOWHERE.allows("203.0.113.7", "https") and NOWHERE.allows("10.1.1.1", "https")
    assert not NOWHERE.allows("203.0.113.7", "http")
    assert SITE.allows("10.20.3.4", "http") and SITE.allows("127.0.0.1", "http") and SITE.allows("fd00::1", "http")
    assert SITE.allows("::ffff:10.20.3.4", "http")
    assert not SITE.allows("10.21.3.4", "http") and not SITE.allows("169.254.169.254", "https")


@pytest.mark.parametrize(
    "url",
    ["", "ftp://h.example/", "https://", "https:///x", "http://h.example/", "https://u:p@h.example/", "https://h.example/#x",
     "https://h.example:0/", "https://h.example:99999/", "https://127.0.0.1/", "https://[::1]/", "https://한빛.example/",
     "https://h.example/ x", "https://h.example/\\x", "https://h.example/" + "x" * 500, "https://[::1", "//h.example/"],
)  # fmt: skip
def test_what_is_no_address_is_told_so(url: str) -> None:
    with pytest.raises(BadInput) as wrong:
        NOWHERE.require(url)
    assert wrong.value.code == "webhook_url"


def test_what_is_one() -> None:
    NOWHERE.require("https://hooks.city.example/minwon?key=1")
    SITE.require("http://127.0.0.1:8099/")
    SITE.require("http://stats.internal/")
    with pytest.raises(BadInput):
        SITE.require("http://10.21.0.1/")
    with pytest.raises(ConfigError):
        Addresses(("10.20.0.0/99",))
