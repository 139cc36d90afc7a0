"""Who asks for one person's data, and what came of it."""

from __future__ import annotations

from typing import Final

import msgspec

from core.errors import BadInput

LEAST_REASON: Final = 2
"""Letters of a reason."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for whose data, and why."""

    number: str
    """Whose telephone number."""
    by: str
    """Who asks: sign-in name."""
    reason: str
    """Why, in words."""
    identity: str = ""
    """How it was made sure that the person is she: 'identity card seen', 'called back at the number'."""
    address: str = ""
    """Where the request came from."""


class Deleted(msgspec.Struct, frozen=True, kw_only=True):
    """What a deletion did."""

    contacts: int
    """Contacts that lost words, texts, person and record."""
    recordings: int
    """Recordings that went."""
    pictures: int
    """Pictures that went."""
    others: int
    """Texts, callbacks and promises besides."""
    held: tuple[str, ...]
    """Contacts that stay because of a legal hold, or because they are not over."""
    held_by: tuple[str, ...]
    """Titles of those holds."""
    opted_out: bool
    """Whether her wish for no texts stays: without it she would get texts again. It holds no number."""


def require_reason(asked: Asked) -> None:
    """``BadInput``: 'no_reason', 'no_identity'."""
    if len(asked.reason.strip()) < LEAST_REASON:
        raise BadInput("사유를 적어 주세요 / write down why", code="no_reason")
    if len(asked.identity.strip()) < LEAST_REASON:
        raise BadInput(
            "본인 확인 방법을 적어 주세요 / write down how it was made sure that it is she", code="no_identity"
        )
