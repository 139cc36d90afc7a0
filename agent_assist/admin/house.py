"""What the administration pages need from the house around them: one protocol (``server/house_admin.py``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec
from aiohttp import web

from agent_assist.gaps.clusters import Cluster
from agent_assist.knowledge.attachments import Attachments
from agent_assist.knowledge.editing import Editing
from agent_assist.knowledge.tasks import Tasks
from agent_assist.learning.ab_report import AbReport
from agent_assist.learning.lessons import Learnt
from core.agent import Agent
from core.events import Suggestion
from core.store.entry import Entry
from core.store.knowledge import GapState, KnowledgeStore
from core.web.noted import Sights

if TYPE_CHECKING:
    from agent_assist.admin.import_runs import ImportRuns


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What the assistant makes of a sentence, and why."""

    cards: Sequence[Suggestion]
    """What would lie on the desk; none = silence."""
    terms: Sequence[str]
    """The words with a topic: what it was asked for."""
    best: float
    """0..1, how sure it was of its best card; 0 = there was none."""
    bar: float
    """Below it nothing is shown."""
    learnt: Mapping[str, float]
    """Entry -> what use has taught about these words, -1..+1; 0 is left out."""
    ms: float
    """How long it took."""


class LearntEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry about which use has taught something."""

    entry_id: str
    """Which."""
    title: str
    """'' = it is no longer there."""
    learnt: Sequence[Learnt]
    """The entry by itself first, then its words, the strongest first."""


class TextSize(msgspec.Struct, frozen=True, kw_only=True):
    """How long a text message is as carriers count it (EUC-KR)."""

    bytes: int
    """Of the text as it would be sent."""
    kind: Literal["sms", "lms"]
    """Up to 90 bytes, or up to 2000."""
    limit: int = 2000
    """More does not go."""


class AdminHouse(Protocol):
    """The running house as seen by those who keep the consultation database."""

    centre: str
    """Name of the call centre."""
    own_review: bool
    """Whoever wrote a draft may review it herself."""
    knowledge: KnowledgeStore
    editing: Editing
    tasks: Tasks
    attachments: Attachments
    imports: ImportRuns
    sights: Sights
    """What notes in the audit log what is read, taken out and changed."""

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in agent, or None."""

    def names(self) -> Mapping[str, str]:
        """Sign-in name -> name, of everybody."""

    def now(self) -> datetime:
        """This moment, UTC."""

    def today(self) -> date:
        """The day at the call centre."""

    async def entries(self) -> Sequence[Entry]:
        """What agents read today."""

    def search(self, text: str, limit: int) -> Sequence[Suggestion]:
        """Published entries for typed words, best first."""

    def text_size(self, text: str) -> TextSize:
        """How long a message is. ``BadInput`` when it cannot be carried."""

    async def clusters(self, state: GapState) -> Sequence[Cluster]:
        """What callers asked for without finding a card, in groups, the largest first."""

    async def try_sentence(self, text: str) -> Tried:
        """What the assistant would do with it in a call that begins so."""

    async def learnt(self) -> Sequence[LearntEntry]:
        """What use has taught, the strongest first."""

    async def forget_learnt(self, entry_id: str | None) -> int:
        """Forget it, of one entry or of all; how many lessons went."""

    async def learning_report(self) -> AbReport:
        """Hits before and after what use has taught, over the calls of which that is known."""

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """A supervisor takes note. ``Refused`` ('no_issue')."""
