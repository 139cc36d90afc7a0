"""What an administrator writes of an account, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from core.config import Role
from core.faulty import Fault, Faulty
from core.store.accounts import Account

ACCOUNT_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
"""Sign-in names that are given here; those of the configuration file may be others."""
_SIP: Final = re.compile(r"sips?:[^@\s]+@[^@\s]+")
_LONGEST: Final = 60


class AccountForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of one account."""

    id: str
    """Sign-in name; cannot be changed later, what she did is kept under it."""
    name: str
    """As callers may hear it."""
    roles: tuple[Role, ...] = ("agent",)
    """What she may do."""
    team: str = ""
    """Whose figures her supervisor sees."""
    department: str = ""
    """The department for whose entries an owner answers."""
    extension: str = ""
    """Her telephone."""
    uri: str = ""
    """Its SIP address."""
    queues: tuple[str, ...] = ()
    """Queues that she serves, empty = all."""
    auto_answer: bool = False
    """Her phone answers by itself."""
    starts: Literal["away", "ready"] = "away"
    """Her state when the node starts."""


def account_of(form: AccountForm, before: Account | None, others: Iterable[Account], at: datetime) -> Account:
    """The account as it is to be kept: a new one, or ``before`` changed. ``Faulty`` names every field that is wrong."""
    tidy = replace(form, **{name: getattr(form, name).strip() for name in _TEXTS})
    if faults := list(_faults(tidy, before, [each for each in others if each.id != tidy.id or before is None])):
        raise Faulty(faults)
    fields = msgspec.structs.asdict(tidy)
    return replace(before, **fields) if before is not None else Account(**fields, made=at)


_TEXTS: Final = ("id", "name", "team", "department", "extension", "uri")


def _faults(form: AccountForm, before: Account | None, others: list[Account]) -> Iterator[Fault]:
    if before is None and not ACCOUNT_ID.fullmatch(form.id):
        yield _fault(
            "id", "bad_id", "아이디는 영문 소문자와 숫자, . _ @ - 입니다. / Small letters, digits and . _ @ - only."
        )
    if before is None and any(each.id == form.id for each in others):
        yield _fault("id", "taken", "이미 있는 아이디입니다. / This sign-in name is taken.")
    if not form.name:
        yield _fault("name", "empty", "이름을 쓰세요. / Write the name.")
    for name in _TEXTS[1:-1]:
        if len(getattr(form, name)) > _LONGEST:
            yield _fault(name, "too_long", f"{_LONGEST}자까지입니다. / At most {_LONGEST} characters.")
    if not form.roles:
        yield _fault("roles", "empty", "역할을 하나 이상 고르세요. / Choose at least one role.")
    if "owner" in form.roles and not form.department:
        yield _fault("department", "owner", "항목 담당자는 부서가 있어야 합니다. / An owner needs a department.")
    if form.uri and not _SIP.fullmatch(form.uri):
        yield _fault("uri", "bad_uri", "sip:2107@10.0.0.5 처럼 쓰세요. / Write it as sip:2107@10.0.0.5.")
    if form.starts == "ready" and not form.uri:
        yield _fault(
            "uri", "no_phone", "바로 받으려면 전화기 주소가 있어야 합니다. / Who starts ready needs a telephone."
        )
    for field in ("uri", "extension"):
        value = getattr(form, field)
        holder = next((each for each in others if value and getattr(each, field) == value and not each.disabled), None)
        if holder is not None:
            yield _fault(
                field, "taken", f"{holder.name} 상담사의 전화기입니다. / This is the telephone of {holder.name}."
            )


def _fault(field: str, code: str, message: str) -> Fault:
    return Fault(field=field, code=code, message=message)
