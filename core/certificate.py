"""TLS certificates as files: whether they can be used, for whom, and how long. Standard library alone."""

from __future__ import annotations

import ssl
import stat
import time
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal

import msgspec

from core.errors import ConfigError

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_EXPIRED, _NOT_YET = 10, 9  # X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID
_LARGEST: Final = 1 << 20
_DAY_S: Final = 86_400.0


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says of itself."""

    state: Literal["valid", "expired", "not_yet"]
    names: tuple[str, ...] = ()
    """Host names and addresses that it is for (subjectAltName, else the common name)."""
    ends: float = 0.0
    """Seconds since 1970; 0 where it is not valid now."""

    def days_left(self, now: float | None = None) -> float:
        """Until it expires; 0 where it is not valid now."""
        return max(0.0, self.ends - (time.time() if now is None else now)) / _DAY_S

    def is_for(self, host: str) -> bool:
        """Whether a peer that knows us by this name or address will accept it (RFC 6125: one label by '*')."""
        wanted = _plain(host)
        wild = "*." + wanted.partition(".")[2]
        return any(_plain(name) in {wanted, wild} for name in self.names)


def examine(certificate_file: str, key_file: str, ca_file: str = "") -> Certificate:
    """Read the files and try them on ourselves. ``ConfigError`` says which file is wrong and what to do.

    An expired certificate is no error here: ``state`` says so.
    """
    chain, _key = _read(certificate_file, "the certificate"), _read(key_file, "the private key")
    if Path(key_file).stat().st_mode & _OTHERS:
        raise ConfigError(f"others may read the private key {key_file}; run: chmod 600 {key_file}")
    server = server_context(certificate_file, key_file, ca_file)
    server.verify_mode = ssl.CERT_NONE
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the certificate itself is all that is trusted
    try:
        client.load_verify_locations(cadata=chain.decode("ascii", "replace"))
        facts = _shaken_hands(server, client)
    except ssl.SSLCertVerificationError as fault:
        if fault.verify_code in (_EXPIRED, _NOT_YET):
            return Certificate(state="expired" if fault.verify_code == _EXPIRED else "not_yet")
        raise ConfigError(f"peers will refuse the certificate {certificate_file}: {fault.verify_message}") from None
    except ssl.SSLError as fault:
        raise ConfigError(f"the certificate {certificate_file} can't be used for TLS 1.2: {_reason(fault)}") from None
    return Certificate(state="valid", names=_names(facts), ends=ssl.cert_time_to_seconds(str(facts["notAfter"])))


def server_context(certificate_file: str, key_file: str, ca_file: str = "") -> ssl.SSLContext:
    """TLS 1.2 or newer with our certificate; with ``ca_file`` peers must show one of those authorities.

    ``ConfigError`` for files that can't be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key with a password would be asked for on the terminal: nobody is there.
        context.load_cert_chain(certificate_file, key_file, password=lambda: "")
    except ssl.SSLError as fault:
        if fault.reason == "KEY_VALUES_MISMATCH":
            raise ConfigError(f"{key_file} is not the key of {certificate_file}: give the pair") from None
        raise ConfigError(
            f"{certificate_file} or {key_file} is no PEM file, or the key has a password ({_reason(fault)})"
        ) from None
    except OSError as fault:
        raise ConfigError(f"cannot read {certificate_file} or {key_file} ({fault.strerror})") from None
    if ca_file:
        _read(ca_file, "the authorities' certificates")
        try:
            context.load_verify_locations(ca_file)
        except ssl.SSLError as fault:
            raise ConfigError(f"{ca_file} holds no certificates in PEM ({_reason(fault)})") from None
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _shaken_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> dict[str, object]:
    """What a client learns of our certificate; the handshake runs in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = server.wrap_bio(to_server, to_client, server_side=True)
    there = client.wrap_bio(to_client, to_server)
    for side in (there, here) * 3:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return dict(there.getpeercert() or {})


def _names(facts: dict[str, object]) -> tuple[str, ...]:
    names = [str(value) for _kind, value in facts.get("subjectAltName", ())]  # type: ignore[attr-defined]
    if not names:
        subject = facts.get("subject", ())
        names = [value for part in subject for key, value in part if key == "commonName"]  # type: ignore[attr-defined]
    return tuple(names)


def _plain(host: str) -> str:
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return host.lower().rstrip(".")


def _read(name: str, what: str) -> bytes:
    path = Path(name)
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError(f"{what} {name} is larger than 1 MB: give the PEM file alone")
        return path.read_bytes()
    except OSError as fault:
        raise ConfigError(f"cannot read {what} {name} ({fault.strerror})") from None


def _reason(fault: ssl.SSLError) -> str:
    return (fault.reason or str(fault)).replace("_", " ").lower()
