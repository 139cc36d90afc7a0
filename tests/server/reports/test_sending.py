"""Reports by mail, against a real SMTP server: once each, over restarts and two nodes; every way in which it fails."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec.structs import replace

from core.config import MailConfig
from core.home import Home
from core.store.reports import ReportSchedule
from core.store.sql_store import SqlStore, open_store
from server.reports.mail import Mailer, MailRefused
from server.reports.making import Making
from server.reports.printing import Printer
from server.reports.sending import LEASE, PAUSES, Sending

SEOUL = ZoneInfo("Asia/Seoul")
T0 = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""A Monday, 09:30 in Seoul."""
DAILY = ReportSchedule(
    schedule_id="d",
    title="일일 보고",
    every="day",
    hour=9,
    to=("team@hanbit.go.kr", "chief@hanbit.go.kr"),
    formats=("pdf", "xlsx"),
    at=T0 - timedelta(days=9),
)


class Post:
    """A mail server's manners."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.say = ""
        """Instead of taking the next mails."""
        self.refuse = ""
        self.breaks = False

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: Any) -> str:
        if to == self.refuse:
            return "550 no such user"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.breaks:
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        if self.say:
            return self.say
        assert isinstance(envelope.content, bytes)
        mail = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def post() -> AsyncIterator[tuple[Post, int]]:
    manners = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(manners, loop=loop), "127.0.0.1", 0)
    yield manners, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture
async def store(home: Home) -> AsyncIterator[SqlStore]:
    opened = await open_store("", home)
    await opened.reports.put_schedule(DAILY)
    yield opened
    await opened.close()


def node(store: SqlStore, port: int, clock: Clock) -> Sending:
    config = MailConfig(
        host="127.0.0.1", port=port, security="none", sender="call@hanbit.go.kr", domains=("hanbit.go.kr",), timeout_s=5
    )
    making = Making(store.statistics, Printer(""), zone=SEOUL, centre="한빛시 민원콜센터", clock=clock)
    return Sending(store.reports, making, Mailer(config), zone=SEOUL, centre="한빛시 민원콜센터", clock=clock)


async def states(store: SqlStore) -> list[tuple[str, int]]:
    return [(each.state, each.tries) for each in await store.reports.sendings()]


async def test_a_report_is_sent_once_by_two_nodes_and_once_more_the_next_day(
    store: SqlStore, post: tuple[Post, int]
) -> None:
    manners, port = post
    clock = Clock()
    nodes = node(store, port, clock), node(store, port, clock)
    await asyncio.gather(*(each.look() for each in nodes * 3))
    await node(store, port, clock).look()  # after a restart
    (mail,) = manners.mails
    assert mail["To"] == "team@hanbit.go.kr, chief@hanbit.go.kr"
    assert mail["Subject"] == "[한빛시 민원콜센터] 일일 보고 (2026. 3. 1.(일))"
    assert mail["Message-ID"] == "<d.20260302T0000@hanbit.go.kr>"
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["상담통계_2026-03-01.html", "상담통계_2026-03-01.xlsx"]  # there is no Chromium
    body = mail.get_body()
    assert body is not None
    assert "Chromium" in body.get_content()
    clock.now += timedelta(days=1)
    await nodes[1].look()
    assert len(manners.mails) == 2
    assert await states(store) == [("sent", 1), ("sent", 1)]


async def test_what_was_due_before_the_schedule_was_made_or_is_off_is_not_sent(
    store: SqlStore, post: tuple[Post, int]
) -> None:
    manners, port = post
    await store.reports.put_schedule(replace(DAILY, at=T0))
    await store.reports.put_schedule(replace(DAILY, schedule_id="off", active=False))
    await node(store, port, Clock()).look()
    assert manners.mails == []


async def test_while_the_server_is_away_it_is_tried_again_with_pauses_and_given_up_at_last(store: SqlStore) -> None:
    clock = Clock()
    away = node(store, 1, clock)
    await away.look()
    await away.look()
    (sending,) = await store.reports.sendings()
    assert (sending.state, sending.tries, sending.next_at) == ("waiting", 1, T0 + PAUSES[0])
    assert "메일 서버에 닿지 못했습니다" in sending.reason
    for pause in PAUSES:
        clock.now += pause
        await away.look()
    assert await states(store) == [("failed", len(PAUSES) + 1)]


async def test_a_server_that_says_later_gets_it_later(store: SqlStore, post: tuple[Post, int]) -> None:
    manners, port = post
    manners.say = "451 try again"
    clock = Clock()
    sender = node(store, port, clock)
    await sender.look()
    manners.say = ""
    clock.now += PAUSES[0]
    await sender.look()
    assert len(manners.mails) == 1
    assert await states(store) == [("sent", 2)]


async def test_a_server_that_says_never_is_not_asked_again(store: SqlStore, post: tuple[Post, int]) -> None:
    manners, port = post
    manners.say = "554 no"
    clock = Clock()
    sender = node(store, port, clock)
    await sender.look()
    clock.now += timedelta(hours=3)
    await sender.look()
    (sending,) = await store.reports.sendings()
    assert (sending.state, sending.tries) == ("failed", 1)
    assert "554" in sending.reason


async def test_whom_the_server_does_not_know_is_named(store: SqlStore, post: tuple[Post, int]) -> None:
    manners, port = post
    manners.refuse = "chief@hanbit.go.kr"
    await node(store, port, Clock()).look()
    (sending,) = await store.reports.sendings()
    assert sending.state == "sent"
    assert "chief@hanbit.go.kr" in sending.reason


async def test_what_broke_off_while_being_handed_over_is_never_repeated_by_itself(
    store: SqlStore, post: tuple[Post, int]
) -> None:
    manners, port = post
    manners.breaks = True
    clock = Clock()
    sender = node(store, port, clock)
    await sender.look()
    manners.breaks = False
    clock.now += timedelta(hours=6)
    await sender.look()
    assert await states(store) == [("unclear", 1)]
    assert manners.mails == []


async def test_a_node_that_died_is_followed_by_another(store: SqlStore, post: tuple[Post, int]) -> None:
    manners, port = post
    clock = Clock()
    sender = node(store, port, clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sender.mailer, "send", _dies)
        with pytest.raises(asyncio.CancelledError):
            await sender.look()
    assert await states(store) == [("making", 1)]
    await node(store, port, clock).look()
    assert manners.mails == []  # perhaps it still works on it
    clock.now += LEASE
    await node(store, port, clock).look()
    assert len(manners.mails) == 1
    assert await states(store) == [("sent", 2)]


async def _dies(*_: object, **__: object) -> tuple[str, ...]:
    raise asyncio.CancelledError


async def test_a_trial_goes_out_at_once_beside_the_schedule(store: SqlStore, post: tuple[Post, int]) -> None:
    manners, port = post
    assert await node(store, port, Clock()).trial(DAILY) == ()
    assert manners.mails[0]["Subject"].startswith("[시험]")
    assert await states(store) == []


async def test_without_a_mail_server_it_says_so(store: SqlStore, tmp_path: Path) -> None:
    nowhere = node(store, 1, Clock())
    nowhere.mailer = Mailer(MailConfig())
    with pytest.raises(MailRefused, match="mail"):
        await nowhere.trial(DAILY)
    await nowhere.look()
    assert await states(store) == [("failed", 1)]
