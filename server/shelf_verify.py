"""``minwon models verify``: a model is loaded by a child process and hears a sentence; what came of it, in figures.

The sentence is spoken by espeak-ng in the model's language. A model that was trained on people may well mishear such a
voice: this tells that the model works, not how well; that is what ``minwon bench recognition`` and recordings are for.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from core.audio import RATE
from core.errors import EnvironmentFault
from core.spoken import Speech, Voice
from models.label import MANY
from models.shelf import ModelInfo
from models.stocking import sums
from stt.trial import Trial

TIMES: Final = 3
"""The sentence is decoded so often for the figure of speed, after once to warm up."""
_SILENCE: Final = bytes(3 * RATE * 2)
_SENTENCES: Final = {
    "ko": (("ko",), "안녕하세요 여권을 다시 발급받고 싶습니다"),
    "en": (("en-us", "en"), "good morning I would like to renew my passport please"),
    "zh": (("cmn-latn-pinyin", "cmn"), "你好 我想更换我的护照"),
    "yue": (("yue",), "你好 我想換護照"),
    "ja": (("ja",), "こんにちは パスポートを こうしん したい です"),
    "vi": (("vi",), "xin chào tôi muốn đổi hộ chiếu mới"),
    "ru": (("ru",), "здравствуйте я хочу получить новый паспорт"),
    "uz": (("uz",), "assalomu alaykum men yangi pasport olmoqchiman"),
    "kk": (("kk",), "сәлеметсіз бе мен жаңа паспорт алғым келеді"),
    "th": (("th",), "สวัสดีครับ ผมอยากทำหนังสือเดินทาง"),
}
"""By language: espeak-ng's voices, best first, and a caller's sentence."""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What the model did."""

    name: str
    engine: str
    language: str
    said: str
    """The sentence; '' = there was no voice for it, so it heard silence."""
    heard: str
    words: int
    confidence: float
    """Mean of the words, 0..1."""
    load_s: float
    rtf: float
    """CPU seconds per second of audio: 0.03 = a core carries some thirty legs that speak all the time."""
    memory_mb: int
    """Of the child process, with the model."""
    as_packed: bool
    """The files are those that were exported, by their checksums; False = no list came with them."""


def verify(info: ModelInfo) -> Verified:
    """Try it. Raises ``ModelFault`` in one line when its files have changed, or the engine can't load or run it."""
    as_packed = sums.check(info.path)
    said, clip = _spoken(info.language)
    with Trial(info) as trial:
        [found] = trial.decode([clip])
        timed = list(trial.decode([clip] * TIMES))
        return Verified(
            name=info.name,
            engine=info.engine,
            language=info.language,
            said=said,
            heard=found.text,
            words=len(found.words) or len(found.text.split()),
            confidence=round(found.confidence, 3),
            load_s=round(trial.load_s, 2),
            rtf=round(sum(each.cpu_s for each in timed) / sum(each.audio_s for each in timed), 4),
            memory_mb=max(each.resident_mb for each in timed),
            as_packed=as_packed,
        )


def in_words(verified: Verified) -> str:
    """For people."""
    if not verified.said:
        heard = f"espeak-ng has no voice for '{verified.language}' here: it heard 3 s of silence, and made of it"
        heard += f": '{verified.heard}'" if verified.heard else " nothing, as it should"
    else:
        heard = f"said   {verified.said}\nheard  {verified.heard or '(nothing)'}"
    legs = f", {1 / verified.rtf:.0f} legs that speak all the time on a core" if verified.rtf else ""
    lines = [
        f"{verified.name}: loads and runs ({verified.engine})",
        heard,
        f"load   {verified.load_s:.1f} s, memory {verified.memory_mb} MB, real-time factor {verified.rtf:.3f}{legs}",
        "files  as they were packed" if verified.as_packed else "files  complete; no checksums came with them",
    ]
    if verified.said and not verified.heard:
        lines.append("It heard nothing in a synthetic voice; try it on recordings: minwon replay")
    return "\n".join(lines)


def _spoken(language: str) -> tuple[str, bytes]:
    """A sentence in that language, and its sound; silence where nobody can say one."""
    tried, sentence = _SENTENCES.get("ko" if language in ("", MANY) else language.partition("-")[0], ((), ""))
    for voice in tried:
        try:
            return sentence, asyncio.run(Speech().say(sentence, Voice(name=voice))).tobytes()
        except EnvironmentFault:
            continue
    return "", _SILENCE
