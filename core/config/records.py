"""The counselling record."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Section

Result = Annotated[str, Meta(pattern=r"^[a-z0-9_]+=[^=/]+(/[^=/]+)?$")]


class RecordsConfig(Section, frozen=True, kw_only=True):
    """The counselling record of each contact."""

    results: Annotated[tuple[Result, ...], Meta(min_length=1, max_length=40)] = (
        "answered=답변 완료/Answered",
        "text_sent=문자로 안내/Sent by text",
        "transferred=담당 부서 연결/Put through",
        "passed_on=담당 부서에 전달/Passed to department",
        "callback=콜백 예약/Callback booked",
        "visit=방문 안내/Asked to come",
        "no_answer_needed=답변 필요 없음/No answer needed",
        "wrong_number=잘못 건 전화/Wrong number",
        "cut_off=통화 끊김/Cut off",
        "abuse=악성 민원 종료/Ended for abuse",
        "self_service=보이는 ARS로 해결/Solved by visual ARS",
        "abandoned=상담사 연결 전 종료/Gave up",
    )
    """CODE=한국어/English: results (dispositions) that a record may have, in the order of the desk's list. Codes that
    are listed here by default are drafted from what happened; others are learnt from what agents choose."""
    learn: bool = True
    """Whether what agents correct changes the next drafts. What was learnt is shown and forgotten on /records."""
    recent_days: Annotated[int, Meta(ge=1, le=3660)] = 183
    """Days of which a caller's earlier contacts are counted when the telephone rings."""
    follow_up_days: Annotated[int, Meta(ge=0, le=60)] = 1
    """Working days within which a promise is to be kept, as drafted."""
    person_key_file: str = ""
    """The site's key for joining contacts of one person, mode 0600, made at first use, relative to this file; nodes
    that share a database share it. '' = `keys/person.key` in the home folder. With another key nobody is found
    again."""
