"""What ``minwon check`` says of reports: whether they are printed as PDF, whether they go by mail. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from core.config import MailConfig

Said = tuple[Literal["pdf", "mail"], Literal["ok", "note"], str]


def report_findings(mail: MailConfig, chromium: str) -> Iterator[Said]:
    """Part, state, words. ``chromium``: the program that prints, '' = there is none. Nothing here is a fault: calls
    go on without it."""
    if chromium:
        yield "pdf", "ok", f"reports are printed by {chromium}"
    else:
        yield "pdf", "note", "no Chromium: reports leave as web pages, not as PDF; apt-get install chromium"
    if not mail.host:
        yield "mail", "note", "no mail server: scheduled reports are sent to nobody; set mail.host (docs/reports.md)"
    elif not mail.sender:
        yield "mail", "note", "mail.sender is empty: mails need an address that they come from"
    elif not mail.domains:
        yield "mail", "note", "mail.domains is empty: nobody may get reports by mail; name the city's domains"
    else:
        yield "mail", "ok", f"reports go by {mail.host}:{mail.port} to {', '.join(mail.domains)}"
