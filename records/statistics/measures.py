"""Every figure that statistics show, as data: what it is called, how it is computed, what is better, where it comes
from. Pages show this beside each figure; docs/statistics.md is written from it.

A figure is a sum of fields of ``ContactFacts`` over another one (or over nothing: then it is a sum). A field with '-'
is taken away. So every figure of every hour, department or agent is the same quotient of other sums, and the contacts
behind it are those that add to its upper or its lower sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

Unit = Literal["count", "percent", "seconds", "score"]
Better = Literal["more", "less", ""]
Part = Literal["numerator", "denominator"]
Group = Literal["volume", "reach", "handling", "quality", "self_service", "texts", "records"]
_FIELDS_PER_SECOND: Final = 1000
_PERCENT: Final = 100

INDUSTRY: Final = "콜센터 업계의 통용 정의 / common definition of call centres"


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure."""

    id: str
    """In addresses and files; never changes its meaning."""
    group: Group
    """Where pages list it."""
    ko: str
    """Its name."""
    en: str
    """Its name in English."""
    formula_ko: str
    """How it is computed, in words."""
    formula_en: str
    """The same in English."""
    numerator: tuple[str, ...]
    """Fields that are added; with '-' in front taken away."""
    denominator: tuple[str, ...] = ()
    """Fields that it is divided by; none = a plain sum."""
    unit: Unit = "count"
    """'percent' is 0 .. 100, 'seconds' with a fraction, 'score' 1 .. 5."""
    better: Better = ""
    """What one wishes for; '' = neither."""
    source: str = INDUSTRY
    """Whose definition it is."""
    settles_days: int = 0
    """Contacts younger than so many days may still change it: they are provisional."""

    def value(self, numerator: int, denominator: int) -> float | None:
        """Of two sums; None where there is nothing to divide by: a day without calls has no average."""
        top = numerator / _FIELDS_PER_SECOND if self.unit == "seconds" else float(numerator)
        if not self.denominator:
            return top
        if denominator == 0:
            return None
        return top / denominator * (_PERCENT if self.unit == "percent" else 1)


def _count(name: str, group: Group, ko: str, en: str, formula_ko: str, formula_en: str, better: Better = "") -> Measure:
    return Measure(
        id=name,
        group=group,
        ko=ko,
        en=en,
        formula_ko=formula_ko,
        formula_en=formula_en,
        numerator=(name,),
        better=better,
        source="minwon",
    )


_SERVED: Final = ("answered", "abandoned", "booked", "unserved")
"""Offered without those who hung up at once."""

