"""Callers and agents of the invented city, drawn by chance: who asks what in which words, what is done with the cards.

Nothing of it is known to the assistant. Callers ask for entries in three ways: by a keyword of the entry, vaguely by
words of its text, and by a word of their own that no entry has but that all callers of that city use. Some entries are
asked for far more often than others. Agents mostly take the right card when it is there and sometimes a wrong one; when
it is not there, they often find it themselves.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from agent_assist.everyday import COMMON, EMPTY
from agent_assist.korean import Analyser
from core.events import CardDeed
from core.store.entry import Entry

Way = Literal["named", "vague", "own"]

EARLIER: Final[dict[Way, tuple[str, ...]]] = {
    "named": ("{} 때문에 전화했는데요", "저기 {} 좀 여쭤보려고요", "{} 어떻게 하면 되나요"),
    "vague": ("{} {} 이런 거는 어디에 얘기해요", "제가 {} 하고 {} 때문에 그러는데요", "{} 얘기인데 {} 있잖아요"),
    "own": ("{} {} 좀 알아보려고요", "{} 말인데요 {} 어떻게 해요", "우리는 {} 라고 하는데 {} 쪽이에요"),
}
LATER: Final[dict[Way, tuple[str, ...]]] = {
    "named": ("아 네 {} 건으로 문의드려요", "{} 알고 싶어서 그래요"),
    "vague": ("{} 관련해서요 {} 어떻게 되는지 해서요", "다름이 아니라 {} 에 {} 문제가 있어요"),
    "own": ("그 {} 있잖아요 {} 하려면 어떻게 해야 돼요", "여보세요 {} {} 물어볼 게 있어요"),
}
"""Other sentences than the earlier ones: what was learnt must carry over."""
SMALL_TALK: Final = (
    "여보세요",
    "네 네 알겠습니다",
    "아이고 오늘 참 덥네요",
    "잠깐만요 받아 적을게요",
    "네 감사합니다 수고하세요",
    "아니요 그거 말고요",
    "다시 한번 말씀해 주세요",
    "밥은 드셨어요",
    "목소리가 참 좋으시네요",
    "네 맞아요 그거예요",
    "제가 지금 운전 중이라서요",
    "어머 벌써 시간이 이렇게 됐네",
)
OWN_WORDS: Final = (
    *(
        "뻥튀기",
        "두루마리",
        "나침반",
        "물레방아",
        "다듬이",
        "꽹과리",
        "징검돌",
        "사다리꼴",
        "팽이채",
        "굴렁쇠",
        "호루라기",
    ),
    *(
        "도토리묵",
        "주머니칼",
        "반짇고리",
        "절구통",
        "엿가락",
        "보자기",
        "빨랫돌",
        "부지깽이",
        "소쿠리",
        "아궁이",
        "조각보",
    ),
    *(
        "바람개비",
        "딱지치기",
        "무지개떡",
        "솜사탕",
        "미숫가루",
        "누룽지",
        "고무줄",
        "구슬치기",
        "썰매",
        "연날리기",
        "오뚝이",
    ),
    *("꼭두각시", "탈바가지", "병풍", "화로", "놋그릇", "베틀", "멍석", "삼태기", "지게", "뒤주", "맷돌"),
    *("함지박", "키질", "대접", "종지"),
)
"""Words that the city's entries do not have; each becomes the callers' own word for one entry."""
_WAYS: Final[tuple[Way, ...]] = ("named", "vague", "own")
_OFTEN: Final = (0.3, 0.4, 0.3)
_TAKES: Final = 0.75
_TAKES_WRONG: Final = 0.08
_PUTS_AWAY: Final = 0.1
_FINDS: Final = 0.5
_AGENTS: Final = 12
_RARE: Final = 0.06
"""Share of the entries that may have a word with which a caller asks vaguely."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question and the entry that answers it."""

    text: str
    entry_id: str
    way: Way


class Callers:
    """The people of the city. The same seed, the same people."""

    def __init__(self, entries: Sequence[Entry], analyser: Analyser, seed: int) -> None:
        self._chance = random.Random(seed)
        nouns = {
            entry.id: tuple(dict.fromkeys(m.form for m in analyser.morphemes(entry.body) if _tells(m.form, m.tag)))
            for entry in entries
        }
        spread = Counter(noun for each in nouns.values() for noun in each)
        rare = _RARE * len(entries)
        self._vague = {
            entry_id: tuple(noun for noun in each if spread[noun] <= rare) for entry_id, each in nouns.items()
        }
        self.entries = tuple(entry for entry in entries if len(self._vague[entry.id]) > 1 and entry.keywords)
        shuffled = self._chance.sample(self.entries, len(self.entries))
        self._weight = {entry.id: 1 / place for place, entry in enumerate(shuffled, 2)}
        known = {word for entry in entries for word in f"{entry.title} {entry.body} {entry.keywords}".split()}
        own = [word for word in OWN_WORDS if word not in known]
        self._own = {entry.id: word for entry, word in zip(shuffled, own, strict=False)}

    def ask(self, about: Sequence[Entry], sentences: dict[Way, tuple[str, ...]]) -> Asked:
        """One question about one of these entries, the popular ones more often."""
        entry = self._chance.choices(about, [self._weight[each.id] for each in about])[0]
        way = self._chance.choices(_WAYS, _OFTEN)[0]
        if way == "own" and entry.id not in self._own:
            way = "vague"
        sentence = self._chance.choice(sentences[way])
        first, second = self._chance.sample(self._vague[entry.id], 2)
        match way:
            case "named":
                text = sentence.format(self._chance.choice(entry.keywords))
            case "vague":
                text = sentence.format(first, second)
            case "own":
                text = sentence.format(self._own[entry.id], first)
        return Asked(text=text, entry_id=entry.id, way=way)


class Agents:
    """Those who answer."""

    def __init__(self, entries: Sequence[Entry], seed: int) -> None:
        self._chance = random.Random(seed)
        self._ids = [entry.id for entry in entries]

    def answer(self, asked: Asked, cards: Sequence[str]) -> tuple[str, list[tuple[str, CardDeed]]]:
        """Who answers, and what she does with the cards that she was shown."""
        agent = f"agent-{self._chance.randrange(_AGENTS)}"
        wrong = [card for card in cards if card != asked.entry_id]
        deeds: list[tuple[str, CardDeed]] = [
            (card, "dismissed") for card in wrong if self._chance.random() < _PUTS_AWAY
        ]
        if wrong and self._chance.random() < _TAKES_WRONG:
            deeds.append((self._chance.choice(wrong), "accepted"))
        elif asked.entry_id in cards:
            if self._chance.random() < _TAKES:
                deeds.append((asked.entry_id, "accepted"))
        elif self._chance.random() < _FINDS:
            deeds += [(asked.entry_id, "opened"), (asked.entry_id, "accepted")]
        return agent, deeds


def _tells(form: str, tag: str) -> bool:
    return tag in {"NNG", "NNP"} and len(form) > 1 and form not in COMMON and form not in EMPTY
