"""Sentences spoken by espeak-ng, as telephone audio at one level: prompts, and the people of the demo.

espeak-ng is a program of its own (GPL-3.0-or-later, ``apt-get install espeak-ng``): it reads a text on stdin and writes
a WAV on stdout, so that nothing that is said lies on a disk here. A sentence takes it some 10 ms.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
import unicodedata
import wave
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
import soxr

from core.audio import RATE
from core.errors import BadInput, EnvironmentFault

VOICE_DBFS: Final = -20.0
"""Mean power of a voice while it sounds: a clear telephone voice with headroom for noise."""
FORM: Final = 2
"""Raised when the same text and voice give other samples than before, so that caches can tell."""
LONGEST: Final = 2000
"""Characters of one text; over two minutes of speech."""
AT_A_TIME: Final = 2
"""Processes of espeak-ng that run at a time; further texts wait for their turn."""
ADVICE: Final = "espeak-ng is missing: apt-get install espeak-ng"

_PEAK = 0.8
"""No sample goes beyond this, even if the voice stays softer for it."""
_SAY_S = 20.0
_LIST_S = 5.0
_EDGE = 0.005
"""Samples under this share of full scale at either end are silence; what is kept of it is ``_MARGIN_S``."""
_MARGIN_S = 0.05
_VOICES: Mapping[str, tuple[str, ...]] = {
    "ko": ("ko",),
    "en": ("en-us", "en"),
    "zh": ("cmn-latn-pinyin", "cmn"),  # 'cmn' of espeak-ng 1.51 reads its own pinyin as if it were English
    "ja": ("ja",),
    "vi": ("vi",),
    "mn": ("mn",),
}
"""espeak-ng's voices for our languages, best first. (1.51 has none for Mongolian.)"""
_SCRIPTS: Mapping[str, frozenset[str]] = {
    "ko": frozenset({"HANGUL", "LATIN"}),
    "en": frozenset({"LATIN"}),
    "zh": frozenset({"CJK", "LATIN"}),
    "ja": frozenset({"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}),
    "vi": frozenset({"LATIN"}),
    "mn": frozenset({"CYRILLIC", "LATIN"}),
}
"""What each voice can read; of anything else it says 'Chinese letter' and the like."""

Samples = npt.NDArray[np.int16]


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody sounds."""

    name: str = "ko"
    """espeak-ng's voice: 'ko', 'en-us'."""
    variant: str = ""
    """espeak-ng voice variant: 'm3', 'f2', 'klatt4'; '' = the plain voice."""
    pitch: int = 50
    """0..99."""
    speed: int = 160
    """Words a minute, 80..450."""


class Speech:
    """espeak-ng, a few processes at a time. ``EnvironmentFault`` if it is not installed."""

    def __init__(self) -> None:
        found = shutil.which("espeak-ng")
        if found is None:
            raise EnvironmentFault(ADVICE)
        self._espeak = found
        self._turn = asyncio.Semaphore(AT_A_TIME)

    async def say(self, text: str, voice: Voice, *, patiently: bool = False) -> Samples:
        """The text at 8 kHz, without silence at its ends; ``patiently`` leaves the machine to everybody else first.

        Raises ``BadInput`` for a text without a sound or over the limit, ``EnvironmentFault`` when espeak-ng fails.
        """
        if len(text) > LONGEST:
            raise BadInput(f"a text of {len(text)} characters is too long to be spoken at once; at most {LONGEST}")
        async with self._turn:
            sound = await self._speak(text, voice, patiently)
        return await asyncio.to_thread(_telephone_of, sound)

    async def _speak(self, text: str, voice: Voice, patiently: bool) -> bytes:
        """What espeak-ng makes of it: a WAV at its own rate (22,050 Hz)."""
        name = f"{voice.name}+{voice.variant}" if voice.variant else voice.name
        manner = ("-v", name, "-p", str(voice.pitch), "-s", str(voice.speed))
        command = ("nice", "-n", "19", self._espeak) if patiently else (self._espeak,)
        try:
            process = await asyncio.create_subprocess_exec(
                *command, *manner, "--stdin", "--stdout", stdin=PIPE, stdout=PIPE, stderr=PIPE
            )
        except OSError as fault:  # it was uninstalled meanwhile, or the machine has no memory or open files left
            raise EnvironmentFault(f"espeak-ng cannot be started ({fault.strerror}): {ADVICE}") from fault
        try:
            async with asyncio.timeout(_SAY_S):
                sound, complaint = await process.communicate(text.encode("utf-8", "replace"))
        except TimeoutError as error:
            raise EnvironmentFault(f"espeak-ng did not finish in {_SAY_S:.0f} s: is the machine busy?") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            why = complaint.decode(errors="replace").strip()
            raise EnvironmentFault(f"espeak-ng can't speak as '{name}': {why}")
        return sound


def voices_here() -> dict[str, str]:
    """Our languages that espeak-ng has a voice for on this machine, and the voice's name; empty without espeak-ng.

    Runs it once, some 10 ms: for the start of a node.
    """
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        return {}
    try:
        listed = subprocess.run([espeak, "--voices"], capture_output=True, timeout=_LIST_S, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    # "Pty Language Age/Gender VoiceName File Other"
    known = {words[1] for line in listed.decode(errors="replace").splitlines()[1:] if len(words := line.split()) > 1}
    best = {language: next((name for name in names if name in known), "") for language, names in _VOICES.items()}
    return {language: name for language, name in best.items() if name}


def sayable(text: str, language: str) -> str:
    """The text without letters that the language's voice cannot read; '' if what is left would not be the text.

    Japanese with Chinese characters is such a text: espeak-ng reads kana only.
    """
    readable = _SCRIPTS.get(language, frozenset())
    if language == "ja" and any(_script(letter) == "CJK" for letter in text):
        return ""
    kept = "".join(letter for letter in text if not letter.isalpha() or _script(letter) in readable)
    return kept if any(letter.isalnum() for letter in kept) else ""


def telephone(sound: Samples, rate: int) -> Samples:
    """Bring a voice to 8 kHz and one level, without the silence at its ends. Raises ``BadInput`` if all is silence."""
    narrow = soxr.resample(sound.astype(np.float64) / 32768, rate, RATE)
    audible = np.flatnonzero(np.abs(narrow) > _EDGE)
    if not len(audible):
        raise BadInput("espeak-ng makes no sound of this text: is it written in the voice's language?")
    margin = int(_MARGIN_S * RATE)
    narrow = narrow[max(0, audible[0] - margin) : audible[-1] + margin]
    loudness = float(np.sqrt(np.mean(np.square(narrow[np.abs(narrow) > _EDGE]))))
    gain = min(10 ** (VOICE_DBFS / 20) / loudness, _PEAK / float(np.max(np.abs(narrow))))
    level: npt.NDArray[np.float64] = narrow * gain * 32767
    return np.round(level).astype(np.int16)


def write_wav(target: Path, sound: Samples) -> None:
    """8 kHz, mono, 16 bits; whole or not at all: others may look for the same file. ``OSError`` if the disk is full."""
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".draft", delete=False) as draft:
        try:
            draft.write(wav_bytes(sound))
            draft.close()
            Path(draft.name).rename(target)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def wav_bytes(sound: Samples) -> bytes:
    """A whole WAV file: 8 kHz, mono, 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setparams((1, 2, RATE, 0, "NONE", ""))
        clip.writeframes(sound.astype("<i2").tobytes())
    return out.getvalue()


def _telephone_of(sound: bytes) -> Samples:
    with wave.open(io.BytesIO(sound), "rb") as spoken:  # its header promises 2 GB: espeak-ng can't know yet
        pcm = spoken.readframes(spoken.getnframes())
        return telephone(np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2"), spoken.getframerate())


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
