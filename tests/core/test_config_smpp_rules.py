"""Settings of a message centre: what is missing, too long or does not fit is told; the password is never shown."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from core.config import Config, SmppConfig, SmsConfig, load, redacted
from core.config.smpp_rules import problems
from core.errors import ConfigError

SMS = SmsConfig(gateway="smpp", sender="0331200120")
SMPP = SmppConfig(host="10.0.0.9", system_id="minwon", password="geheim")


def said(sms: SmsConfig = SMS, **other: object) -> list[str]:
    return list(problems(Config(sms=sms, smpp=msgspec.structs.replace(SMPP, **other))))


def test_what_fits_is_silent_and_so_is_what_is_not_used() -> None:
    assert said() == []
    assert said(SmsConfig(), host="", part_octets=41, encoding="ucs-2") == []


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"host": "", "password": ""}, "sms.gateway 'smpp' needs smpp.host, smpp.password_file"),
        ({"system_id": "a" * 16}, "smpp.system_id has more than 15 letters"),
        ({"system_id": "한빛"}, "or others than ASCII"),
        ({"password": "123456789"}, "smpp.password has more than 8 letters"),
        ({"service_type": "123456"}, "smpp.service_type has more than 5 letters"),
        ({"ca_file": "/ca.pem"}, "set smpp.tls = true"),
        ({"window": 17}, "sms.at_once 16 never fills smpp.window 17"),
        ({"numbers": "international"}, "goes with smpp.destination_ton = 1"),
        ({"encoding": "ucs-2", "part_octets": 139}, "smpp.part_octets 139 is odd"),
    ],
)
def test_what_does_not_fit_is_told(other: dict[str, object], says: str) -> None:
    (only,) = said(**other)
    assert says in only


def test_our_number_is_wanted_too() -> None:
    (only,) = said(SmsConfig(gateway="smpp"))
    assert "sms.sender" in only


def test_the_password_comes_from_its_file_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "smpp-password"
    file.write_text("geheim12\n")
    file.chmod(0o600)
    config = tmp_path / "minwon.toml"
    config.write_text(
        '[sms]\ngateway = "smpp"\nsender = "0331200120"\n'
        '[smpp]\nhost = "10.0.0.9"\nsystem_id = "minwon"\npassword_file = "smpp-password"\n'
    )
    loaded = load(config, {})
    assert loaded.smpp.password == "geheim12"
    assert "geheim12" not in str(redacted(loaded)) + repr(loaded)
    with pytest.raises(ConfigError, match="keep password_file"):
        load(config, {"MINWON_SMPP_PASSWORD": "x"})
    file.write_text("123456789")
    with pytest.raises(ConfigError, match="at most 8 letters"):
        load(config, {})
    file.write_text("geheim12")
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="others may read"):
        load(config, {})
