"""What `minwon check` says of who may sign in."""

from __future__ import annotations

from core.config import AgentConfig, Config, OidcConfig, SignInConfig
from core.events import now
from core.store.accounts import Account, Credentials
from server.check_sign_in import account_findings, provider_finding

KIM = AgentConfig(id="kim", name="김하늘")


def said(config: Config, *kept: Account, own: tuple[Credentials, ...] = ()) -> str:
    return "\n".join(words for _state, words in account_findings(config, kept, own))


def test_who_cannot_sign_in_and_what_to_do() -> None:
    assert "minwon accounts add" in said(Config())
    told = said(Config(agents=(KIM,)))
    assert "kim has no phone" in told
    assert "minwon accounts invite kim" in told
    assert "there is no administrator" in told
    assert "no second factor" in told
    assert "can't sign in" not in said(
        Config(agents=(KIM,)), own=(Credentials(account_id="kim", password_hash="$argon2id$"),)
    )


def test_nothing_is_said_where_nothing_is_missing() -> None:
    boss = Account(id="boss", name="박반장", roles=("admin",), made=now())
    config = Config(sign_in=SignInConfig(second_factor=("admin",)))
    assert said(config, boss) == ""


async def test_a_provider_that_does_not_answer_is_a_note() -> None:
    config = Config(oidc=OidcConfig(issuer="http://127.0.0.1:9", client_id="minwon", timeout_s=1.0))
    state, words = await provider_finding(config)
    assert state == "note"
    assert "administrators sign in by password" in words
