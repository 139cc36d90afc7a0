"""The mail server's door: STARTTLS, TLS, a certificate that nobody signed, a sign-in that is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from core.config import MailConfig
from server.reports.mail import MailAway, Mailer, MailRefused, message
from tests.channels.certificates import self_signed
from tests.server.reports.test_sending import Post


def _known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=given.password == b"secret", handled=False)


@pytest.fixture
async def starttls(tmp_path: Path) -> AsyncIterator[tuple[Post, MailConfig]]:
    certificate, tls = self_signed(tmp_path)
    manners, loop = Post(), asyncio.get_running_loop()

    def door() -> SMTP:
        return SMTP(
            manners, loop=loop, tls_context=tls, require_starttls=True, auth_required=True, authenticator=_known
        )

    server = await loop.create_server(door, "127.0.0.1", 0)
    yield (
        manners,
        MailConfig(
            host="127.0.0.1",
            port=server.sockets[0].getsockname()[1],
            ca_file=str(certificate),
            user="minwon",
            password="secret",
            sender="call@hanbit.go.kr",
            domains=("hanbit.go.kr",),
            timeout_s=5,
        ),
    )
    server.close()
    await server.wait_closed()


def mail(config: MailConfig) -> EmailMessage:
    return message(
        config,
        subject="보고\r\nBcc: x@evil.com",
        text="안녕",
        to=["team@hanbit.go.kr"],
        files=(),
        centre="한빛시",
        id="1",
    )


async def test_by_starttls_and_a_sign_in(starttls: tuple[Post, MailConfig]) -> None:
    manners, config = starttls
    assert await Mailer(config).send(mail(config)) == ()
    (got,) = manners.mails
    assert got["Subject"] == "보고 Bcc: x@evil.com"  # one line, whatever the title holds
    assert got["Bcc"] is None
    assert got["From"] == "한빛시 <call@hanbit.go.kr>"


async def test_a_wrong_password_is_refused_for_good(starttls: tuple[Post, MailConfig]) -> None:
    manners, config = starttls
    with pytest.raises(MailRefused, match="535"):
        await Mailer(MailConfig(**{**_fields(config), "password": "wrong"})).send(mail(config))
    assert manners.mails == []


async def test_a_certificate_that_nobody_signed_gets_no_mail(starttls: tuple[Post, MailConfig]) -> None:
    manners, config = starttls
    with pytest.raises(MailAway):
        await Mailer(MailConfig(**{**_fields(config), "ca_file": ""})).send(mail(config))
    assert manners.mails == []


def _fields(config: MailConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in config.__struct_fields__}
