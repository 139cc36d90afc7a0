"""Codes: time-based ones of the second factor (TOTP, RFC 6238, by pyotp), those for the day on which the phone is lost,
and the one with which a first password is set.

Six digits every 30 s with SHA-1, as every authenticator app takes them. A clock may be one step off either way
(RFC 6238 section 5.2). Pure but for randomness; that a code is used once is the store's to decide.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Final

import pyotp

from server.signing_in.session_rules import hash_of

STEP_S: Final = 30
"""Seconds of one time step."""
DRIFT: Final = 1
"""Steps that a phone's clock may be off."""
RECOVERY_CODES: Final = 10
"""How many are given out."""
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read as something else


def new_secret() -> str:
    """160 bits in base 32, as RFC 4226 section 4 recommends."""
    return pyotp.random_base32()


def uri(secret: str, *, account_id: str, centre: str) -> str:
    """For the QR code: ``otpauth://totp/...`` (Key URI Format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_id, issuer_name=centre)


def spaced(secret: str) -> str:
    """The secret as somebody types it: in groups of four."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def step_of(secret: str, typed: str, at_s: float) -> int | None:
    """The time step whose code this is, near ``at_s`` (seconds since 1970); None when it is none."""
    code = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    totp, now = pyotp.TOTP(secret, interval=STEP_S), int(at_s // STEP_S)
    found = None
    for step in range(max(0, now - DRIFT), now + DRIFT + 1):
        # All are compared, so that the time taken tells nothing.
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def recovery_codes() -> list[str]:
    """New ones: 'k7mq-3xpa-9wtd', 59 bits each."""
    return ["-".join(_letters(4) for _part in range(3)) for _ in range(RECOVERY_CODES)]


def recovery_hash(typed: str) -> str:
    """How a recovery code is kept, however it was typed; '' for what can be none."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    return hash_of(f"recovery:{plain}") if re.fullmatch(r"[2-9a-z]{12}", plain) else ""


def invitation_code() -> str:
    """For setting a first password: 'k7mq-3xpa-9wtd-e4hs', 79 bits."""
    return "-".join(_letters(4) for _part in range(4))


def invitation_hash(typed: str) -> str:
    """How an invitation's code is kept, however it was typed; '' for what can be none."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    return hash_of(f"invitation:{plain}") if re.fullmatch(r"[2-9a-z]{16}", plain) else ""


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
