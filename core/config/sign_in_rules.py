"""Rules of the settings that decide who may sign in. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlsplit

from core.config.section import Role
from core.config.sections import Config

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


def problems(config: Config) -> Iterator[str]:
    """What cannot be, with what would be right."""
    oidc = config.oidc
    if config.sign_in.local == "admins" and not oidc.issuer:
        yield "sign_in.local is 'admins', but there is no other way in: set oidc.issuer, or local = \"all\""
    if not oidc.issuer:
        if oidc.client_id:
            yield "oidc.client_id is set, but oidc.issuer is not: write the provider's issuer address"
        return
    parts = urlsplit(oidc.issuer)
    if not parts.hostname or parts.query or parts.fragment or parts.scheme not in {"https", "http"}:
        yield f"oidc.issuer: '{oidc.issuer}' is no address; write it as the provider does, https://..., without '?'"
    elif parts.scheme == "http" and parts.hostname not in _HERE:
        yield "oidc.issuer must be https: only to this machine itself it may be http"
    if not oidc.client_id:
        yield "oidc.issuer needs oidc.client_id: the name under which the provider knows us"
    if "openid" not in oidc.scopes:
        yield "oidc.scopes needs 'openid': without it there is no ID token"
    if not config.web.public_url:
        yield "oidc needs web.public_url: the provider sends the browser back there"
    yield from _mapping(config)


def _mapping(config: Config) -> Iterator[str]:
    known = get_args(Role)
    if not config.oidc.roles:
        yield 'oidc.roles is empty, so nobody could sign in: write ["VALUE=agent", ...], VALUE as the provider says it'
    for pair in config.oidc.roles:
        value, equals, role = pair.rpartition("=")
        if not value or not equals or role not in known:
            yield f"oidc.roles: '{pair}' must be VALUE=ROLE with a role of {', '.join(known)}"
    for pair in config.oidc.teams:
        value, equals, team = pair.rpartition("=")
        if not value or not equals or not team:
            yield f"oidc.teams: '{pair}' must be VALUE=TEAM"
    if config.oidc.teams and not config.oidc.team_claim:
        yield "oidc.teams needs oidc.team_claim: in which claim are teams told?"
