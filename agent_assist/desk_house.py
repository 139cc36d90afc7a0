"""What the desk needs from the house around it: one small protocol, fulfilled by ``server/app.py``.

The desk may not import the server, telephony or stt; everything it knows of them comes through here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aiohttp import web

from agent_assist.desk_assist import AlertStep, Procedure, ReportEntry, Shelves, UseCard
from agent_assist.desk_language import Spoken
from agent_assist.desk_notes import DeskNotes
from agent_assist.desk_record import DeskRecords
from agent_assist.desk_recording import DeskRecording
from agent_assist.desk_state import ChosenState
from agent_assist.desk_texts import DeskTexts
from agent_assist.desk_threads import DeskThreads
from agent_assist.desk_transfers import PassOn, Target, Wish
from agent_assist.desk_visits import CallbackPage, Push, Reach
from core.agent import Agent
from core.bus.contract import Bus
from core.events import (
    AgentStateChanged,
    AlertChanged,
    Event,
    IssueChanged,
    QueueChanged,
    Suggestion,
)
from core.store.contract import Store
from core.store.entry import Entry
from core.web.noted import Sights


class DeskHouse(DeskTexts, DeskThreads, DeskNotes, DeskRecords, DeskRecording, Protocol):
    """The running house as seen from a desk. All methods are called on the event loop and must not block it."""

    centre: str
    """Name of the call centre, shown in the corner: '한빛시 민원콜센터'."""
    wrap_up_s: float
    """Seconds of wrap-up after a call before the agent is ready again by herself; 0 = none. For the countdown."""
    bus: Bus
    store: Store
    sights: Sights

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in agent, or None. Asked again before every message of a socket: must be cheap."""

    def over(self, request: web.Request) -> asyncio.Event:
        """Set the moment the sign-in of this request ends."""

    def state_of(self, agent_id: str) -> AgentStateChanged:
        """The agent's state now: the newest published ``AgentStateChanged`` of hers.
        ``busy_call`` names the call that her desk shows."""

    async def set_state(self, agent_id: str, state: ChosenState, reason: str = "") -> None:
        """The agent chose a state; the change comes back as an event. The first two end a wrap-up. ``reason``: why she
        is away, one of ``away_reasons``, '' = she does not say. Raises ``Refused`` when that state can't be chosen now,
        ``BadInput`` ('bad_reason')."""

    async def hang_up(self, call_id: str, agent_id: str) -> None:
        """End the call. Raises ``Refused`` when it is not that agent's running call."""

    # Running calls. Refusals: 'not_your_call', 'only_listening' (the exchange has the call), 'no_step' (not possible
    # now), and those that are named.

    def targets(self, query: str, agent_id: str, limit: int) -> Sequence[Target]:
        """To whom she may pass a caller on, by what she typed: free colleagues first."""

    async def hold(self, call_id: str, agent_id: str, on: bool) -> None:
        """Hold music for her caller, or no longer; comes back as ``CallHeld`` / ``CallResumed``."""

    async def pass_on(self, call_id: str, agent_id: str, what: PassOn) -> None:
        """Pass her caller on; comes back as ``TransferChanged``. ``Refused``: 'no_target', 'colleague_busy',
        'transfer_running', 'transfer_loop', 'no_outbound', 'not_callable', 'too_many_calls'."""

    async def transfer_step(self, call_id: str, agent_id: str, wish: Wish) -> None:
        """Go on with it: connect, all three, or the caller back."""

    def languages(self) -> Sequence[Spoken]:
        """What callers may speak here, the usual one first; empty = there is nothing to choose."""

    async def speaks(self, call_id: str, agent_id: str, language: str) -> None:
        """The caller of her call speaks that language: it is heard so from now on, the last words too; comes back as
        ``LanguageChanged``. ``Refused``: 'no_language'."""

    # Where she sits.

    @property
    def hot_desk(self) -> bool:
        """Whether agents choose their telephone."""

    async def sit(self, agent_id: str, extension: str) -> None:
        """She sits there from now on ('' = at her own telephone); comes back as ``AgentStateChanged``. ``Refused``:
        'no_hot_desk', 'busy_with_call', 'extension_busy'; ``BadInput``: 'bad_extension'."""

    def queue(self) -> QueueChanged:
        """How many callers wait now: the newest published ``QueueChanged``."""

    async def history(self, call_id: str, after: int) -> list[Event]:
        """The call's lasting events with seq > after, in order, **including everything already published** when this
        is called, whether the recorder has stored it or not. An unknown call has none."""

    def search(self, query: str, limit: int, *, category: str = "", department: str = "") -> Sequence[Suggestion]:
        """Entries of the consultation database for typed words, best first; of one category (path, with what is below
        it) and department where given. With these, an empty query lists what is there. Called in a thread."""

    def shelves(self) -> Shelves:
        """Categories and departments to search in."""

    def entry(self, entry_id: str) -> Entry | None:
        """One entry of the consultation database."""

    async def attachment(self, attachment_id: str) -> Path | None:
        """A file of an entry; None when it is not kept."""

    # The caller's own screen (visual ARS). Refusals carry a code that the page has words for:
    # 'not_your_call', 'no_visit' (the call has none), 'no_page' (no page is open), 'no_such_screen', 'no_such_place',
    # 'no_entry', 'no_contact' (the entry has no telephone), 'not_a_mobile', 'no_link' (the centre has no address),
    # 'busy_page' (too much at once), and those of ``channels.messenger`` and ``channels.compose``.

    def reach(self, call_id: str, agent_id: str) -> Reach:
        """How the caller of her call can be reached, and what may be pushed. ``Refused`` when it is not her call."""

    async def push(self, call_id: str, agent_id: str, what: Push) -> None:
        """Put a screen into the caller's hand; it comes back as ``ScreenShown`` with cause 'agent'."""

    async def send_link(self, call_id: str, agent_id: str) -> None:
        """Send the caller the link of her page; comes back as ``MessageSent`` with '(link)' in its text."""

    async def set_read_typed(self, call_id: str, agent_id: str, on: bool) -> None:
        """Speak what the caller types to the agent's leg, or no longer. ``Refused`` when it is not her call."""

    async def photo(self, photo_id: str, *, preview: bool) -> Path | None:
        """The JPEG file of a caller's picture, small or whole; None when there is none. Any agent may see it, as she
        may read any past call."""

    async def note_picture(self, photo_id: str, agent: Agent, *, address: str = "") -> None:
        """She opens a picture at its full size: noted before she gets it."""

    async def callbacks(self, *, limit: int, before: datetime | None) -> CallbackPage:
        """The open callbacks (when ``before`` is None) and at most ``limit`` closed ones, newest first."""

    async def callback_done(self, callback_id: str, agent_id: str) -> None:
        """She has called the number herself. ``Refused`` ('no_callback') when it is not open."""

    async def callback_cancel(self, callback_id: str, agent_id: str) -> None:
        """It is no longer wanted. ``Refused`` ('no_callback') when it is not open."""

    # Cards, alerts, reminders. Refusals: 'not_your_call', 'no_entry', 'no_alert', 'no_step' (not possible now).

    async def card_used(self, call_id: str, agent_id: str, use: UseCard) -> None:
        """She did something with a card; comes back as ``CardUsed``."""

    async def report_entry(self, agent_id: str, entry_id: str, report: ReportEntry) -> None:
        """'This is wrong': a task for the department's owner. ``Refused`` ('no_entry')."""

    def procedures(self) -> Sequence[Procedure]:
        """What to do at each kind of alert."""

    async def alert_step(self, call_id: str, agent_id: str, alert_id: str, step: AlertStep) -> None:
        """She takes a step of the procedure, dismisses the alert or closes it; comes back as ``AlertChanged``."""

    async def dismiss_reminder(self, call_id: str, agent_id: str, rule_id: str) -> None:
        """She knows; comes back as ``ReminderChanged``."""

    async def issues(self, *, limit: int) -> Sequence[IssueChanged]:
        """What the radar saw, newest first."""

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """A supervisor takes note; comes back as ``IssueChanged``. ``Refused`` ('no_issue')."""

    def alerts(self) -> Sequence[AlertChanged]:
        """Alerts of running calls and open written contacts that are neither dismissed nor closed, for supervisors."""

    def holder(self, contact_id: str) -> str | None:
        """Who has this running call or open written contact: '' = nobody yet; None = it is over, or none of ours."""
