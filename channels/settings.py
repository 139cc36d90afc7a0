"""What people write on the office pages of texts as records: checked, with everything that is wrong at its field. Pure
but for the clock and fresh ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from channels.fields import require_known
from channels.office import RuleWish, SenderWish, TemplateWish
from channels.sms_text import LMS_BYTES, byte_length, writable
from core.errors import BadInput
from core.events import now
from core.faulty import Fault, Faulty
from core.phone_numbers import normalised
from core.store.ids import new_id
from core.store.texting import SenderNumber, TextRule, TextTemplate

LONGEST_NAME: Final = 60
_DIGITS: Final = range(7, 13)
"""How many a number has that the carriers register: '1588-0000' to '050-1234-56789'."""

_WORDS: Final = {
    "message_unwritable": "문자로 보낼 수 없는 글자가 있습니다 / there is a letter that no text message carries",
}


def template_of(wish: TemplateWish, *, by: str) -> TextTemplate:
    """Raises ``Faulty``."""
    faults = _named(wish.title, "title")
    text = wish.text.strip()
    if not text:
        faults.append(Fault(field="text", code="needed", message="내용을 적으세요 / write a text"))
    try:
        require_known(text)
        if byte_length(writable(text)) > LMS_BYTES:
            raise BadInput(f"{LMS_BYTES}바이트를 넘습니다 / more than {LMS_BYTES} bytes", code="message_too_long")
    except BadInput as wrong:
        faults.append(Fault(field="text", code=wrong.code, message=_WORDS.get(wrong.code, str(wrong))))
    _raise(faults)
    return TextTemplate(
        template_id=wish.template_id or new_id(),
        title=wish.title.strip(),
        text=text,
        department=wish.department.strip(),
        notice=wish.notice,
        purpose=wish.purpose,
        place=wish.place,
        by=by,
        at=now(),
    )


def sender_of(wish: SenderWish, *, by: str) -> SenderNumber:
    """Raises ``Faulty``."""
    faults = _named(wish.name, "name")
    number = normalised(wish.number)
    if len(number) not in _DIGITS:
        faults.append(Fault(field="number", code="not_a_number", message="전화번호가 아닙니다 / no telephone number"))
    _raise(faults)
    return SenderNumber(
        number=number,
        name=wish.name.strip(),
        registered=wish.registered,
        department=wish.department.strip(),
        queue=wish.queue.strip(),
        by=by,
        at=now(),
    )


def rule_of(wish: RuleWish, templates: Sequence[TextTemplate], senders: Sequence[SenderNumber], *, by: str) -> TextRule:
    """Raises ``Faulty``: a rule without any condition would write to everybody."""
    faults = _named(wish.name, "name")
    if wish.template_id not in {template.template_id for template in templates}:
        faults.append(Fault(field="template_id", code="needed", message="보낼 서식을 고르세요 / choose a template"))
    if not (wish.categories or wish.results or wish.departments or wish.forms):
        faults.append(Fault(field="", code="no_condition", message="조건을 하나 이상 정하세요 / set a condition"))
    if wish.sender and wish.sender not in {sender.number for sender in senders}:
        faults.append(Fault(field="sender", code="sender_unknown", message="등록되지 않은 번호입니다 / not registered"))
    _raise(faults)
    return TextRule(
        rule_id=wish.rule_id or new_id(),
        name=wish.name.strip(),
        on=wish.on,
        channels=wish.channels,
        categories=wish.categories,
        results=wish.results,
        departments=wish.departments,
        forms=wish.forms,
        template_id=wish.template_id,
        sender=wish.sender,
        place=wish.place,
        by=by,
        at=now(),
    )


def bytes_of(text: str) -> int:
    """Of a template's text as it stands, fields and all; 0 where it cannot be carried."""
    try:
        return byte_length(writable(text))
    except BadInput:
        return 0


def _named(name: str, field: str) -> list[Fault]:
    if not name.strip():
        return [Fault(field=field, code="needed", message="이름을 적으세요 / write a name")]
    if len(name.strip()) > LONGEST_NAME:
        text = f"이름은 {LONGEST_NAME}자까지입니다 / a name has at most {LONGEST_NAME} characters"
        return [Fault(field=field, code="too_long", message=text)]
    return []


def _raise(faults: Sequence[Fault]) -> None:
    if faults:
        raise Faulty(faults)
