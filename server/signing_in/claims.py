"""Who somebody is by the identity provider's word: claims to sign-in name, roles and team. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from core.config import OidcConfig, Role
from core.errors import Refused


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider says of her."""

    subject: str
    """'ISSUER SUBJECT', which is hers for ever."""
    id: str
    """Sign-in name."""
    name: str
    """As callers may hear it."""
    roles: tuple[Role, ...]
    """What she may do."""
    team: str
    """Her team, '' = the provider says nothing of it."""


def told(claims: Mapping[str, Any], config: OidcConfig) -> Told:
    """``Refused``: 'no_name' (no sign-in name), 'no_role' (nothing gives a role here), 'no_team' (it is not mapped)."""
    account_id = _text(_at(claims, config.id_claim)).strip().lower()
    if not 1 <= len(account_id) <= 64 or not account_id.isprintable() or " " in account_id:
        raise Refused(f"the claim '{config.id_claim}' holds no sign-in name", code="no_name")
    values = set(_texts(_at(claims, config.roles_claim)))
    gives = [_pair(each) for each in config.roles]
    roles = tuple(dict.fromkeys(cast("Role", role) for value, role in gives if value in values))
    if not roles:
        raise Refused(f"nothing in the claim '{config.roles_claim}' gives a role here", code="no_role")
    return Told(
        subject=f"{claims['iss']} {claims['sub']}",
        id=account_id,
        name=_text(_at(claims, config.name_claim)).strip()[:60] or account_id,
        roles=roles,
        team=_team(claims, config),
    )


def lacking(claims: Mapping[str, Any], config: OidcConfig) -> bool:
    """Whether an ID token lacks what is asked for, so that user info must be read."""
    wanted = (config.id_claim, config.name_claim, config.roles_claim, config.team_claim)
    return any(name and _at(claims, name) is None for name in wanted)


def _team(claims: Mapping[str, Any], config: OidcConfig) -> str:
    if not config.team_claim:
        return ""
    values = _texts(_at(claims, config.team_claim))
    if not config.teams:
        return values[0][:60] if values else ""
    names = dict(_pair(each) for each in config.teams)
    team = next((names[value] for value in values if value in names), "")
    if values and not team:
        raise Refused(f"no value of the claim '{config.team_claim}' is a team here", code="no_team")
    return team


def _pair(written: str) -> tuple[str, str]:
    value, _, ours = written.rpartition("=")
    return value, ours


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """``realm_access.roles`` is a name within a name, unless the claim is really called so."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
