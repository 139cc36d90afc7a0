"""TLS of the forks' door."""

from __future__ import annotations

import shutil
import ssl
from pathlib import Path

import pytest

from core.config import ForksConfig
from core.errors import ConfigError
from telephony.forks.certificates import Certificates
from tests.telephony.forks.authority import Authority


def handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> dict[str, object]:
    """Both sides in memory; the certificate that the client was shown."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    theirs = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    for _ in range(8):
        for side in (theirs, ours):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    ours.write(b"x")
    theirs.read()
    return theirs.getpeercert() or {}  # type: ignore[return-value]


def named(certificate: dict[str, object]) -> str:
    return str(certificate["subject"])


def client_of(authority: Authority, *own: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.file))
    if own:
        context.load_cert_chain(*own)
    return context


def settings(tmp_path: Path, authority: Authority, **more: str) -> ForksConfig:
    certificate, key = authority.issue("first")
    shutil.copy(certificate, tmp_path / "used.pem")
    shutil.copy(key, tmp_path / "used-key.pem")
    return ForksConfig(certificate_file=str(tmp_path / "used.pem"), key_file=str(tmp_path / "used-key.pem"), **more)


def test_files_are_read_again_when_they_change(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificates = Certificates(settings(tmp_path, authority))
    assert "first" in named(handshake(certificates.context, client_of(authority)))
    (tmp_path / "used.pem").write_text("half a file")
    certificates.renew()
    assert "first" in named(handshake(certificates.context, client_of(authority))), "a broken one is not taken"
    certificate, key = authority.issue("second")
    shutil.copy(certificate, tmp_path / "used.pem")
    shutil.copy(key, tmp_path / "used-key.pem")
    certificates.renew()
    assert "second" in named(handshake(certificates.context, client_of(authority)))


def test_certificates_of_streams(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    config = settings(tmp_path, authority, ca_file=str(authority.file))
    certificates = Certificates(config)
    handshake(certificates.context, client_of(authority, *authority.issue("pbx")))
    with pytest.raises(ssl.SSLError):
        handshake(certificates.context, client_of(authority))
    other = Authority(tmp_path, "other")
    with pytest.raises(ssl.SSLError):
        handshake(certificates.context, client_of(authority, *other.issue("intruder")))
    shutil.copy(other.file, authority.file)  # another authority from now on
    certificates.renew()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    trusting.load_cert_chain(tmp_path / "intruder.pem", tmp_path / "intruder-key.pem")
    handshake(certificates.context, trusting)


def test_old_tls_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificates = Certificates(settings(tmp_path, authority))
    assert certificates.context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"forks\.certificate_file"):
        Certificates(ForksConfig(certificate_file=str(tmp_path / "none.pem"), key_file=str(tmp_path / "none.pem")))
