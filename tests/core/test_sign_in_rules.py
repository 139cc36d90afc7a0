"""Settings of the sign-in that cannot be."""

from __future__ import annotations

import pytest

from core.config import Config, OidcConfig, SignInConfig, WebConfig
from core.config.sign_in_rules import problems

GOOD = OidcConfig(
    issuer="https://sso.city.example/realms/city", client_id="minwon", roles=("cc=agent", "cn=x,ou=y=admin")
)
WEB = WebConfig(public_url="https://120.city.example")


def test_what_is_right() -> None:
    assert list(problems(Config())) == []
    assert list(problems(Config(oidc=GOOD, web=WEB, sign_in=SignInConfig(local="admins")))) == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (Config(sign_in=SignInConfig(local="admins")), "no other way in"),
        (Config(oidc=OidcConfig(client_id="minwon")), "oidc.issuer is not"),
        (Config(oidc=GOOD), "web.public_url"),
        (
            Config(web=WEB, oidc=OidcConfig(issuer="http://sso.city.example", client_id="m", roles=("a=agent",))),
            "https",
        ),
        (Config(web=WEB, oidc=OidcConfig(issuer="sso.city.example", client_id="m", roles=("a=agent",))), "no address"),
        (Config(web=WEB, oidc=OidcConfig(issuer=GOOD.issuer, roles=("a=agent",))), "client_id"),
        (Config(web=WEB, oidc=OidcConfig(issuer=GOOD.issuer, client_id="m")), "nobody could sign in"),
        (Config(web=WEB, oidc=OidcConfig(issuer=GOOD.issuer, client_id="m", roles=("a=queen",))), "VALUE=ROLE"),
        (Config(web=WEB, oidc=OidcConfig(issuer=GOOD.issuer, client_id="m", roles=("a=agent",), scopes=())), "openid"),
        (
            Config(web=WEB, oidc=OidcConfig(issuer=GOOD.issuer, client_id="m", roles=("a=agent",), teams=("x=y",))),
            "team_claim",
        ),
    ],
)
def test_what_cannot_be_is_said_with_what_would_be_right(config: Config, words: str) -> None:
    assert any(words in problem for problem in problems(config))
