"""Who may sign in, and how."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from core.config.section import Role, Section, SomeSeconds


class SignInConfig(Section, frozen=True, kw_only=True):
    """Local accounts."""

    local: Literal["all", "admins"] = "all"
    """Who may sign in with a password of ours: 'admins' = administrators alone, for the day on which [oidc] is down."""
    idle_minutes: Annotated[float, Meta(ge=0)] = 60.0
    """A sign-in of which nothing was heard for so long is over (an open desk is heard of); 0 = that does not matter."""
    password_length: Annotated[int, Meta(ge=8, le=64)] = 10
    """Characters of a new password at least."""
    invitation_hours: Annotated[float, Meta(gt=0, le=720)] = 72.0
    """The one-time code with which somebody sets her password is good for so long."""
    supervisors_see: Literal["all", "team"] = "all"
    """Whose agents, calls, records, recordings and figures by agent a supervisor sees: everybody's, or those of her
    team alone. One without a team, and administrators, see everybody's."""
    second_factor: Annotated[tuple[Role, ...], Meta(examples=[["admin", "supervisor"]])] = ()
    """Roles that need a second factor (TOTP) beside a password; others may have one."""


class OidcConfig(Section, frozen=True, kw_only=True):
    """The city's identity provider, by OpenID Connect. Needs `web.public_url`; docs/sign-in.md says what to enter."""

    issuer: Annotated[str, Meta(examples=["https://sso.city.example/realms/city"])] = ""
    """Its issuer address, under which `/.well-known/openid-configuration` lies; '' = none."""
    name: Annotated[str, Meta(min_length=1)] = "통합인증"
    """As the sign-in page calls it."""
    client_id: Annotated[str, Meta(examples=["minwon"])] = ""
    """Who we are to it."""
    client_secret: str = ""
    """Our secret. Better kept apart, in `client_secret_file`. '' = a public client, by PKCE alone."""
    client_secret_file: str = ""
    """A file with the secret and nothing else, mode 0600; relative to this file."""
    ca_file: str = ""
    """Certificates of the authority that signed the provider's, PEM, relative to this file; '' = the system's."""
    scopes: tuple[str, ...] = ("openid", "profile")
    """What we ask for."""
    id_claim: Annotated[str, Meta(min_length=1)] = "preferred_username"
    """Claim that is the sign-in name here. A name within a name is written with dots: realm_access.roles."""
    name_claim: Annotated[str, Meta(min_length=1)] = "name"
    """Claim with the name as callers may hear it."""
    roles_claim: Annotated[str, Meta(min_length=1)] = "roles"
    """Claim with roles or groups, a text or a list of them."""
    roles: Annotated[tuple[str, ...], Meta(examples=[["callcentre-agents=agent", "callcentre-leads=supervisor"]])] = ()
    """VALUE=ROLE: which value of that claim gives which role. Who has none of them is refused."""
    team_claim: Annotated[str, Meta(examples=["team"])] = ""
    """Claim with the team; '' = teams are set here."""
    teams: Annotated[tuple[str, ...], Meta(examples=[["cc-tax=세무팀"]])] = ()
    """VALUE=TEAM; empty = the value is the team's name."""
    adopt: bool = False
    """Somebody whom the provider knows is the account of the same sign-in name that is here already."""
    skew_s: Annotated[float, Meta(ge=0, le=300)] = 60.0
    """The provider's clock may be so far off."""
    timeout_s: SomeSeconds = 5.0
    """The provider answers within so long, or is told to be down."""
