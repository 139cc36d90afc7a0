"""Certificates as files."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from core.certificate import Certificate, examine, server_context
from core.errors import ConfigError
from tests.sip.pki import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki"))


def test_a_good_one(authority: Authority) -> None:
    certificate, key = authority.issue("good", host="DNS:sip.city.example,DNS:*.voice.example,IP:10.20.0.5", days=20)
    found = examine(str(certificate), str(key), str(authority.file))
    assert found.state == "valid" and 19 < found.days_left() <= 20
    for host in ("sip.city.example", "SIP.city.example.", "a.voice.example", "10.20.0.5"):
        assert found.is_for(host)
    for host in ("city.example", "a.b.voice.example", "10.20.0.6", ""):
        assert not found.is_for(host)


def test_one_that_is_over_is_no_error(authority: Authority) -> None:
    certificate, key = authority.issue("old", days=0)
    found = examine(str(certificate), str(key))
    assert found in (Certificate(state="expired"), Certificate(state="not_yet")) or found.days_left() < 0.01


def test_what_cannot_be_used_is_said(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue("one")
    _, other = authority.issue("two")
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("no PEM")
    rubbish.chmod(0o600)
    for files, words in (
        ((certificate, other), "is not the key of"),
        ((tmp_path / "none.pem", key), "cannot read the certificate"),
        ((certificate, tmp_path / "none.key"), "cannot read the private key"),
        ((rubbish, key), "is no PEM file"),
        ((certificate, rubbish), "is no PEM file"),
        ((certificate, key, rubbish), "holds no certificates"),
        ((certificate, key, tmp_path / "none.pem"), "cannot read the authorities"),
    ):
        with pytest.raises(ConfigError, match=words):
            examine(*map(str, files))
    key.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        examine(str(certificate), str(key))


def test_a_server_speaks_tls_1_2_or_newer(authority: Authority) -> None:
    certificate, key = authority.issue("server")
    context = server_context(str(certificate), str(key), str(authority.file))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2 and context.verify_mode is ssl.CERT_REQUIRED
    assert server_context(str(certificate), str(key)).verify_mode is ssl.CERT_NONE
