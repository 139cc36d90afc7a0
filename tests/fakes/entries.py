"""Four entries of a consultation database; the last one's text tries to be markup."""

from __future__ import annotations

from datetime import date

from core.store.entry import Entry


def _entry(number: int, title: str, body: str) -> Entry:
    return Entry(
        id=str(number),
        title=title,
        category="생활>환경",
        department="자원순환과",
        person="박하늘",
        deputy="이슬아",
        phone="070-0055-1600",
        procedure=("품목 확인", "신청", "배출"),
        body=body,
        updated=date(2026, 10, 28),
    )


WASTE = _entry(1, "대형 폐기물 배출 신청", "장롱과 침대는 하루 전에 신청합니다.")
APPLIANCE = _entry(2, "폐가전 무료 방문 수거", "예약하면 무료로 가져갑니다.")
MOVE = _entry(3, "전입신고", "14일 안에 신고합니다.")
PASSPORT = _entry(
    4, "여권 재발급", '<img src=x onerror="window.hacked=1">\n\n- 사진 한 장\n- **신분증**\n\n1. 신청\n2. 수령'
)
