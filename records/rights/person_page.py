"""One person's data as a page that she can read: Korean, one file, nothing is loaded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Final

import msgspec

from core.events import Event, FormSent, MessageSent, PhotoReceived, TextReceived, TranscriptFinal, standing
from core.store.callbacks import CallbackRecord
from core.store.contacts import ContactRecord
from core.store.messages import MessageRecord

_SPEAKERS: Final = {"caller": "민원인", "agent": "상담사", "third": "담당 부서"}
_STYLE: Final = """
body{font:16px/1.6 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
h2{border-top:1px solid #999;padding-top:1rem}dt{font-weight:bold}dd{margin:0 0 .5rem}li{margin:.2rem 0}
time,small{color:#444}"""


class PersonContact(msgspec.Struct, frozen=True, kw_only=True):
    """One contact, with everything that is kept of it."""

    contact_id: str
    """Its id."""
    began: datetime | None
    """When it began, None = nothing of its course is kept any more."""
    events: Sequence[Event]
    """What happened, numbered."""
    record: ContactRecord | None = None
    """Its counselling record."""
    audio: tuple[str, ...] = ()
    """Recordings, as files beside this one."""
    pictures: tuple[str, ...] = ()
    """Pictures, as files beside this one."""
    missing: tuple[str, ...] = ()
    """What could not be read, in words: it was deleted meanwhile, its key is not here."""


class PersonData(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, as ``data.json`` holds it."""

    number: str
    """Whose."""
    made: datetime
    """When it was put together."""
    centre: str
    """By whom."""
    contacts: Sequence[PersonContact]
    """Oldest first."""
    texts: Sequence[MessageRecord]
    """All texts to the number."""
    callbacks: Sequence[CallbackRecord]
    """All callbacks."""
    opted_out: bool
    """Whether she wants no texts."""


def page(data: PersonData, zone: tzinfo, results: Mapping[str, str]) -> str:
    """The page. ``results``: dispositions in Korean, by code."""
    return "\n".join(_page(data, zone, results))


def _page(data: PersonData, zone: tzinfo, results: Mapping[str, str]) -> Iterator[str]:
    title = f"{data.centre}: 보유 개인정보"
    yield "<!doctype html><html lang=ko><meta charset=utf-8>"
    yield f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>"
    yield f"<p>전화번호 {escape(data.number)} · 작성 {_when(data.made, zone)} · 상담 {len(data.contacts)}건 · "
    yield f"문자 {len(data.texts)}건 · 콜백 {len(data.callbacks)}건</p>"
    yield f"<p>문자 수신 거부: {'예' if data.opted_out else '아니요'}</p>"
    for contact in data.contacts:
        yield from _contact(contact, zone, results)
    if data.texts:
        yield "<h2>보낸 문자</h2><ul>"
        yield from (f"<li><time>{_when(each.at, zone)}</time> {escape(each.text)}</li>" for each in data.texts)
        yield "</ul>"
    if data.callbacks:
        yield "<h2>콜백</h2><ul>"
        yield from (f"<li><time>{_when(each.since, zone)}</time> {escape(each.state)}</li>" for each in data.callbacks)
        yield "</ul>"
    yield "</html>"


def _contact(contact: PersonContact, zone: tzinfo, results: Mapping[str, str]) -> Iterator[str]:
    when = _when(contact.began, zone) if contact.began is not None else "시각 없음"
    yield f"<h2>상담 <time>{when}</time> <small>{escape(contact.contact_id)}</small></h2>"
    if contact.record is not None:
        written = contact.record.written
        told = {
            "분야": written.category,
            "부서": written.department,
            "처리 결과": results.get(written.result, written.result),
            "민원 요지": written.need,
            "답변": written.answer,
            "상담사": contact.record.agent_name,
        }
        yield "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in told.items() if text)
        yield "</dl>"
    lines = list(_lines(contact.events, zone))
    if lines:
        yield "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    yield from _files("녹음", contact.audio)
    yield from _files("사진", contact.pictures)
    yield from (f"<p><small>{escape(each)}</small></p>" for each in contact.missing)


def _lines(events: Sequence[Event], zone: tzinfo) -> Iterator[str]:
    for event in standing(events):
        text = ""
        match event:
            case TranscriptFinal() if event.text:
                text = f"{_SPEAKERS[event.speaker]}: {escape(event.text)}"
            case TextReceived() if event.text:
                text = f"받은 문자: {escape(event.text)}"
            case MessageSent() if event.text:
                text = f"보낸 문자: {escape(event.text)}"
            case FormSent() if event.values:
                shown = ", ".join(f"{value.label} {value.value}" for value in event.values if not value.hidden)
                text = f"신청 양식 {escape(event.title)}: {escape(shown)}"
            case PhotoReceived():
                text = "사진을 보냄"
        if text:
            yield f"<time>{_when(event.at, zone)}</time> {text}"


def _files(name: str, files: Iterable[str]) -> Iterator[str]:
    yield from (f'<p>{name}: <a href="{escape(each)}">{escape(each)}</a></p>' for each in files)


def _when(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
