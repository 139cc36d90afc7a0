"""From a corpus's transcript to the words that were spoken: Hangul, one space between words. Pure.

What is known of transcription rules:

* KsponSpeech: ``(70%)/(칠십 퍼센트)`` spelling and pronunciation, ``b/ l/ n/ o/`` noises, ``u/`` not understood,
  ``아/`` a filler, ``몬+`` a broken-off or repeated word, ``뭐*`` hard to hear (AI Hub's rules of
  transcription 1.0)
* AI Hub's free talk: ``(SN:문이)`` sounds beside a word, ``(NO:)`` a noise
* broadcasts and dialogues: ``@이름1``, ``&name1&`` where a name was bleeped out, ``{laughing}``
"""

from __future__ import annotations

import re
from typing import Final, Literal

from models.training.people.figures import read_figures

Reason = Literal["digits", "latin", "other letters", "masked or not understood", "no words"]


class Unreadable(Exception):
    """Nobody can know from this transcript how it was spoken; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


_DUAL: Final = re.compile(r"\(([^()]*)\)\s*/\s*\(([^()]*)\)")
_TAGGED: Final = re.compile(r"\([A-Z]{1,3}:([^()]*)\)")
_NOISE: Final = re.compile(r"(?<![a-zA-Z])[blno]/")
_LOST: Final = re.compile(r"(?<![a-zA-Z])u/|[@&#]\w+[&#]?|\bx{2,}\b|\(\(\s*\)\)")
_ASIDE: Final = re.compile(r"\{[^{}]*\}|<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)")
_HANGUL: Final = re.compile(r"[가-힣 ]+")
_PERCENT: Final = re.compile(r"(?<=\d)\s*%")
_PUNCTUATION: Final = re.compile(r"""[.,?!~…·:;"'“”‘’`\-–—/+*|_「」『』《》()=]""")


def spoken(raw: str) -> str:
    """The words as they were said. Raises ``Unreadable`` when the transcript leaves that open."""
    text = _DUAL.sub(_said_side, raw)
    text = _TAGGED.sub(r"\1", text)
    if _LOST.search(text):
        raise Unreadable("masked or not understood")
    text = _ASIDE.sub(" ", _NOISE.sub(" ", text))
    text = read_figures(_PERCENT.sub(" 퍼센트", text))
    if re.search(r"\d", text):
        raise Unreadable("digits")
    text = " ".join(_PUNCTUATION.sub(" ", text).split())
    if re.search(r"[A-Za-z]", text):
        raise Unreadable("latin")
    if not text:
        raise Unreadable("no words")
    if not _HANGUL.fullmatch(text):
        raise Unreadable("other letters")
    return text


def _said_side(found: re.Match[str]) -> str:
    """Of a dual transcription the side without digits and letters; where both are Hangul the spelling (the first)."""
    first, second = found[1], found[2]
    return second if re.search(r"[0-9A-Za-z%]", first) else first
