"""Texts of the demo's city: templates, a second sender number, and what goes by itself after a contact."""

from __future__ import annotations

from datetime import date
from secrets import token_hex
from typing import Final

from agent_assist.desk_assist import UseCard
from agent_assist.desk_texts import TextToSend
from core.events import now
from core.store.contract import Store
from core.store.texting import SenderNumber, TextRule, TextTemplate
from server.house import House

SENDER: Final = "07000550120"
"""The centre's own number."""
_TEMPLATES: Final = (
    ("contact", "담당 부서 연락처", "[한빛시] {부서} {담당자} {전화}", False),
    ("visit", "방문 안내", "[한빛시] {민원인}님, {날짜}에 {부서}로 오시면 됩니다. 문의 {전화} {지도}", False),
    ("answer", "상담 내용 안내", "[한빛시] {민원인}님께 안내드린 내용입니다.\n{내용}\n상담사 {상담사}", False),
    ("late", "답변이 늦어질 때", "[한빛시] 문의하신 {업무}: {부서}에서 확인하고 있습니다.", False),
    ("followed", "상담 뒤 처리 부서", "[한빛시] 문의하신 내용은 {부서}에서 처리합니다. 더 궁금하시면 120.", False),
    ("waste-form", "대형폐기물 신고 접수", "[한빛시] 신고를 받았습니다. 수거 전날 저녁에 내놓아 주세요.", False),
)
_RULES: Final = (
    TextRule(
        rule_id="waste-form",
        name="대형폐기물 신고 뒤",
        on=True,
        forms=("대형폐기물 버리기",),
        template_id="waste-form",
        place=0,
        at=now(),
    ),
    TextRule(
        rule_id="papers",
        name="민원서류 상담 뒤 담당 부서",
        on=True,
        categories=("민원서류",),
        results=("answered", "visit"),
        template_id="contact",
        place=1,
        at=now(),
    ),
    TextRule(
        rule_id="followed",
        name="교통·수도 상담 뒤 처리 부서",
        on=True,
        categories=("교통", "상하수도"),
        results=("answered", "passed_on"),
        template_id="followed",
        place=2,
        at=now(),
    ),
)
_SENDERS: Final = (
    SenderNumber(number=SENDER, name="한빛시 민원콜센터", registered=date(2025, 1, 2), at=now()),
    SenderNumber(
        number="07000551600", name="자원순환과", registered=date(2025, 3, 4), department="자원순환과", at=now()
    ),
)


async def seed(store: Store) -> None:
    """Put them in, as the office pages would."""
    for place, (template_id, title, text, notice) in enumerate(_TEMPLATES):
        template = TextTemplate(
            template_id=template_id, title=title, text=text, notice=notice, place=place, by="haneul", at=now()
        )
        await store.texting.put_template(template)
    for sender in _SENDERS:
        await store.texting.put_sender(sender)
    for rule in _RULES:
        await store.texting.put_rule(rule)


async def send(house: House, call_id: str, agent_id: str, entry_id: str) -> None:
    """The agent sends an entry's text version, as by F2 and Enter."""
    offer = await house.text_offer(call_id, agent_id, entry_id)
    await house.send_text(call_id, agent_id, TextToSend(text=offer.text, key=token_hex(16), entry_id=entry_id))
    await house.card_used(call_id, agent_id, UseCard(entry_id=entry_id, deed="sent"))
