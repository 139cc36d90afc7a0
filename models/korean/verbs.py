"""Verbs and adjectives conjugated by rule: a stem ('고치', '어둡', '모르') and an ending ('았어요') make a word.

Endings are written as grammars write them after 먹-: what follows begins with

* 아/았: vowel harmony and contraction (고쳐요, 갔어요, 어두웠어요, 몰라요);
* 으: the linking vowel, dropped after a vowel or ㄹ (가면, 알면, 먹으면);
* 은, 을, 음, ㄴ, ㅂ: a coda after an open stem, and so or as 는, 습 after a closed one (간, 먹은; 간다고, 먹는다고);
* 는: ㄹ falls (아는데); of an adjective it is -(으)ㄴ (큰데, 좋은데), and ㄴ다고 is 다고;
* anything else: the bare stem (가고, 먹지만).

Irregular stems (ㅂ, ㄷ, ㅅ, 르, ㅎ and 으 irregulars; 한글 맞춤법 제18항) are known by name where letters do not tell.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from models.korean.jamo import closed, coda, join, opened, split

_REGULAR_B: Final = ("잡", "입", "뽑", "씹", "집", "접", "좁", "꼽", "업")
"""Stems in ㅂ that keep it; all others change it to 우 (어둡다, 어두워)."""
_IRREGULAR_D: Final = ("듣", "걷", "싣", "묻", "깨닫")
"""Stems in ㄷ that change it to ㄹ (듣다, 들어)."""
_REGULAR_D: Final = ("파묻",)
_IRREGULAR_S: Final = ("짓", "낫", "붓", "잇", "긋", "젓")
"""Stems in ㅅ that lose it (짓다, 지어)."""
_REGULAR_REU: Final = ("따르", "치르", "들르", "잠그", "다다르")
"""Stems in 르 that only lose ㅡ (따르다, 따라)."""
_IRREGULAR_H: Final = (
    "그렇",
    "이렇",
    "저렇",
    "어떻",
    "빨갛",
    "노랗",
    "하얗",
    "까맣",
    "파랗",
    "뿌옇",
    "커다랗",
    "시커멓",
    "새파랗",
)
"""Adjectives in ㅎ that lose it (그렇다, 그래, 그런)."""
_CODAS: Final = {"ㄴ": "ㄴ", "ㄹ": "ㄹ", "ㅂ": "ㅂ", "은": "ㄴ", "을": "ㄹ", "음": "ㅁ"}
"""First letters of endings that become a coda after an open stem."""
_BRIGHT: Final = frozenset("ㅏㅗㅑ")
_NOT_ADJECTIVES: Final = ("있", "없", "계시")
_JOINED: Final = {
    ("ㅏ", "ㅏ"): "ㅏ",
    ("ㅓ", "ㅓ"): "ㅓ",
    ("ㅐ", "ㅓ"): "ㅐ",
    ("ㅔ", "ㅓ"): "ㅔ",
    ("ㅕ", "ㅓ"): "ㅕ",
    ("ㅗ", "ㅏ"): "ㅘ",
    ("ㅜ", "ㅓ"): "ㅝ",
    ("ㅣ", "ㅓ"): "ㅕ",
    ("ㅚ", "ㅓ"): "ㅙ",
    ("ㅡ", "ㅓ"): "ㅓ",
    ("ㅡ", "ㅏ"): "ㅏ",
}
"""A stem's last vowel and 아/어 in one syllable (한글 맞춤법 제34-36항)."""


def conjugate(stem: str, ending: str, *, adjective: bool = False) -> str:
    """The stem with the ending on it.

    >>> conjugate("고치", "았어요"), conjugate("듣", "으면"), conjugate("좋", "는데", adjective=True)
    ('고쳤어요', '들으면', '좋은데')
    """
    if stem.endswith(_NOT_ADJECTIVES):
        ending = ending[1:] if ending.startswith("ㄴ다") else ending
        stem, ending = (stem[:-1], "으세요") if (stem[-1], ending) == ("시", "으세요") else (stem, ending)
    elif adjective:
        ending = _of_adjective(ending)
    head, rest = ending[0], ending[1:]
    if head in "아았":
        base = _with_a(stem)
        return (closed(base, "ㅆ") if head == "았" else base) + rest
    if head == "으":
        return _linked(stem, rest)
    if head in _CODAS:
        return _with_coda(stem, _CODAS[head], rest)
    if split(head).onset == "ㄴ":
        return _without_l(stem) + ending
    return stem + ending


