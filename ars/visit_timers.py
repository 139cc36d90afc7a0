"""The three clocks of a visit: the caller's silence, a form's minutes, a page that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

LOST_S: Final = 5.0
"""A page that is gone for less was only reloaded."""


class Timers:
    """Each is started anew or stopped; ``close`` stops all. Belongs to one event loop."""

    def __init__(
        self, *, silent: Callable[[], object], time_up: Callable[[], object], lost: Callable[[], object]
    ) -> None:
        self._silent = silent
        self._time_up = time_up
        self._lost = lost
        self._silence: asyncio.TimerHandle | None = None
        self._form: asyncio.TimerHandle | None = None
        self._page: asyncio.TimerHandle | None = None

    @property
    def listening(self) -> bool:
        """Whether the caller's silence is being counted."""
        return self._silence is not None

    def listen(self, seconds: float) -> None:
        """It is the caller's turn: silence for so long is told."""
        self.stop_listening()
        self._silence = asyncio.get_running_loop().call_later(seconds, self._after_silence)

    def stop_listening(self) -> None:
        """The caller did something, or something is said to her."""
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def form(self, seconds: float | None) -> None:
        """The form must be sent within so long; None = there is none, or it has all the time."""
        if self._form is not None:
            self._form.cancel()
            self._form = None
        if seconds is not None:
            self._form = asyncio.get_running_loop().call_later(max(0.0, seconds), self._time_up)

    def page_gone(self) -> None:
        """The last page is gone: told when none comes back soon."""
        if self._page is None:
            self._page = asyncio.get_running_loop().call_later(LOST_S, self._after_loss)

    def page_there(self) -> None:
        """A page is there."""
        if self._page is not None:
            self._page.cancel()
            self._page = None

    def close(self) -> None:
        """None of them matters any more."""
        self.stop_listening()
        self.form(None)
        self.page_there()

    def _after_silence(self) -> None:
        self._silence = None
        self._silent()

    def _after_loss(self) -> None:
        self._page = None
        self._lost()
