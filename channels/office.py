"""What passes between the office pages of texts and the house, and what they need of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from core.audit import Audit
from core.events import Channel
from core.store.texting import OptOut, OptOutWay, SenderNumber, TextingStore, TextRule, TextTemplate
from core.web.door import Knows


class TemplateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template, as written."""

    template_id: str = ""
    """'' = a new one."""
    title: str
    text: str
    department: str = ""
    notice: bool = False
    place: int = 0


class TemplateShown(msgspec.Struct, frozen=True, kw_only=True):
    """A template in the list."""

    template: TextTemplate
    bytes: int
    """Of its text as it stands, fields and all."""
    used: int
    """Rules that send it."""


class TemplatesPage(msgspec.Struct, frozen=True, kw_only=True):
    """All templates, and what they may be made of."""

    templates: Sequence[TemplateShown]
    fields: Sequence[str]
    """Names of all fields that there are."""
    departments: Sequence[str]


class SenderWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sender number, as written."""

    number: str
    name: str
    registered: date
    department: str = ""
    queue: str = ""


class SendersPage(msgspec.Struct, frozen=True, kw_only=True):
    """All numbers that texts may come from."""

    senders: Sequence[SenderNumber]
    usual: str
    """The number of the configuration file (`sms.sender`), for all that has no other."""
    departments: Sequence[str]


class RuleWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule, as written."""

    rule_id: str = ""
    """'' = a new one."""
    name: str
    on: bool = False
    channels: tuple[Channel, ...] = ()
    categories: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    template_id: str
    sender: str = ""
    place: int = 0


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a rule may name."""

    value: str
    label: str
    """In Korean."""
    english: str = ""
    """'' = the same."""


class RulesPage(msgspec.Struct, frozen=True, kw_only=True):
    """All rules, and what they may name."""

    rules: Sequence[TextRule]
    templates: Sequence[TextTemplate]
    senders: Sequence[SenderNumber]
    categories: Sequence[str]
    results: Sequence[Named]
    departments: Sequence[str]
    forms: Sequence[str]
    """Titles of forms of the present menu."""


class TrialWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would this rule have sent?"""

    rule: RuleWish
    days: int = 7


class TrialCase(msgspec.Struct, frozen=True, kw_only=True):
    """A contact to which it would have been sent."""

    contact_id: str
    at: datetime
    text: str


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would have sent in the past, as if it had been the only one."""

    looked_at: int
    """Contacts; of more than the limit the newest."""
    sent: int
    """Texts that would have gone."""
    texted: int = 0
    """Contacts of the kind that had got a text for the same entry already."""
    no_mobile: int = 0
    """Contacts of the kind without a mobile number."""
    opted_out: int = 0
    """Contacts of the kind whose person wants no texts."""
    unfilled: int = 0
    """Contacts of the kind for which a field would have stayed open."""
    cases: Sequence[TrialCase] = ()
    """The newest of those that would have gone."""


class NumberGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose opt-out it is about."""

    number: str


class OptOutShown(msgspec.Struct, frozen=True, kw_only=True):
    """An opt-out without the person: who it is nobody needs to know to keep to it."""

    since: datetime
    way: OptOutWay
    by: str
    """Name of who put it in, '' = the person's own reply did."""


class OptOutFound(msgspec.Struct, frozen=True, kw_only=True):
    """Whether that number wants texts."""

    opt_out: OptOutShown | None


class OptOutsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Opt-outs, newest first."""

    opt_outs: Sequence[OptOutShown]
    more: bool


class OptOutList(Protocol):
    """``channels.opt_outs.OptOuts``."""

    async def find(self, number: str) -> OptOut | None: ...
    async def has(self, number: str) -> bool: ...
    async def put(self, number: str, *, way: OptOutWay, by: str = "", contact: str = "") -> bool: ...
    async def drop(self, number: str, *, by: str) -> bool: ...
    def person(self, number: str) -> str: ...


class TextsOffice(Knows, Protocol):
    """What the pages need of the house."""

    texting: TextingStore
    audit: Audit
    opt_outs: OptOutList
    usual_sender: str

    def name_of(self, agent_id: str) -> str:
        """Her name."""

    async def departments(self) -> Sequence[str]:
        """Names of departments."""

    async def categories(self) -> Sequence[str]:
        """Paths of categories."""

    def results(self) -> Sequence[Named]:
        """Dispositions."""

    def forms(self) -> Sequence[str]:
        """Titles of the menu's forms."""

    async def try_rule(self, rule: TextRule, days: int) -> Trial:
        """What it would have sent."""
