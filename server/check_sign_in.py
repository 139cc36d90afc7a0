"""What ``minwon check`` says of the sign-in: who cannot, second factors, whether the identity provider answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from core.config import Config
from core.errors import MinwonError
from core.store.accounts import Account, Credentials

Said = tuple[Literal["ok", "note", "fault"], str]


def account_findings(config: Config, kept: Sequence[Account], credentials: Sequence[Credentials]) -> Iterator[Said]:
    """Of the file's accounts and those of the database. Pure."""
    own = {record.account_id for record in credentials if record.password_hash or record.subject}
    roles = {agent.id: agent.roles for agent in config.agents} | {
        account.id: account.roles for account in kept if not account.disabled
    }
    if not roles and not config.oidc.issuer:
        yield "note", "no accounts: nobody can answer or sign in; add [[agents]], or `minwon accounts add`"
    for agent in config.agents:
        if not agent.uri and not config.sip.phone:
            yield "note", f"{agent.id} has no phone (uri): gets no calls"
        if not agent.password_hash and agent.id not in own and not config.oidc.adopt:
            yield "note", f"{agent.id} can't sign in: set password_hash, or `minwon accounts invite {agent.id}`"
    if roles and not any("admin" in each for each in roles.values()):
        yield "note", "there is no administrator: nobody can unlock accounts; `minwon accounts add ID --role admin`"
    if "admin" not in config.sign_in.second_factor:
        yield "note", 'administrators need no second factor: sign_in.second_factor = ["admin", ...] (docs/sign-in.md)'


async def provider_finding(config: Config) -> Said:
    """Whether the identity provider answers, from here."""
    from server.signing_in.provider import Provider  # its libraries take a while to load

    try:
        await Provider(config.oidc).look()
    except MinwonError as fault:
        return "note", f"{config.oidc.issuer}: {fault}; until it does, administrators sign in by password"
    return "ok", f"{config.oidc.issuer} answers; it sends browsers back to {config.web.public_url}/signin/oidc/return"