def _of_adjective(ending: str) -> str:
    if ending.startswith(("는다", "ㄴ다", "는구")):
        return ending[1:]
    if ending.startswith("는"):
        return "ㄴ" + ending[1:]
    if ending.startswith("나요"):
        return "ㄴ가요" + ending[2:]
    return ending


def _linked(stem: str, rest: str) -> str:
    """-(으)면, -(으)세요, -(으)니까."""
    base = _before_vowel(stem)
    last = coda(base)
    if not last:
        return base + rest
    if last == "ㄹ" and base == stem:
        return (opened(stem) if rest and split(rest[0]).onset in "ㄴㅅㅇ" and rest[0] != "려" else stem) + rest
    return base + "으" + rest


def _with_coda(stem: str, letter: str, rest: str) -> str:
    """-(으)ㄴ, -(으)ㄹ, -ㅂ니다/습니다; -ㄴ다고/는다고."""
    if letter == "ㅂ":
        if not coda(stem):
            return closed(stem, "ㅂ") + rest
        return (closed(opened(stem), "ㅂ") if coda(stem) == "ㄹ" else stem + "습") + rest
    if letter == "ㄴ" and rest.startswith("다"):
        if not coda(stem):
            return closed(stem, "ㄴ") + rest
        return (closed(opened(stem), "ㄴ") if coda(stem) == "ㄹ" else stem + "는") + rest
    base = _before_vowel(stem)
    if not coda(base):
        return closed(base, letter) + rest
    if coda(base) == "ㄹ" and base == stem:
        return closed(opened(stem), letter) + rest
    return base + closed("으", letter) + rest


def _without_l(stem: str) -> str:
    return opened(stem) if coda(stem) == "ㄹ" else stem


@lru_cache(maxsize=1 << 13)
def _before_vowel(stem: str) -> str:
    """The stem as it is before 으: 어둡 -> 어두우, 듣 -> 들, 짓 -> 지 (with 으 kept: 지으), 그렇 -> 그러."""
    last = coda(stem)
    if last == "ㅂ" and not stem.endswith(_REGULAR_B):
        return opened(stem) + "우"
    if last == "ㄷ" and stem.endswith(_IRREGULAR_D) and not stem.endswith(_REGULAR_D):
        return closed(opened(stem), "ㄹ")
    if last == "ㅅ" and stem.endswith(_IRREGULAR_S):
        return opened(stem) + "으"
    if last == "ㅎ" and stem.endswith(_IRREGULAR_H):
        return opened(stem)
    return stem


@lru_cache(maxsize=1 << 13)
def _with_a(stem: str) -> str:
    """The stem with -아/어: 고쳐, 가, 와, 어두워, 몰라, 들어, 지어, 해."""
    if stem.endswith("하"):
        return stem[:-1] + "해"
    if stem.endswith(_IRREGULAR_H):
        last = split(stem[-1])
        return stem[:-1] + join(
            last._replace(vowel="ㅒ" if last.vowel == "ㅑ" else "ㅖ" if last.vowel == "ㅕ" else "ㅐ", coda="")
        )
    if stem.endswith("푸"):
        return stem[:-1] + "퍼"
    if stem.endswith("르") and len(stem) > 1 and not stem.endswith(_REGULAR_REU):
        before = stem[-2]
        return stem[:-2] + closed(before, "ㄹ") + ("라" if split(before).vowel in _BRIGHT else "러")
    if coda(stem) == "ㅂ" and not stem.endswith(_REGULAR_B):
        return opened(stem) + ("와" if stem in ("돕", "곱") else "워")
    if coda(stem) == "ㅅ" and stem.endswith(_IRREGULAR_S):
        return opened(stem) + ("아" if split(stem[-1]).vowel in _BRIGHT else "어")
    base = _before_vowel(stem)
    last = split(base[-1])
    if last.vowel == "ㅡ" and not last.coda:
        bright = len(base) > 1 and split(base[-2]).vowel in _BRIGHT
        return base[:-1] + join(last._replace(vowel="ㅏ" if bright else "ㅓ"))
    vowel = "ㅏ" if last.vowel in _BRIGHT else "ㅓ"
    joined = _JOINED.get((last.vowel, vowel))
    if last.coda or joined is None:
        return base + ("아" if vowel == "ㅏ" else "어")
    if (last.onset, last.vowel) == ("ㅇ", "ㅣ") and base == "이":
        return "이어"
    return base[:-1] + join(last._replace(vowel=joined))