MEASURES: Final[tuple[Measure, ...]] = (
    _count(
        "contacts",
        "volume",
        "인입",
        "Contacts",
        "전화·문자·채팅으로 들어온 건수(콜백 발신, 병합·스팸 제외)",
        "Calls, texts and chats that came in (without callbacks that we make, merged ones and spam)",
    ),
    _count(
        "offered",
        "volume",
        "상담 요청",
        "Offered",
        "상담사를 원한 건수: 대기했거나 상담사에게 연결을 시도했거나 글을 남긴 건",
        "Contacts that wanted an agent: queued, offered to an agent, or written",
    ),
    _count(
        "answered",
        "volume",
        "응답",
        "Answered",
        "상담 요청 중 상담사가 응답한 건수",
        "Offered contacts that an agent answered",
        "more",
    ),
    _count(
        "abandoned",
        "volume",
        "포기",
        "Abandoned",
        "응답 전에 전화를 끊은 건수(설정한 초 이내에 끊은 단기 포기 제외)",
        "Callers who hung up before an answer (without those who did so within the set seconds)",
        "less",
    ),
    _count(
        "short_abandoned",
        "volume",
        "단기 포기",
        "Short abandons",
        "대기한 지 설정한 초(기본 5초) 이내에 끊은 건수",
        "Callers who hung up within the set seconds of waiting (5 by default)",
    ),
    _count(
        "booked",
        "volume",
        "콜백 전환",
        "Left for a callback",
        "응답 전에 콜백을 예약하고 대기를 끝낸 건수",
        "Callers who left the queue for a booked callback",
    ),
    _count(
        "unserved",
        "volume",
        "미응대",
        "Unserved",
        "시민이 끊지 않았는데 응답하지 못한 건수(상담사 없음, 장애, 글에 답하지 못함)",
        "Nobody answered, and it was not the person's doing: no agent, a fault, a text left unanswered",
        "less",
    ),
    Measure(
        id="service_level",
        group="reach",
        ko="서비스 레벨",
        en="Service level",
        formula_ko="목표 시간 안에 응답한 건수 ÷ (응답 + 포기 + 미응대). 단기 포기와 콜백 전환은 넣지 않음",
        formula_en="Answered within the target time ÷ (answered + abandoned + unserved); without short abandons and "
        "those who left for a callback",
        numerator=("level_in",),
        denominator=("level_base",),
        unit="percent",
        better="more",
    ),
    Measure(
        id="answer_rate",
        group="reach",
        ko="응답률",
        en="Answer rate",
        formula_ko="응답 ÷ (상담 요청 − 단기 포기)",
        formula_en="Answered ÷ (offered − short abandons)",
        numerator=("answered",),
        denominator=_SERVED,
        unit="percent",
        better="more",
    ),
    Measure(
        id="abandon_rate",
        group="reach",
        ko="포기율",
        en="Abandon rate",
        formula_ko="포기 ÷ (상담 요청 − 단기 포기)",
        formula_en="Abandoned ÷ (offered − short abandons)",
        numerator=("abandoned",),
        denominator=_SERVED,
        unit="percent",
        better="less",
    ),
    Measure(
        id="asa",
        group="reach",
        ko="평균 응답 시간",
        en="Average speed of answer",
        formula_ko="응답한 건의 대기 시간 합 ÷ 대기 시간을 아는 응답 건수. 상담사를 원한 때부터 연결된 때까지",
        formula_en="Sum of the waits of answered contacts ÷ answered contacts whose wait is known; from wanting an "
        "agent until one is there",
        numerator=("wait_ms",),
        denominator=("waited",),
        unit="seconds",
        better="less",
    ),
    Measure(
        id="abandon_wait",
        group="reach",
        ko="포기까지 시간",
        en="Time to abandon",
        formula_ko="포기한 건의 대기 시간 합 ÷ 포기",
        formula_en="Sum of the waits of abandoned contacts ÷ abandoned",
        numerator=("abandon_ms",),
        denominator=("abandoned",),
        unit="seconds",
    ),
    _count(
        "handled",
        "handling",
        "상담",
        "Handled",
        "상담사가 맡은 건수: 응답 + 연결된 콜백",
        "Contacts that an agent had: answered, and callbacks that reached the citizen",
    ),
    Measure(
        id="aht",
        group="handling",
        ko="평균 처리 시간",
        en="Average handling time",
        formula_ko="(통화 + 보류 + 후처리 시간) ÷ 상담",
        formula_en="(talk + hold + wrap-up) ÷ handled",
        numerator=("talk_ms", "hold_ms", "wrap_ms"),
        denominator=("handled",),
        unit="seconds",
    ),
    Measure(
        id="talk",
        group="handling",
        ko="평균 통화 시간",
        en="Average talk time",
        formula_ko="상담사와 통화한 시간(보류 제외) ÷ 상담. 글은 맡은 때부터 첫 답까지",
        formula_en="Time of talk with an agent, without hold ÷ handled; of written contacts from the assignment to the "
        "first answer",
        numerator=("talk_ms",),
        denominator=("handled",),
        unit="seconds",
    ),
    Measure(
        id="hold",
        group="handling",
        ko="평균 보류 시간",
        en="Average hold time",
        formula_ko="상담사가 보류한 시간 ÷ 상담",
        formula_en="Time on hold by the agent ÷ handled",
        numerator=("hold_ms",),
        denominator=("handled",),
        unit="seconds",
        better="less",
    ),
    Measure(
        id="wrap",
        group="handling",
        ko="평균 후처리 시간",
        en="Average wrap-up time",
        formula_ko="후처리 시간 ÷ 상담",
        formula_en="Wrap-up time ÷ handled",
        numerator=("wrap_ms",),
        denominator=("handled",),
        unit="seconds",
        better="less",
    ),
    Measure(
        id="hold_rate",
        group="handling",
        ko="보류율",
        en="Hold rate",
        formula_ko="한 번이라도 보류한 건수 ÷ 상담",
        formula_en="Contacts on hold at least once ÷ handled",
        numerator=("held",),
        denominator=("handled",),
        unit="percent",
    ),
    Measure(
        id="transfer_rate",
        group="handling",
        ko="호전환율",
        en="Transfer rate",
        formula_ko="다른 사람에게 연결한 건수 ÷ 상담",
        formula_en="Contacts that were passed on ÷ handled",
        numerator=("transferred",),
        denominator=("handled",),
        unit="percent",
    ),
    _count(
        "missed",
        "handling",
        "받지 않은 벨",
        "Missed rings",
        "상담사 전화가 울렸으나 받지 않은 횟수",
        "How often an agent's phone rang in vain",
        "less",
    ),
    Measure(
        id="fcr",
        group="quality",
        ko="첫 상담 해결률",
        en="First-contact resolution",
        formula_ko="7일 안에 같은 사람이 같은 분류로 다시 상담하지 않은 건수 ÷ 사람과 분류를 아는 상담. "
        "최근 7일은 잠정",
        formula_en="Contacts after which the same person did not come again with the same category within 7 days ÷ "
        "handled contacts whose person and category are known; the last 7 days are provisional",
        numerator=("settled", "-again"),
        denominator=("settled",),
        unit="percent",
        better="more",
        settles_days=7,
    ),
    Measure(
        id="satisfaction",
        group="quality",
        ko="만족도",
        en="Satisfaction",
        formula_ko="만족도 점수 합(1~5) ÷ 평가한 건수",
        formula_en="Sum of scores (1 to 5) ÷ contacts that were rated",
        numerator=("rating_sum",),
        denominator=("rated",),
        unit="score",
        better="more",
    ),
    Measure(
        id="csat",
        group="quality",
        ko="만족 비율",
        en="Satisfied (CSAT)",
        formula_ko="4점 또는 5점을 준 건수 ÷ 평가한 건수",
        formula_en="Contacts rated 4 or 5 ÷ contacts that were rated",
        numerator=("satisfied",),
        denominator=("rated",),
        unit="percent",
        better="more",
        source="top-two-box: " + INDUSTRY,
    ),
    Measure(
        id="rating_rate",
        group="quality",
        ko="평가 응답률",
        en="Rated",
        formula_ko="평가한 건수 ÷ 상담",
        formula_en="Contacts that were rated ÷ handled",
        numerator=("rated",),
        denominator=("handled",),
        unit="percent",
    ),
    _count(
        "alerts",
        "quality",
        "악성·긴급",
        "Abuse and emergencies",
        "악성 발언이나 긴급 상황이 감지되고 오탐으로 처리되지 않은 건수",
        "Contacts in which abuse or an emergency was heard, and nobody called it a mistake",
    ),
    _count(
        "menus",
        "self_service",
        "보이는 ARS 시작",
        "Began in the menu",
        "보이는 ARS(음성 또는 화면)로 시작한 건수",
        "Contacts that began in the menu, heard or seen",
    ),
    Measure(
        id="page_rate",
        group="self_service",
        ko="화면 열람률",
        en="Menu page opened",
        formula_ko="보이는 ARS 화면을 연 건수 ÷ 보이는 ARS 시작",
        formula_en="Contacts that opened the menu's page ÷ those that began in the menu",
        numerator=("pages",),
        denominator=("menus",),
        unit="percent",
        source="minwon",
    ),
    Measure(
        id="containment",
        group="self_service",
        ko="보이는 ARS 해결률",
        en="Containment",
        formula_ko="상담사를 찾지 않고 보이는 ARS에서 안내나 신청을 마친 건수 ÷ 보이는 ARS 시작",
        formula_en="Contacts served by the menu alone (got beyond its first screen, wanted no agent) ÷ those that "
        "began in the menu",
        numerator=("contained",),
        denominator=("menus",),
        unit="percent",
        better="more",
        source="IVR containment: " + INDUSTRY,
    ),
    _count(
        "contained",
        "self_service",
        "보이는 ARS 해결",
        "Contained",
        "상담사를 찾지 않고 보이는 ARS에서 안내나 신청을 마친 건수",
        "Contacts served by the menu alone",
    ),
    _count(
        "forwarded",
        "self_service",
        "부서 직접 연결",
        "Put through by the menu",
        "상담사 없이 보이는 ARS가 부서로 연결한 건수",
        "Contacts that the menu connected with a department",
    ),
    _count(
        "dropped",
        "self_service",
        "바로 종료",
        "Ended at once",
        "메뉴에서 아무것도 하지 않고, 상담사도 찾지 않고 끝난 건수",
        "Contacts that ended before anything was done",
    ),
    _count(
        "calls_back",
        "self_service",
        "콜백 발신",
        "Callbacks made",
        "예약된 콜백으로 시민에게 전화한 건수",
        "Calls that we made for booked callbacks",
    ),
    Measure(
        id="callback_reached",
        group="self_service",
        ko="콜백 연결률",
        en="Callbacks that reached",
        formula_ko="시민과 연결된 콜백 ÷ 콜백 발신",
        formula_en="Callbacks in which agent and citizen talked ÷ callbacks made",
        numerator=("reached",),
        denominator=("calls_back",),
        unit="percent",
        better="more",
        source="minwon",
    ),
    _count(
        "texts",
        "texts",
        "보낸 문자",
        "Texts sent",
        "시민에게 보낸 문자 수(실패 제외)",
        "Texts to citizens, without failed ones",
    ),
    Measure(
        id="text_rate",
        group="texts",
        ko="문자 안내율",
        en="Contacts with a text",
        formula_ko="문자를 받은 건수 ÷ 인입",
        formula_en="Contacts that got a text ÷ contacts",
        numerator=("texted",),
        denominator=("contacts",),
        unit="percent",
        source="minwon",
    ),
    Measure(
        id="text_failures",
        group="texts",
        ko="문자 실패율",
        en="Texts that failed",
        formula_ko="실패한 문자 ÷ (보낸 문자 + 실패한 문자)",
        formula_en="Failed texts ÷ (texts sent + failed texts)",
        numerator=("texts_failed",),
        denominator=("texts", "texts_failed"),
        unit="percent",
        better="less",
        source="minwon",
    ),
    Measure(
        id="suggestion_use",
        group="records",
        ko="추천 카드 사용률",
        en="Suggestion use",
        formula_ko="추천 카드를 쓰거나 고정하거나 보낸 건수 ÷ 추천 카드가 나온 상담",
        formula_en="Contacts in which a suggested card was taken, pinned or sent ÷ handled contacts with suggestions",
        numerator=("used",),
        denominator=("suggested",),
        unit="percent",
        better="more",
        source="minwon",
    ),
    Measure(
        id="suggestion_rate",
        group="records",
        ko="추천 카드 제공률",
        en="Contacts with suggestions",
        formula_ko="추천 카드가 나온 상담 ÷ 상담",
        formula_en="Handled contacts with suggestions ÷ handled",
        numerator=("suggested",),
        denominator=("handled",),
        unit="percent",
        source="minwon",
    ),
    Measure(
        id="record_rate",
        group="records",
        ko="상담 기록률",
        en="Records kept",
        formula_ko="상담한 건 중 상담 기록이 저장된 건수 ÷ 상담",
        formula_en="Handled contacts whose record was kept ÷ handled",
        numerator=("recorded",),
        denominator=("handled",),
        unit="percent",
        better="more",
        source="minwon",
    ),
    Measure(
        id="unasked_rate",
        group="records",
        ko="미확인 기록률",
        en="Records kept unseen",
        formula_ko="상담사 확인 없이 저장된 기록 ÷ 저장된 기록",
        formula_en="Records kept by the clock, unseen ÷ records kept",
        numerator=("unasked",),
        denominator=("recorded",),
        unit="percent",
        better="less",
        source="minwon",
    ),
)
"""In the order in which pages list them."""

BY_ID: Final[Mapping[str, Measure]] = {measure.id: measure for measure in MEASURES}


def fields_of(measures: Iterable[Measure]) -> tuple[str, ...]:
    """Every field that these need, once each."""
    wanted = (name.lstrip("-") for measure in measures for name in (*measure.numerator, *measure.denominator))
    return tuple(dict.fromkeys(wanted))


def total(terms: Iterable[str], fields: Mapping[str, int]) -> int:
    """A sum of fields, those with '-' taken away."""
    return sum(-fields[term[1:]] if term.startswith("-") else fields[term] for term in terms)
