"""Mail through the city's own server (SMTP submission, RFC 6409), by aiosmtplib: one message, one connection.

What went wrong is one of three things: it may be tried again (``MailAway``), it will never work as it is
(``MailRefused``), or the connection broke while the message was handed over, so that nobody knows (``MailUnclear``).
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Final

import aiosmtplib
from aiosmtplib import SMTP

from core.config import MailConfig
from core.errors import EnvironmentFault, Refused
from core.events import now
from records.report.jobs import Made

_PERMANENT: Final = 500
"""Replies from here on say 'never' (RFC 5321, 4.2.1)."""


class MailAway(EnvironmentFault):
    """The server is not there, or says: later."""

    code = "mail_away"


class MailRefused(Refused):
    """The server says no, or nothing is set up."""

    code = "mail_refused"


class MailUnclear(EnvironmentFault):
    """The connection broke after the message had begun."""

    code = "mail_unclear"


def message(
    config: MailConfig, *, subject: str, text: str, to: Sequence[str], files: Sequence[Made], centre: str, id: str
) -> EmailMessage:
    """A mail. ``id`` is its own for ever: who gets it twice can tell."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = formataddr((centre, config.sender))
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{id}@{config.sender.rpartition('@')[2] or 'minwon'}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
    mail.set_content(text)
    for made in files:
        kind, _, sort = made.kind.partition("/")
        mail.add_attachment(made.body, maintype=kind, subtype=sort, filename=made.name)
    return mail


class Mailer:
    """Sends. ``await mailer.send(mail, before=...)``."""

    def __init__(self, config: MailConfig) -> None:
        self.config = config

    @property
    def ready(self) -> bool:
        """Whether a server, a sender and allowed domains are configured."""
        return bool(self.config.host and self.config.sender and self.config.domains)

    async def send(self, mail: EmailMessage, *, before: Callable[[], Awaitable[None]] | None = None) -> tuple[str, ...]:
        """Hand it over; to whom the server would not send. ``before``: called when all is ready, right before.

        Raises ``MailAway``, ``MailRefused``, ``MailUnclear``, and what ``before`` raises.
        """
        if not self.ready:
            raise MailRefused(
                "메일 서버가 설정되지 않았습니다([mail]) / no mail server: set [mail] host, sender, domains"
            )
        config = self.config
        client = SMTP(
            hostname=config.host,
            port=config.port,
            use_tls=config.security == "tls",
            start_tls=config.security == "starttls",
            tls_context=self._trust() if config.security != "none" else None,
            timeout=config.timeout_s,
        )
        try:
            await self._begin(client)
            if before is not None:
                await before()
            return await self._hand(client, mail)
        finally:
            client.close()

    async def _begin(self, client: SMTP) -> None:
        try:
            await client.connect()
            if self.config.user:
                await client.login(self.config.user, self.config.password)
        except aiosmtplib.SMTPAuthenticationError as refusal:
            raise MailRefused(f"메일 서버가 로그인을 거절했습니다({refusal.code}) / sign-in refused") from refusal
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise MailAway(f"메일 서버에 닿지 못했습니다({_said(fault)}) / the mail server is away") from fault

    async def _hand(self, client: SMTP, mail: EmailMessage) -> tuple[str, ...]:
        try:
            refused, _ = await client.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            codes = [each.code for each in refusal.recipients]
            raise _refusal(min(codes, default=_PERMANENT), "받을 사람 / recipients") from refusal
        except aiosmtplib.SMTPResponseException as refusal:
            raise _refusal(refusal.code, _said(refusal)) from refusal
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise MailUnclear(
                f"보내는 도중에 연결이 끊겼습니다({_said(fault)}). 받은 사람에게 확인하세요 / it broke off: ask them"
            ) from fault
        return tuple(refused)

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.config.ca_file or None)
        except OSError as fault:
            raise MailRefused(f"mail.ca_file: {self.config.ca_file} ({fault.strerror or fault})") from fault


def _refusal(code: int, why: str) -> MailAway | MailRefused:
    text = f"메일 서버가 받지 않았습니다({code} {why}) / the mail server refuses it"
    return MailRefused(text) if code >= _PERMANENT else MailAway(text)


def _said(fault: BaseException) -> str:
    return " ".join(str(fault).split())[:200] or type(fault).__name__
