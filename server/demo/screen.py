"""What the demo shows: progress and a live account in a terminal. For scripts there is ``server/json_lines.py``."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import IO, Final, Protocol

import msgspec
from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from core import qr
from core.events import (
    CallEnded,
    CallJoined,
    CallStarted,
    Event,
    FormSent,
    MessageSent,
    ScreenCause,
    ScreenShown,
    Speaker,
    Suggested,
    TranscriptFinal,
    TranscriptPartial,
    VisitChanged,
    VisitState,
)

_PAGE: Final[dict[VisitState, str]] = {"opened": "휴대전화 화면이 열렸습니다", "back": "화면이 다시 이어졌습니다"}
_CAUSES: Final[dict[ScreenCause, str]] = {
    "start": "처음",
    "touch": "손가락",
    "key": "키",
    "agent": "상담사",
    "time": "시간",
    "call": "통화",
}
_WEEKDAYS: Final = "월화수목금토일"
_STAMP = 14
"""Columns of time and call number at the beginning of a line."""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The addresses of the running demo."""

    desk: str
    """The agent's desk."""
    sip: tuple[str, ...]
    """'host:port' of each SIP worker."""
    stage: str
    """Desk and smartphone side by side."""
    phone: str
    """Where a smartphone of one's own begins; it is drawn as a QR code."""
    lan: bool = False
    """Other devices can reach it."""
    shifted: datetime | None = None
    """The hour that it is in the demo, where the city's centre would be closed now."""


class Screen(Protocol):
    """Where the demo is shown. A reader that went away raises ``BrokenPipeError``."""

    def step(self, korean: str, english: str) -> AbstractContextManager[None]:
        """Something that takes a moment; done when the context is left."""

    def performance(self, where: Where, user: str, password: str) -> AbstractContextManager[None]:
        """Calls are accepted, until the context is left."""

    async def show(self, event: Event) -> None:
        """Something happened."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """rich would exit on the spot; the demo has phones to put down first."""
        raise BrokenPipeError


class Terminal:
    """For people: ticks while starting, the address, then what is said and which cards come."""

    def __init__(self, out: IO[str] | None = None) -> None:
        self._console = _Console(file=out or sys.stdout, highlight=False)
        self._counted = itertools.count(1)
        self._numbers: dict[str, int] = {}
        self._shown: dict[str, frozenset[str]] = {}
        self._unfinished: dict[str, Text] = {}
        # Without rich's own refreshing thread: it may redraw between a print's measuring and its writing.
        self._foot = Live(
            console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
        )

    @contextmanager
    def step(self, korean: str, english: str) -> Iterator[None]:
        """A spinner, then a tick with the time that it took."""
        began = time.monotonic()
        with self._console.status(f"{korean} [dim]{english}[/dim]"):
            yield
        took = time.monotonic() - began
        self._console.print(f"[green]✓[/green] {korean} [dim]{english}  {took:.1f} s[/dim]")

    @contextmanager
    def performance(self, where: Where, user: str, password: str) -> Iterator[None]:
        """The addresses, a QR code, and who to sign in as; then a foot line with what is being said."""
        own = "같은 무선망의 휴대전화로 찍어 보세요" if where.lan else "내 휴대전화로 열려면: make demo ARGS=--lan"
        own_en = (
            "scan with a phone in this network" if where.lan else "to open it on your own phone: make demo ARGS=--lan"
        )
        lines = Text.assemble(
            "상담 화면과 민원인의 휴대전화를 나란히 여세요  ",
            (where.stage, "bold underline"),
            f"\n로그인  {user} / {password}\n",
            ("Open the desk and the caller's phone side by side at the address above; ", "dim"),
            (f"sign in as {user}.\n\n", "dim"),
            f"상담 화면만  {where.desk}\n",
            f"보이는 ARS  {where.phone}   {own}\n",
            (f"{own_en}\n", "dim"),
            Text.from_ansi(qr.terminal(where.phone)),
            (f"\nSIP  {'  '.join(where.sip)}\n", "dim"),
            _hour(where.shifted),
            ("Ctrl-C: 끝내기 (end)", "dim"),
        )
        self._console.print(Panel(lines, title="민원 minwon demo", expand=False, border_style="green"))
        with self._foot:
            yield

    async def show(self, event: Event) -> None:
        """One line for what matters, none for the rest; unfinished utterances go to the foot line."""
        if isinstance(event, CallStarted):
            self._numbers[event.call_id] = next(self._counted)
        number = self._numbers.get(event.call_id, 0)
        match event:
            case TranscriptPartial(speaker=speaker, text=text):
                self._unfinished[event.call_id] = Text.assemble((f"#{number} ", "dim"), _said(speaker, text))
            case TranscriptFinal() | CallEnded():
                self._unfinished.pop(event.call_id, None)
        line = self._line(event)
        self._foot.update(Text("\n").join(self._unfinished.values()), refresh=line is None)
        if line is not None:
            stamp = event.at.astimezone().strftime("%H:%M:%S")
            self._console.print(Text.assemble((f"{stamp} #{number}".ljust(_STAMP), "dim"), line), soft_wrap=True)

    def _line(self, event: Event) -> Text | None:
        match event:
            case CallStarted(caller=caller):
                return Text(f"☎  {caller.number or '발신번호 표시 제한'}", "bold")
            case CallJoined(agent_name=name):
                return Text(f"   {name} 상담사가 받았습니다", "dim")
            case TranscriptFinal(speaker=speaker, text=text):
                return Text.assemble("   ", _said(speaker, text))
            case Suggested():
                return self._cards(event)
            case VisitChanged(state=state) if state in _PAGE:
                return Text(f"   ▣ {_PAGE[state]}", "green")
            case ScreenShown(title=title, cause=cause):
                return Text(f"   ▣ {title} ({_CAUSES[cause]})", "green")
            case FormSent(title=title, values=values):
                return Text(f"   ▣ {title}: {', '.join(v.value for v in values if v.value)}", "green")
            case MessageSent(state="queued", text=text):
                return Text(f"   ✉ {text}", "green")
            case CallEnded(duration_s=duration_s):
                self._shown.pop(event.call_id, None)
                self._numbers.pop(event.call_id, None)
                return Text(f"   끝 {duration_s:.0f}초", "dim")
            case _:
                return None

    def _cards(self, event: Suggested) -> Text | None:
        ids = frozenset(card.id for card in event.suggestions)
        new = [card for card in event.suggestions if card.id not in self._shown.get(event.call_id, frozenset())]
        self._shown[event.call_id] = ids
        if not new:
            return None
        lines = (f"   ▸ {card.title} · {card.department} {card.phone}".rstrip() for card in new)
        return Text(("\n" + " " * _STAMP).join(lines), "yellow")


def _hour(shifted: datetime | None) -> Text:
    """A word on the demo's clock, if it is not ours."""
    if shifted is None:
        return Text()
    return Text.assemble(
        f"상담 시간이 아니어서 {_WEEKDAYS[shifted.weekday()]}요일 {shifted:%H:%M}인 것으로 합니다  ",
        (f"the centre is closed now: the demo plays on a {shifted:%A}, {shifted:%H:%M}\n", "dim"),
    )


def _said(speaker: Speaker, text: str) -> Text:
    return Text.assemble(("시민  ", "cyan") if speaker == "caller" else ("상담  ", "magenta"), text)
