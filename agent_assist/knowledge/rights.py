"""From draft to published, and who may take which step: two tables. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, Protocol, get_args

from core.config import Role
from core.errors import Refused
from core.store.knowledge import EntryState, EntryVersion
from core.store.resolving import Shelf

Step = Literal["save", "review", "send_back", "publish", "withdraw", "delete", "restore"]

STEPS: Final[Mapping[tuple[EntryState, Step], EntryState]] = MappingProxyType(
    {
        ("draft", "save"): "draft",
        ("draft", "review"): "reviewed",
        ("draft", "withdraw"): "withdrawn",
        ("draft", "delete"): "deleted",
        ("draft", "restore"): "draft",
        ("reviewed", "save"): "draft",
        ("reviewed", "send_back"): "draft",
        ("reviewed", "publish"): "published",
        ("reviewed", "withdraw"): "withdrawn",
        ("reviewed", "delete"): "deleted",
        ("reviewed", "restore"): "draft",
        ("published", "save"): "draft",
        ("published", "withdraw"): "withdrawn",
        ("published", "delete"): "deleted",
        ("published", "restore"): "draft",
        ("withdrawn", "save"): "draft",
        ("withdrawn", "delete"): "deleted",
        ("withdrawn", "restore"): "draft",
        ("deleted", "restore"): "draft",
    }
)
"""State of the newest version, step -> state of the version that the step adds. What is missing here is refused. While
a published version is below, agents go on reading it until something is published, withdrawn or deleted. ``restore``
leads to 'published' instead where :func:`publishes` says so."""

_ANYWHERE: Final[Mapping[Step, tuple[Role, ...]]] = MappingProxyType(
    {
        "save": ("editor", "admin"),
        "review": ("editor", "admin"),
        "send_back": ("editor", "admin"),
        "publish": ("admin",),
        "withdraw": ("editor", "admin"),
        "delete": ("admin",),
        "restore": ("editor", "admin"),
    }
)
"""Who may take a step with any entry; the owner of an entry's department may take every step with it."""


class Writer(Protocol):
    """Who wants to do something; ``agent_assist.desk_house.Agent`` is one."""

    @property
    def id(self) -> str:
        """Sign-in name."""

    @property
    def department(self) -> str:
        """Name or id of the department for whose entries she answers as owner."""

    def may(self, *roles: Role) -> bool:
        """Whether she has one of these roles."""


def owns(who: Writer, department_id: str, shelf: Shelf) -> bool:
    """Whether she is the owner of that department."""
    if not (who.may("owner") and who.department and department_id):
        return False
    department = shelf.departments.get(department_id)
    return who.department == department_id or (department is not None and department.name == who.department)


def is_allowed(step: Step, who: Writer, department_id: str, shelf: Shelf) -> bool:
    """Whether her roles allow the step with an entry of that department."""
    return who.may(*_ANYWHERE[step]) or owns(who, department_id, shelf)


def is_own_draft(version: EntryVersion, who: Writer, *, own_review: bool) -> bool:
    """Whether she may not review it because she wrote it. An administrator may, and in a house with one editor
    (``own_review``) everybody."""
    return version.by == who.id and not own_review and not who.may("admin")


def publishes(old: EntryVersion, who: Writer, department_id: str, shelf: Shelf) -> bool:
    """Whether restoring this old version brings it to the agents at once: it had been published, and she may."""
    return old.state == "published" and is_allowed("publish", who, department_id, shelf)


def next_state(version: EntryVersion, step: Step, published: int) -> EntryState:
    """The state after the step. ``Refused`` ('no_such_step') when there is none from here."""
    state = STEPS.get((version.state, step))
    if state is None or (step == "withdraw" and not published):
        raise Refused(
            "지금 상태에서는 할 수 없습니다. 새로 고침해 주세요. / Not possible in its present state: reload the page.",
            code="no_such_step",
        )
    return state


def steps(
    version: EntryVersion, published: int, department_id: str, who: Writer, shelf: Shelf, *, own_review: bool = False
) -> tuple[Step, ...]:
    """What she may do with an entry now: the buttons of its page."""
    possible = []
    for step in get_args(Step):
        if (version.state, step) not in STEPS or not is_allowed(step, who, department_id, shelf):
            continue
        if step == "withdraw" and not published:
            continue
        if step == "review" and is_own_draft(version, who, own_review=own_review):
            continue
        possible.append(step)
    return tuple(possible)
