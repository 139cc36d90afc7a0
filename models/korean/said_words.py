"""What is said otherwise than written because of words, not of letters: 여권 [여꿘], 할 수 [할 쑤], 무슨 일 [무슨 닐].

Words stand in ``said.txt``, endings and neighbours here (표준 발음법 제24, 26-30항). The rules of letters
(:mod:`models.korean.respell`) do the rest.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

from models.korean.jamo import ONSETS, TENSE, VOWELS, Jamo, join, split

_SAID: Final = "said.txt"
_NOUNS_IN_UI: Final = frozenset(first + "의" for first in "주회문동강협건합논이심정유창임편거결예명질성호상모의")
"""Words that end in 의 themselves; elsewhere a 의 at the end is the particle and is said 에 (제5항 다만 4)."""


def said_by_word(text: str, joined: bool) -> str:
    """The text with what hangs on words and not on letters already as it is said."""
    out = _WORDS.sub(_as_said, text)
    for pattern, replacement in _ENDINGS:
        out = pattern.sub(replacement, out)
    if joined:
        for pattern, replacement in _ACROSS:
            out = pattern.sub(replacement, out)
    return " ".join(word[:-1] + "이" if word[-2:] in _NOUNS_IN_UI else word for word in out.split())


def _as_said(found: re.Match[str]) -> str:
    whole = found.group()
    return _SAID_AS.get(whole) or _SAID_AS["^" + whole]


def _read() -> dict[str, str]:
    """``said.txt``: pairs 'written said', several a line, '#' to the end of a line is a remark."""
    text = resources.files(__package__).joinpath(_SAID).read_text("utf-8")
    words = " ".join(line.partition("#")[0] for line in text.splitlines()).split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _with_coda(letter: str) -> str:
    """A character class of all syllables with this coda."""
    syllables = (join(Jamo(onset, vowel, letter)) for onset in ONSETS for vowel in VOWELS)
    return f"[{''.join(syllables)}]"


def _tensed(found: re.Match[str]) -> str:
    first = split(found.group()[0])
    return join(first._replace(onset=TENSE[first.onset])) + found.group()[1:]


def _tensed_ending(found: re.Match[str]) -> str:
    stem, ending = found.groups()
    if stem in _L_STEMS and ending not in ("게요", "수록"):
        return found.group()
    return stem + join(split(ending[0])._replace(onset=TENSE[split(ending[0]).onset])) + ending[1:]


def _with_n(found: re.Match[str]) -> str:
    return join(split(found.group())._replace(onset="ㄴ"))


_SAID_AS: Final = _read()
_WORDS: Final = re.compile("|".join(key.replace("^", r"\b") for key in sorted(_SAID_AS, key=len, reverse=True)))
_L: Final = _with_coda("ㄹ")
_L_STEMS: Final = frozenset(
    [
        *"알살풀달열걸울놀팔들빌길멀줄날말돌떨밀불썰얼털헐벌틀늘졸",
        "만들",
        "힘들",
        "떠들",
        "줄어들",
        "주러들",
        "흔들",
        "거들",
    ]
)
"""Stems in ㄹ: after them -지, -게 is mostly no ending in -(으)ㄹ (알지, 살게 되다)."""
_ENDINGS: Final = (
    # 제27항 붙임: endings that begin with -(으)ㄹ.
    (re.compile(f"([가-힣]*{_L})(게요?|걸요?|지요?|지도|지는|지를|진대|수록)(?= |$)"), _tensed_ending),
)
_BOUND: Final = "|".join(
    f"{noun}(?={after})" if after else noun
    for noun, after in (
        ("것", ""),
        ("거", r"\b|[예였야고면니라든는도잖죠지]"),
        ("게", r"\b|[요있없뭐많아]"),
        ("건", r"\b|[가데지]"),
        ("걸", r"\b|[로요]"),
        ("겁", "니"),
        ("데", r"\b|[가는도를서]"),
        ("수", r"\b|[가는도있없밖를만]"),
        ("줄", r"\b|[은을도로만알모]"),
        ("적", r"\b|[에이]"),
        ("바", r"\b|[를가는도에]"),
        ("듯", r"\b|[이한해하]"),
    )
)
"""Bound nouns (의존 명사) and what may stand on them."""
_ACROSS: Final = (
    # 제27항: after a modifying -(으)ㄹ.
    (re.compile(f"(?<={_L} )(?:{_BOUND})"), _tensed),
    # 제29항: ㄴ is put between, 할 일 [할릴], 무슨 일 [무슨닐], 못 일어나 [몬니러나], 십 육 [심뉵].
    (re.compile("(?<=[할볼올갈된한슨떤딴별웬른] )일(?=[이은을로도인만에]| |$)(?!이 |일)"), _with_n),
    (re.compile("(?<=못 )[이야여요유읽잊열입익](?=[가-힣])"), _with_n),
    (re.compile("(?<=[십백천만일삼육칠팔] )육"), _with_n),
)
