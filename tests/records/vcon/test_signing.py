"""Signed vCons, verified by hand."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from core.errors import EnvironmentFault
from records.vcon.signing import SigningKey, new_signing_key

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEM = new_signing_key("한빛시 민원콜센터", T0)
UUID = "0f6a1d3e-0000-8000-8000-000000000001"


def from64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_anybody_can_verify_it_by_the_certificate_in_it() -> None:
    payload = json.dumps({"uuid": UUID, "subject": "여권"}, ensure_ascii=False).encode()
    signed = SigningKey(PEM).signed(payload, UUID)
    assert set(signed) == {"payload", "signatures"} and from64(signed["payload"]) == payload
    (one,) = signed["signatures"]
    assert json.loads(from64(one["protected"])) == {"alg": "RS256"}
    assert one["header"]["uuid"] == UUID
    certificate = x509.load_der_x509_certificate(base64.b64decode(one["header"]["x5c"][0]))
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    said = f"{one['protected']}.{signed['payload']}".encode()
    key.verify(from64(one["signature"]), said, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        key.verify(from64(one["signature"]), said + b"x", padding.PKCS1v15(), hashes.SHA256())


def test_what_is_no_key_is_told_so() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    private, certificate = PEM.split(b"-----BEGIN CERTIFICATE", 1)
    for pem in (b"", b"nonsense", private, other + b"-----BEGIN CERTIFICATE" + certificate):
        with pytest.raises(EnvironmentFault) as fault:
            SigningKey(pem)
        assert fault.value.code == "vcon_key"
