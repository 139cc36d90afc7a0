"""The few words of a menu's picture, for the engineer who draws it: Korean or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ars.menu_files.outline import Mark, Tree, own_screens
from ars.model import Language, Menu, said

_KOREAN: Final[Mapping[str, str]] = {
    "form": "입력 {0}칸",
    "photo": "사진",
    "paid": "유료",
    "transfer": "연결",
    "transfer.to": "연결 · {0}",
    "callback": "전화 예약",
    "message": "문자",
    "contact": "전화번호",
    "place": "지도",
    "link": "링크",
    "search": "검색",
    "speak": "언어 {0}",
    "finish": "통화 종료",
    "start": "시작",
    "always": "언제나",
    "other": "그 밖의 시간",
    "satisfaction": "상담이 끝난 뒤",
    "pushable": "상담사가 보내는 화면",
    "unreachable": "아무 데서도 갈 수 없는 화면",
    "only": "{0}에만",
    "never": "{0} 제외",
    "level0": "시작 화면",
    "level": "{0}단계",
    "beyond": "{0}단계 · 지침은 3단계",
    "screens": "화면 {0}개",
    "version": "판 {0}",
    "legend.hours": "점선: 정해진 시간에만",
    "legend.again": "↩ 다른 곳에 그려진 화면",
    "legend.keys": "어디서나 0 상담사, # 뒤로, * 다시 듣기",
    "legend.then": "→ 입력한 뒤",
    "desc": "{0}의 메뉴 그림입니다. 화면 {1}개, 가장 깊은 곳은 {2}단계입니다.",
}
_ENGLISH: Final[Mapping[str, str]] = {
    "form": "form of {0}",
    "photo": "photo",
    "paid": "paid",
    "transfer": "transfer",
    "transfer.to": "to {0}",
    "callback": "callback",
    "message": "text",
    "contact": "phone",
    "place": "map",
    "link": "link",
    "search": "search",
    "speak": "speak {0}",
    "finish": "hang up",
    "start": "Start",
    "always": "always",
    "other": "at all other times",
    "satisfaction": "After the talk",
    "pushable": "Sent by the agent",
    "unreachable": "Reached from nowhere",
    "only": "in {0}",
    "never": "not in {0}",
    "level0": "Start",
    "level": "Level {0}",
    "beyond": "Level {0} · guideline: 3",
    "screens": "{0} screens",
    "version": "version {0}",
    "legend.hours": "dashed: at certain hours",
    "legend.again": "↩ drawn elsewhere",
    "legend.keys": "everywhere 0 = agent, # = back, * = again",
    "legend.then": "→ after the form",
    "desc": "Picture of the menu of {0}: {1} screens, {2} levels at the deepest.",
}


def word(language: Language, key: str, *values: object) -> str:
    """One of the words, with its blanks filled."""
    return (_KOREAN if language == "ko" else _ENGLISH)[key].format(*values)


def mark_words(language: Language, mark: Mark) -> str:
    """What a mark says."""
    kind, detail = mark
    if kind == "transfer" and detail:
        return word(language, "transfer.to", detail)
    return word(language, kind, detail)


def only_words(language: Language, only: str) -> str:
    """In which hours a way is open; '' = always."""
    if not only:
        return ""
    return word(language, "never", only[1:]) if only.startswith("-") else word(language, "only", only)


def tree_words(menu: Menu, language: Language, tree: Tree) -> str:
    """Why a tree begins."""
    heading = word(language, tree.why)
    if tree.why != "start":
        return heading
    if not tree.when:
        return f"{heading} · {word(language, 'always' if len(menu.start) == 1 else 'other')}"
    schedule = menu.schedules.get(tree.when)
    name = said(schedule.name, language) if schedule is not None else ""
    return f"{heading} · {name} ({tree.when})" if name else f"{heading} · {tree.when}"


def summary(menu: Menu, language: Language) -> str:
    """Identity and size, below the title."""
    parts = [menu.id, word(language, "screens", len(own_screens(menu)))]
    return " · ".join([*parts, word(language, "version", menu.version)] if menu.version else parts)
