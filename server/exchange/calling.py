"""The test call itself: our own telephone calls an echo number, or a second telephone of ours, and measures."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from core.config import Config
from server.exchange.call_facts import CallFacts, pace_of
from server.exchange.call_verdicts import answers_of
from server.exchange.ladder import Seen
from server.exchange.phones import OwnPhone, samples_of, sound_file
from server.exchange.tones import OURS, THEIRS, Found, Samples, find
from telephony.softphone import CallOver, PhoneCall, Softphone
from telephony.softphone_messages import Traced

_ANSWER_S = 20.0
_ECHO_S = 1.2
"""After our sound, how long its echo is waited for."""
_ANNOUNCEMENTS = 8
"""So often our sound is said again while something else is heard: echo services like to introduce themselves."""
_SILENCES = 2
_KEYS, _INFO_KEY = "159#", "0"
_KEY_S, _KEYS_S = 0.25, 3.0
_BEAT_MS = 20
_PLAYED_S = 10.0
_MEDIA_S = 3.0
_BYE_S = 12.0
_LOOK_S = 0.2

Follow = Callable[[str], None]
"""Is told what is being done, for the progress display."""


async def call_echo(config: Config, to: str, host: str, follow: Follow) -> CallFacts:
    """Call a number that sends back what it hears. ``EnvironmentFault`` when there is no telephone here."""
    facts = CallFacts(to=to, wants=config.sip.codecs)
    with TemporaryDirectory(prefix="minwon-test-") as folder:
        async with OwnPhone(config, host, caller=True) as phone:
            await _talk(phone, to, facts, Path(folder), follow)
            facts.messages = await _messages(phone)
    return _read_answers(facts)


async def call_ourselves(config: Config, host: str, follow: Follow) -> CallFacts:
    """A telephone of ours calls another on this machine: proves addresses, ports and the telephone itself."""
    facts = CallFacts(to="a second phone on this machine", itself=True, wants=config.sip.codecs)
    with TemporaryDirectory(prefix="minwon-test-") as folder:
        answering = OwnPhone(config, host, caller=False)
        async with answering as other, OwnPhone(config, host, caller=True) as phone:
            answers = asyncio.create_task(_answer(other, facts, Path(folder)))
            try:
                await _talk(phone, other.uri, facts, Path(folder), follow, answers)
            finally:
                answers.cancel()
                await asyncio.gather(answers, return_exceptions=True)
            facts.messages = await _messages(phone)
    return _read_answers(facts)


async def _talk(
    phone: Softphone,
    to: str,
    facts: CallFacts,
    folder: Path,
    follow: Follow,
    answers: asyncio.Task[None] | None = None,
) -> None:
    follow(f"calling {facts.to}")
    began = time.monotonic()
    call = await phone.dial(to)
    try:
        await call.until(lambda call: call.up, _ANSWER_S)
    except TimeoutError:
        facts.answer_s = time.monotonic() - began
        await call.hang_up()
        return
    except CallOver:
        facts.answer_s = time.monotonic() - began
        ended = call.ended
        facts.status, facts.reason = (ended.status, ended.reason) if ended else (0, "")
        return
    facts.answer_s = time.monotonic() - began
    try:
        await call.until(lambda call: call.media == "active", _MEDIA_S)
    except (TimeoutError, CallOver):  # its SDP has nothing for us
        facts.status = 200
        await call.hang_up(_BYE_S)
        return
    facts.answered = True
    try:
        await _exercise(call, facts, folder, follow)
    except CallOver as over:
        facts.ended_early = str(over)
    facts.exercised = True
    await _goodbye(call, facts, follow, answers)


async def _exercise(call: PhoneCall, facts: CallFacts, folder: Path, follow: Follow) -> None:
    await call.measure(_BEAT_MS)
    follow("listening for our own sound")
    await _echo(call, facts, folder)
    facts.stream = call.streams[-1] if call.streams else None
    facts.pace = pace_of(list(call.streams))
    follow("pressing keys")
    await _press(call, facts)
    follow("hold and resume")
    await _hold(call, facts, folder)


async def _echo(call: PhoneCall, facts: CallFacts, folder: Path) -> None:
    wanted = THEIRS if facts.itself else OURS
    began, silences = time.monotonic(), 0
    for number in range(_ANNOUNCEMENTS):
        recording, said_at, heard_from = await _say_and_record(call, folder / f"heard-{number}.wav", folder)
        facts.echo = find(recording, wanted)
        facts.leaked = facts.itself and find(recording, OURS).found
        if facts.echo.found:
            facts.round_trip_s = max(0.0, heard_from + facts.echo.at_s - said_at)
            return
        silences += facts.echo.silent
        if silences >= _SILENCES:
            return
        facts.waited_s = time.monotonic() - began


async def _say_and_record(call: PhoneCall, to: Path, folder: Path) -> tuple[Samples, float, float]:
    """What was heard while our sound was said, when that began, and when the recording began."""
    await call.record(to)
    clip = await call.play(sound_file(folder, OURS))
    await call.until(lambda call: call.playing is not None, _PLAYED_S)
    said_at = call.playing.at if call.playing else time.monotonic()
    await call.played(clip, _PLAYED_S)
    await asyncio.sleep(_ECHO_S)
    await call.record(None)
    heard_from = call.recording.at if call.recording else said_at
    return samples_of(to), said_at, heard_from


async def _press(call: PhoneCall, facts: CallFacts) -> None:
    facts.keys_sent = _KEYS
    # As a finger does it: keys that are sent at once may be taken for one by an exchange.
    for key in _KEYS:
        await call.press(key)
        await asyncio.sleep(_KEY_S)
    with contextlib.suppress(TimeoutError):
        await call.until(lambda call: len(call.keys) >= len(_KEYS) or facts.itself, _KEYS_S if _hears(facts) else 0.2)
    if not facts.itself:
        facts.keys_back = call.keys
    await call.press(_INFO_KEY, "info")
    await asyncio.sleep(0.3)


def _hears(facts: CallFacts) -> bool:
    return facts.echo is not None and facts.echo.found


async def _hold(call: PhoneCall, facts: CallFacts, folder: Path) -> None:
    facts.after_hold = Found(found=False)
    try:
        await call.hold(True)
        await asyncio.sleep(0.3)
        await call.hold(False)
    except TimeoutError:
        return
    if _hears(facts):
        recording, _, _ = await _say_and_record(call, folder / "after-hold.wav", folder)
        facts.after_hold = find(recording, THEIRS if facts.itself else OURS)


async def _goodbye(call: PhoneCall, facts: CallFacts, follow: Follow, answers: asyncio.Task[None] | None) -> None:
    follow("hanging up")
    with contextlib.suppress(TimeoutError):
        if answers is not None:  # the other phone is ours: let it say goodbye, so that both ways are seen
            await answers
            ended = await call.over(3.0)
            facts.bye_came = ended.by_peer
            return
        await call.hang_up(_BYE_S)


async def _answer(phone: Softphone, facts: CallFacts, folder: Path) -> None:
    """The answering phone's part: answer each sound with its own, listen, hang up at the end."""
    call = await phone.next_call(_ANSWER_S)
    await call.until(lambda call: call.up and call.media == "active")
    heard = folder / "far.wav"
    await call.record(heard)
    theirs = sound_file(folder, THEIRS)
    while not facts.exercised:
        with contextlib.suppress(TimeoutError):  # it answers our sound with its own, so that both are heard whole
            await call.until(lambda call: call.hearing, _LOOK_S)
            await call.say(theirs)
            await call.until(lambda call: not call.hearing, _PLAYED_S)
    await call.record(None)
    facts.far_heard = find(samples_of(heard), OURS)
    facts.keys_back = "".join(call.keys).replace(_INFO_KEY, "")
    await call.hang_up()


async def _messages(phone: Softphone) -> tuple[Seen, ...]:
    await asyncio.sleep(0.1)  # the phone tells of a call's end before it tells of the message that ended it
    return tuple(seen_of(traced) for traced in phone.traced)


def seen_of(traced: Traced) -> Seen:
    """A message that our telephone told, as the ladder wants it."""
    text = traced.text.encode()
    return Seen(at=traced.at, sent=traced.sent, peer=traced.peer, text=text, worker="test phone", call="test")


def _read_answers(facts: CallFacts) -> CallFacts:
    invites = [status for status, _ in answers_of(facts, "INVITE") if status not in (401, 407)]
    facts.hold_status = invites[1] if len(invites) > 1 and facts.answered else 0
    facts.info_status = next((status for status, _ in answers_of(facts, "INFO")), 0)
    facts.bye_status = next((status for status, _ in answers_of(facts, "BYE")), 0)
    if facts.bye_came and not facts.bye_status:
        facts.bye_status = 200  # the other way round: we answered
    facts.early_media = any(b" 183 " in seen.text[:20] for seen in facts.messages if not seen.sent)
    return facts
