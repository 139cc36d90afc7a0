"""Weak doors are told in words."""

from __future__ import annotations

import time

import pytest

from core.config import Config, FrontConfig, PeerConfig, SipConfig, TlsConfig
from server.doors import door_findings
from tests.sip.pki import Authority

DAY_S = 86_400


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki"))


def words(config: Config, now: float | None = None) -> str:
    return "\n".join(f"{state}: {says}" for state, says in door_findings(config, now=now))


def with_tls(authority: Authority, name: str, *, days: int = 90, **settings: str) -> Config:
    certificate, key = authority.issue(name, days=days)
    tls = TlsConfig(certificate_file=str(certificate), key_file=str(key), ca_file=str(authority.file))
    return Config(sip=SipConfig(tls=tls, **settings))  # type: ignore[arg-type]


def test_a_small_site_on_this_machine_has_nothing_to_mend() -> None:
    assert words(Config()) == ""


def test_the_whole_world_and_the_internet() -> None:
    site = Config(
        sip=SipConfig(trunks=("0.0.0.0/0",), public_address="8.8.4.4"),
        peers=(
            PeerConfig(name="a", networks=("::/0",)),
            PeerConfig(name="b", networks=("10.0.0.0/8",), user="u", password="p"),
            PeerConfig(name="c", networks=("10.0.0.0/8",), tls_only=True),
        ),
    )
    said = words(site)
    assert "note: sip.trunks lets in the whole world" in said and "note: peer 'a' lets in the whole world" in said
    assert "peer 'a', sip.trunks may call without password or TLS" in said and "peer 'b'" not in said


def test_keys_in_clear() -> None:
    required = PeerConfig(name="a", networks=("10.0.0.0/8",), srtp="required")
    said = words(Config(sip=SipConfig(srtp="required"), peers=(required,)))
    assert said.count("its keys pass in clear") == 2
    assert "in clear" not in words(Config(sip=SipConfig(srtp="required", trunks=())))


def test_a_dial_plan_that_costs() -> None:
    open_plan = SipConfig(outbound="sip:{number}@10.0.0.5", outbound_numbers="0[0-9]+", outbound_per_hour=0)
    said = words(Config(sip=open_plan))
    assert "premium numbers" in said and "calls abroad" in said and "outbound_per_hour is 0" in said
    assert words(Config(sip=SipConfig(outbound="sip:{number}@10.0.0.5"))) == ""


def test_certificates(authority: Authority) -> None:
    good = with_tls(authority, "good")
    assert words(good).startswith("ok: TLS: ") and "days left" in words(good)
    assert "note" not in words(good)
    soon = time.time() + 80 * DAY_S
    assert "expires in 10 days" in words(good, soon) and "ok" not in words(good, soon)
    elsewhere = with_tls(authority, "elsewhere", public_address="203.0.113.7")
    assert "is for 127.0.0.1, not for 203.0.113.7" in words(elsewhere)


def test_a_front_with_tls_may_be_what_the_certificate_is_for(authority: Authority) -> None:
    certificate, key = authority.issue("front", host="IP:10.20.0.15")
    tls = TlsConfig(certificate_file=str(certificate), key_file=str(key), ca_file=str(authority.file))
    site = Config(sip=SipConfig(tls=tls), front=FrontConfig(host="10.20.0.15", tls_port=5061))
    assert "not for" not in words(site)


def test_files_that_cannot_be_used_are_faults(authority: Authority) -> None:
    certificate, _ = authority.issue("one")
    _, other = authority.issue("two")
    tls = TlsConfig(certificate_file=str(certificate), key_file=str(other))
    assert "fault: " in words(Config(sip=SipConfig(tls=tls))) and "is not the key of" in words(
        Config(sip=SipConfig(tls=tls))
    )
    bare = TlsConfig(certificate_file=str(certificate), key_file=str(certificate.with_suffix(".key")))
    assert "sip.tls.ca_file is empty" in words(Config(sip=SipConfig(tls=bare)))
