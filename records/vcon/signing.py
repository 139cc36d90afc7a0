"""The signed form of a vCon (draft-ietf-vcon-vcon-core-04, section 5.2): JWS in general JSON form (RFC 7515, 7.2.1).

``alg`` stands in the protected header, so that nobody can exchange it; the certificates (``x5c``) and the uuid stand in
the unprotected one, where the draft wants them. RFC 7515, section 4 forbids that a name stands in both. Pure.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import RSAKey

from core.errors import EnvironmentFault

ALGORITHM: Final = "RS256"
"""What the draft wants for the sake of interoperability (section 5.2.2)."""
BITS: Final = 3072
YEARS: Final = 10
LEAST_BITS: Final = 2048
_UNPROTECTED: Final = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


class SigningKey:
    """A site's key and its certificates, its own first."""

    def __init__(self, pem: bytes) -> None:
        """``EnvironmentFault`` ('vcon_key') for a file that is no key with its certificate."""
        try:
            key = serialization.load_pem_private_key(pem, None)
            chain = x509.load_pem_x509_certificates(pem)
        except (ValueError, TypeError) as fault:
            raise _unusable("it is no PEM file with a key without a password and its certificate") from fault
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_BITS:
            raise _unusable(f"the key is no RSA key of {LEAST_BITS} bits or more")
        if chain[0].public_key() != key.public_key():
            raise _unusable("the first certificate is not that of the key")
        self.chain: Sequence[x509.Certificate] = chain
        self._key = RSAKey.import_key(key)

    def signed(self, payload: bytes, vcon_uuid: str) -> dict[str, Any]:
        """The signed form of an unsigned one."""
        x5c = [base64.b64encode(each.public_bytes(serialization.Encoding.DER)).decode() for each in self.chain]
        member: Any = {"protected": {"alg": ALGORITHM}, "header": {"x5c": x5c, "uuid": vcon_uuid}}
        found: Any = jws.serialize_json([member], payload, self._key, registry=_UNPROTECTED)
        return dict(found)


def new_signing_key(name: str, at: datetime) -> bytes:
    """PEM of a new key with a certificate that it has signed itself. ``name``: of the site."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"), x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _unusable(why: str) -> EnvironmentFault:
    return EnvironmentFault(f"vCons can't be signed: {why}; see outward.vcon_key_file", code="vcon_key")
