"""Departments, people and the category tree: the records that entries name by id, so that all entries follow them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

import msgspec
from aiohttp import web

from agent_assist.admin.house import AdminHouse
from agent_assist.knowledge.lists import all_heads
from agent_assist.knowledge.validation import check_category, check_department, check_person
from core.agent import Agent
from core.errors import BadInput, Refused
from core.log import get_logger
from core.store.ids import new_id
from core.store.knowledge import Category, Department, Person
from core.store.resolving import Shelf
from core.web.door import Missing, sent

log = get_logger("agent_assist.admin")

Id = Annotated[str, msgspec.Meta(max_length=64)]


class DepartmentSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A department as the page writes it."""

    id: Id = ""
    """'' = a new one."""
    name: str
    phone: str = ""
    hours: str = ""
    parent_id: Id = ""
    closed: bool = False


class PersonSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as the page writes her."""

    id: Id = ""
    """'' = a new one."""
    name: str
    department_id: Id = ""
    phone: str = ""
    duty: str = ""
    deputy_id: Id = ""
    absent_from: date | None = None
    absent_until: date | None = None
    left: bool = False


class CategorySent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place of the tree as the page writes it."""

    id: Id = ""
    """'' = a new one."""
    name: str
    parent_id: Id = ""
    place: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0


class Dropped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be deleted, and who takes over."""

    heir_id: Id = ""
    """'' = nobody; refused with ``in_use`` when somebody must."""


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """All three at once: a page that shows one needs the names of the others."""

    departments: list[Department]
    """By name."""
    people: list[Person]
    """By name."""
    categories: list[Category]
    """Parents before children."""


class StructureUse(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries name them: so many follow a change."""

    departments: dict[str, int]
    """By the department's id."""
    people: dict[str, int]
    """By the id of the person in charge."""


class StructureAnswers:
    """The addresses of departments, people and categories."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def all(self, _request: web.Request, _agent: Agent) -> Structure:
        knowledge = self._house.knowledge
        return Structure(
            departments=await knowledge.departments(),
            people=await knowledge.people(),
            categories=await knowledge.categories(),
        )

    async def use(self, _request: web.Request, _agent: Agent) -> StructureUse:
        heads = await all_heads(self._house.knowledge)
        return StructureUse(
            departments=Counter(head.department_id for head in heads if head.department_id),
            people=Counter(head.person_id for head in heads if head.person_id),
        )

    async def put_department(self, request: web.Request, agent: Agent) -> Department:
        given = await sent(request, DepartmentSent)
        known = await self._house.knowledge.departments()
        _known(given.id, [one.id for one in known])
        _known(given.parent_id, [one.id for one in known])
        record = check_department(Department(**{**msgspec.structs.asdict(given), "id": given.id or new_id()}))
        if any(one.name == record.name and one.id != record.id for one in known):
            raise _taken(record.name)
        await self._house.knowledge.put_department(record)
        log.info("admin.department_saved", agent=agent.id, department=record.id)
        return record

    async def drop_department(self, request: web.Request, agent: Agent) -> None:
        department_id, heir_id = request.match_info["id"], (await sent(request, Dropped)).heir_id
        _heir(department_id, heir_id, [one.id for one in await self._house.knowledge.departments()])
        await self._house.knowledge.drop_department(department_id, heir_id=heir_id)
        log.info("admin.department_dropped", agent=agent.id, department=department_id, heir=heir_id)

    async def put_person(self, request: web.Request, agent: Agent) -> Person:
        given = await sent(request, PersonSent)
        people, departments = await self._house.knowledge.people(), await self._house.knowledge.departments()
        _known(given.id, [one.id for one in people])
        shelf = Shelf(departments, people)
        record = check_person(Person(**{**msgspec.structs.asdict(given), "id": given.id or new_id()}), shelf)
        if not agent.may("editor"):  # an owner: people of her own department alone, and they stay in it
            before = shelf.people.get(record.id)
            for department_id in {record.department_id, before.department_id if before else record.department_id}:
                department = shelf.departments.get(department_id)
                if department is None or agent.department not in (department.id, department.name):
                    raise Refused(
                        "자기 부서 사람만 고칠 수 있습니다 / only people of your own department", code="not_allowed"
                    )
        await self._house.knowledge.put_person(record)
        log.info("admin.person_saved", agent=agent.id, person=record.id)
        return record

    async def drop_person(self, request: web.Request, agent: Agent) -> None:
        person_id, heir_id = request.match_info["id"], (await sent(request, Dropped)).heir_id
        _heir(person_id, heir_id, [one.id for one in await self._house.knowledge.people()])
        await self._house.knowledge.drop_person(person_id, heir_id=heir_id)
        log.info("admin.person_dropped", agent=agent.id, person=person_id, heir=heir_id)

    async def put_category(self, request: web.Request, agent: Agent) -> Category:
        given = await sent(request, CategorySent)
        known = await self._house.knowledge.categories()
        _known(given.id, [one.id for one in known])
        _known(given.parent_id, [one.id for one in known])
        record = check_category(Category(**{**msgspec.structs.asdict(given), "id": given.id or new_id()}))
        if any(one.name == record.name and one.parent_id == record.parent_id and one.id != record.id for one in known):
            raise _taken(record.name)
        await self._house.knowledge.put_category(record)
        log.info("admin.category_saved", agent=agent.id, category=record.id)
        return record

    async def drop_category(self, request: web.Request, agent: Agent) -> None:
        category_id, heir_id = request.match_info["id"], (await sent(request, Dropped)).heir_id
        _heir(category_id, heir_id, [one.id for one in await self._house.knowledge.categories()])
        await self._house.knowledge.drop_category(category_id, heir_id=heir_id)
        log.info("admin.category_dropped", agent=agent.id, category=category_id, heir=heir_id)


def _taken(name: str) -> BadInput:
    return BadInput(f"'{name}'이(가) 이미 있습니다 / '{name}' is there already", code="name_taken")


def _known(wanted: str, ids: list[str]) -> None:
    if wanted and wanted not in ids:
        raise Missing("이제 없습니다. 새로 고치세요 / it is no longer there")


def _heir(wanted: str, heir_id: str, ids: list[str]) -> None:
    _known(wanted, ids)
    _known(heir_id, ids)
    if heir_id == wanted:
        raise BadInput("지우는 것에게 넘길 수 없습니다 / choose another heir", code="heir")
