"""What passes between the office pages of texts and the house, and what they need of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from core.audit import Audit
from core.events import Channel, TextPurpose
from core.store.texting import OptOut, OptOutWay, SenderNumber, TextingStore, TextRule, TextTemplate
from core.web.door import Knows


class TemplateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template, as written."""

    template_id: str = ""
    """'' = a new one."""
    title: str
    """As in ``TextTemplate``, like all that follow."""
    text: str
    """With fields as '{부서}'."""
    department: str = ""
    """Name, '' = all."""
    notice: bool = False
    """The law demands it."""
    purpose: TextPurpose = ""
    """What it asks for."""
    place: int = 0
    """In the list."""


class TemplateShown(msgspec.Struct, frozen=True, kw_only=True):
    """A template in the list."""

    template: TextTemplate
    """The template."""
    bytes: int
    """Of its text as it stands, fields and all."""
    used: int
    """Rules that send it."""


class TemplatesPage(msgspec.Struct, frozen=True, kw_only=True):
    """All templates, and what they may be made of."""

    templates: Sequence[TemplateShown]
    """In their order."""
    fields: Sequence[str]
    """Names of all fields that there are."""
    departments: Sequence[str]
    """Names of departments."""
    ready: Sequence[TextTemplate] = ()
    """Those that come with the product and are not put in yet."""


class SenderWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sender number, as written."""

    number: str
    """However it is written."""
    name: str
    """Whose it is."""
    registered: date
    """The day of its registration."""
    department: str = ""
    """As in ``SenderNumber``."""
    queue: str = ""
    """As in ``SenderNumber``."""


class SendersPage(msgspec.Struct, frozen=True, kw_only=True):
    """All numbers that texts may come from."""

    senders: Sequence[SenderNumber]
    """By name."""
    usual: str
    """The number of the configuration file (`sms.sender`), for all that has no other."""
    departments: Sequence[str]
    """Names of departments."""


class RuleWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule, as written."""

    rule_id: str = ""
    """'' = a new one."""
    name: str
    """As in ``TextRule``, like all that follow."""
    on: bool = False
    """In force."""
    channels: tuple[Channel, ...] = ()
    """How the contact came, () = any."""
    categories: tuple[str, ...] = ()
    """Paths, () = any."""
    results: tuple[str, ...] = ()
    """Codes, () = any."""
    departments: tuple[str, ...] = ()
    """Names, () = any."""
    forms: tuple[str, ...] = ()
    """Titles, () = any."""
    template_id: str
    """What is sent."""
    sender: str = ""
    """From which number."""
    place: int = 0
    """In the list."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a rule may name."""

    value: str
    """As the rule keeps it."""
    label: str
    """In Korean."""
    english: str = ""
    """'' = the same."""


class RulesPage(msgspec.Struct, frozen=True, kw_only=True):
    """All rules, and what they may name."""

    rules: Sequence[TextRule]
    """In their order."""
    templates: Sequence[TextTemplate]
    """What they may send."""
    senders: Sequence[SenderNumber]
    """From which numbers."""
    categories: Sequence[str]
    """Paths of categories."""
    results: Sequence[Named]
    """Dispositions."""
    departments: Sequence[str]
    """Names of departments."""
    forms: Sequence[str]
    """Titles of forms of the present menu."""


class TrialWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would this rule have sent?"""

    rule: RuleWish
    """The rule, kept or not."""
    days: int = 7
    """How far back."""


class TrialCase(msgspec.Struct, frozen=True, kw_only=True):
    """A contact to which it would have been sent."""

    contact_id: str
    """Which."""
    at: datetime
    """When it began."""
    text: str
    """What would have been sent."""


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
    """However it is written. In the body, so that no log of addresses has it."""


class OptOutShown(msgspec.Struct, frozen=True, kw_only=True):
    """An opt-out without the person: who it is nobody needs to know to keep to it."""

    since: datetime
    """Since when."""
    way: OptOutWay
    """How we were told."""
    by: str
    """Name of who put it in, '' = the person's own reply did."""


class OptOutFound(msgspec.Struct, frozen=True, kw_only=True):
    """Whether that number wants texts."""

    opt_out: OptOutShown | None
    """null = it wants texts."""


class OptOutsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Opt-outs, newest first."""

    opt_outs: Sequence[OptOutShown]
    """A part of them."""
    more: bool
    """There are older ones."""


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
