"""What the demo shows: progress and a live account in a terminal. For scripts there is ``server/json_lines.py``."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Protocol

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from core.events import (
    CallEnded,
    CallJoined,
    CallStarted,
    Event,
    Speaker,
    Suggested,
    TranscriptFinal,
    TranscriptPartial,
)

_STAMP = 14
"""Columns of time and call number at the beginning of a line."""


class Screen(Protocol):
    """Where the demo is shown. A reader that went away raises ``BrokenPipeError``."""

    def step(self, korean: str, english: str) -> AbstractContextManager[None]:
        """Something that takes a moment; done when the context is left."""

    def performance(self, desk: str, sip: Sequence[str], user: str, password: str) -> AbstractContextManager[None]:
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
    def performance(self, desk: str, sip: Sequence[str], user: str, password: str) -> Iterator[None]:
        """The address, and who to sign in as; then a foot line with what is being said."""
        lines = Text.assemble(
            "상담사 화면을 여세요  ",
            (desk, "bold underline"),
            f"\n로그인  {user} / {password}\n\n",
            (f"Open the agent's desk at the address above; sign in as {user}.\n", "dim"),
            (f"SIP  {'  '.join(sip)}\n", "dim"),
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


def _said(speaker: Speaker, text: str) -> Text:
    return Text.assemble(("시민  ", "cyan") if speaker == "caller" else ("상담  ", "magenta"), text)
