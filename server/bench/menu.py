"""Bench ``menu``: how soon the voice follows a finger on a real call, and how long a large menu takes to load.

The prompts are tones, so that the recording of the caller's telephone shows to a hundredth of a second which screen
is heard: the phone taps over HTTP, the tone changes in G.711.
"""

from __future__ import annotations

import asyncio
import time
import wave
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from ars.menu_files import menu_file
from core.audio import RATE
from core.config import ArsConfig
from core.errors import EnvironmentFault
from server.app import Node
from server.bench.desks import bench_config
from server.bench.figures import Figure, Report, percentile
from server.bench.stage import Stage
from server.demo.around import Inbox
from server.demo.phone import SmartPhone
from telephony.softphone import Softphone

TAPS: Final = 60
BOUND_S: Final = 0.3
SCREENS: Final = 2000
LOAD_BOUND_S: Final = 1.0
LOADS: Final = 5
_BETWEEN_S: Final = 0.7
_TONES: Final = {"low": 440.0, "high": 1200.0}
_TONE_S: Final = 120.0
_NUMBER: Final = "01000000001"
_WINDOW: Final = RATE // 100
_WAIT_S: Final = 20.0

_MENU: Final = """
id = "tones"
title = { ko = "측정", en = "Bench" }
phone = "120"
[[start]]
screen = "low"
[screens.low]
title = { ko = "낮은 소리", en = "Low" }
choices = [{ digit = "1", label = { ko = "높은 소리", en = "High" }, go = "high" }]
[screens.high]
title = { ko = "높은 소리", en = "High" }
choices = [{ digit = "1", label = { ko = "낮은 소리", en = "Low" }, go = "low" }]
[messages.link]
text = { ko = "{link}", en = "{link}" }
"""


async def measure(stage: Stage) -> Report:
    """Taps on a call, then the loading."""
    heard = await _taps(stage)
    stage.tell(f"a menu of {SCREENS} screens")
    loads = await asyncio.to_thread(_loads, stage.folder)
    return Report(
        figures=(
            Figure(name="tap to the new prompt at the telephone, p50", value=percentile(heard, 0.5), unit="s"),
            Figure(
                name="tap to the new prompt at the telephone, p95",
                value=percentile(heard, 0.95),
                unit="s",
                bound=BOUND_S,
            ),
            Figure(name="... slowest", value=max(heard), unit="s"),
            Figure(name=f"menu of {SCREENS} screens, checked, best", value=min(loads), unit="s", bound=LOAD_BOUND_S),
            Figure(name=f"menu of {SCREENS} screens, checked, slowest", value=max(loads), unit="s"),
        ),
        notes=(
            f"{TAPS} taps on one call: page, node, SIP worker and telephone on this machine; "
            "the telephone's jitter buffer is in it",
            "loading is reading, parsing, checking with line numbers",
        ),
    )


async def _taps(stage: Stage) -> list[float]:
    stage.tell("a node and telephones")
    home = stage.fresh_home()
    recordings = home.root / "recordings"
    recordings.mkdir()
    for name, hertz in _TONES.items():
        _write(recordings / f"{name}.ko.wav", hertz)
    menu = home.root / "menu.toml"
    menu.write_text(_MENU, "utf-8")
    async with AsyncExitStack() as stack:
        agent = await stack.enter_async_context(Softphone(user="2101", lines=1))
        caller = await stack.enter_async_context(Softphone(user=_NUMBER, lines=1))
        config = bench_config(home, [agent.uri])
        config = msgspec.structs.replace(config, ars=ArsConfig(menu=str(menu), prompts=str(recordings)))
        node = await stack.enter_async_context(Node(config, home))
        call = await caller.dial(f"sip:120@{node.sip_addresses[0]}")
        await call.answered(_WAIT_S)
        page = await stack.enter_async_context(SmartPhone(await Inbox(node.parts.gateway).link(_NUMBER)))
        await call.until(lambda it: it.heard, _WAIT_S)
        heard = stage.folder / "heard.wav"
        await call.record(heard)
        began = time.monotonic()
        await asyncio.sleep(1.0)
        taps: list[tuple[float, str]] = []
        for number in range(TAPS):
            stage.tell(f"tap {number + 1} of {TAPS}")
            taps.append((time.monotonic() - began, "high" if number % 2 == 0 else "low"))
            await page.tap("1")
            await asyncio.sleep(_BETWEEN_S)
        await call.record(None)
        await call.hang_up()
    return _delays(_read(heard), taps)


def _delays(sound: npt.NDArray[np.float64], taps: list[tuple[float, str]]) -> list[float]:
    """Seconds from each tap to the first window in which its tone is the louder one."""
    windows = sound[: len(sound) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    strength = {name: _strength(windows, hertz) for name, hertz in _TONES.items()}
    found = []
    for at, wanted in taps:
        other = "low" if wanted == "high" else "high"
        first = int(at * RATE / _WINDOW)
        louder = (strength[wanted] > 2 * strength[other]) & (strength[wanted] > 0.01)
        hits = np.flatnonzero(louder[first:])
        if not len(hits):
            raise EnvironmentFault("a prompt did not change: the telephone heard nothing of the tap")
        found.append((first + int(hits[0])) * _WINDOW / RATE - at)
    return [max(0.0, delay) for delay in found]


def _strength(windows: npt.NDArray[np.float64], hertz: float) -> npt.NDArray[np.float64]:
    """The tone's part in each window (a DFT of one line)."""
    turn = np.exp(-2j * np.pi * hertz * np.arange(_WINDOW) / RATE)
    strength: npt.NDArray[np.float64] = np.abs(windows @ turn) * 2 / _WINDOW
    return strength


def _loads(folder: Path) -> list[float]:
    file = folder / "large.toml"
    file.write_text(large_menu(SCREENS), "utf-8")
    seconds = []
    for _ in range(LOADS):
        began = time.perf_counter()
        loaded = menu_file.load(file)
        seconds.append(time.perf_counter() - began)
        if loaded.menu is None or loaded.errors:
            raise EnvironmentFault(f"the large menu is broken: {loaded.findings[0].message}")
    return seconds


def large_menu(screens: int) -> str:
    """A tree of nine branches a screen, with words in two languages, as a city would write them."""
    lines = [_MENU.split("[screens.low]")[0].replace('screen = "low"', 'screen = "s0"')]
    for number in range(screens):
        below = range(number * 9 + 1, min(number * 9 + 10, screens))
        lines.append(
            f'[screens.s{number}]\ntitle = {{ ko = "안내 {number}", en = "Service {number}" }}\n'
            f'text = {{ ko = "이 업무는 평일에 처리됩니다. 서류 {number}번이 필요합니다.", '
            f'en = "This is done on weekdays. You need paper {number}." }}'
        )
        for digit, child in enumerate(below, 1):
            lines.append(
                f'[[screens.s{number}.choices]]\ndigit = "{digit}"\n'
                f'label = {{ ko = "업무 {child}", en = "Service {child}" }}\ngo = "s{child}"'
            )
    lines.append('[messages.link]\ntext = { ko = "[{centre}] {link}", en = "[{centre}] {link}" }')
    return "\n".join(lines)


def _write(path: Path, hertz: float) -> None:
    samples = (0.25 * 32767 * np.sin(2 * np.pi * hertz * np.arange(int(_TONE_S * RATE)) / RATE)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def _read(path: Path) -> npt.NDArray[np.float64]:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768
