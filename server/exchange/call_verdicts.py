"""What the facts of a test call mean, and what to change. Rules without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from server.exchange import sound_verdicts
from server.exchange.call_facts import CallFacts
from server.exchange.sdp_facts import Audio, audio_of
from server.exchange.step import Step
from telephony.sip_text import reply_from

_REFUSALS = {
    401: (
        "it asks for a password",
        "set sip.register with the trunk's user and password, or list our address as a peer",
    ),
    403: ("it forbids the call", "let our address (or the registered extension) call that number at the exchange"),
    404: ("it knows no such number", "correct the number behind --to, or make an echo extension (docs/exchanges/)"),
    407: ("it does not believe the password", "check user, auth_user and password of sip.register"),
    408: ("nobody answered it in time", "see where the exchange sent the call: its log, `minwon exchange watch`"),
    480: ("nobody is there", "register or switch on the phone behind that number"),
    486: ("the number is busy", "call another, or wait"),
    488: ("no codec in common", "allow G.711 A-law (PCMA) on the trunk at the exchange; minwon speaks G.711 alone"),
    503: ("no line is free, or the trunk is down", "see the trunk's state and its number of channels at the exchange"),
    606: ("no codec in common", "allow G.711 A-law (PCMA) on the trunk at the exchange; minwon speaks G.711 alone"),
}


def judged(facts: CallFacts) -> list[Step]:
    """All verdicts on a call, in the order in which it went on."""
    first = _set_up(facts)
    if not facts.answered:
        return [first]
    rules: tuple[Callable[[CallFacts], Step | None], ...] = (
        sound_verdicts.codec,
        sound_verdicts.voice,
        sound_verdicts.rtp_source,
        sound_verdicts.packets,
        sound_verdicts.clock,
        _keys,
        _info,
        _hold,
        _end,
    )
    steps = [step for rule in rules if (step := rule(facts)) is not None]
    return [first, *steps]


def answers_of(facts: CallFacts, method: str) -> Iterator[tuple[int, Audio | None]]:
    """Status and SDP of each final answer that came to a method of ours."""
    for seen in facts.messages:
        reply = reply_from(seen.text)
        if reply and not seen.sent and reply.status >= 200 and reply.first("cseq").endswith(f" {method}"):
            yield reply.status, audio_of(reply.body)


def _set_up(facts: CallFacts) -> Step:
    name = "call"
    if facts.answered:
        early = ", with early media before" if facts.early_media else ""
        figures = {"answer_s": round(facts.answer_s, 2), "early_media": facts.early_media}
        says = f"{facts.to} answered after {facts.answer_s:.1f} s{early}"
        return Step(name=name, state="ok", says=says, facts=figures)
    refusal = {"status": facts.status, "reason": facts.reason}
    if not facts.status:
        return Step(
            name=name,
            state="fault",
            says=f"{facts.to} did not answer within {facts.answer_s:.0f} s",
            change="give a number that answers by itself (echo service); see docs/exchanges/ for one on your exchange",
            facts=refusal,
        )
    refused_answer = next((audio for status, audio in answers_of(facts, "INVITE") if status == 200), None)
    if refused_answer is not None:  # we hung up: its answer was of no use
        spoken = ", ".join(refused_answer.codecs) or "no codec"
        return Step(
            name=name,
            state="fault",
            says=f"{facts.to} answered with {spoken}, which minwon does not speak",
            change="allow G.711 A-law (PCMA) on the trunk at the exchange, and let it answer with what was offered",
            facts={**refusal, "codecs": list(refused_answer.codecs)},
        )
    what, change = _REFUSALS.get(facts.status, (f"it says {facts.reason or 'no'}", "read the exchange's log for why"))
    return Step(
        name=name, state="fault", says=f"{facts.to} refused: {facts.status}, {what}", change=change, facts=refusal
    )


def _keys(facts: CallFacts) -> Step | None:
    if not facts.keys_sent:
        return None
    agreed = facts.stream is not None and facts.stream.key_type >= 0
    figures = {"sent": facts.keys_sent, "back": facts.keys_back, "agreed": agreed}
    if facts.keys_back == facts.keys_sent:
        return Step(name="keys", state="ok", says="key presses (RFC 4733) came through, each once", facts=figures)
    if not agreed:
        return Step(
            name="keys",
            state="fault" if facts.itself else "note",
            says="the other side takes no key presses by RFC 4733",
            change="set DTMF to RFC 2833/4733 (payload 101) on the trunk, not to in-band: the menu needs it",
            facts=figures,
        )
    if facts.keys_back:
        says = f"of the keys {facts.keys_sent} came back {facts.keys_back}"
        change = "look for packet loss, and for a DTMF setting that sends each key in two ways"
        return Step(name="keys", state="note", says=says, change=change, facts=figures)
    return Step(
        name="keys",
        state="fault" if facts.itself else "ok",
        says="RFC 4733 is agreed on; the echo number does not send keys back, so call the hotline and press some",
        facts=figures,
    )


def _info(facts: CallFacts) -> Step | None:
    if not facts.keys_sent:
        return None
    figures = {"status": facts.info_status}
    if facts.info_status // 100 == 2:
        return Step(name="keys by INFO", state="ok", says="a key by INFO is taken too", facts=figures)
    says = f"keys by INFO are not taken ({facts.info_status})" if facts.info_status else "no answer to a key by INFO"
    return Step(name="keys by INFO", state="ok", says=f"{says}: not needed with RFC 4733", facts=figures)


def _hold(facts: CallFacts) -> Step | None:
    if not facts.hold_status and facts.after_hold is None:
        return None
    figures = {"status": facts.hold_status, "echo_after": bool(facts.after_hold and facts.after_hold.found)}
    if facts.hold_status // 100 != 2:
        return Step(
            name="hold",
            state="fault",
            says=f"the exchange does not take a hold (re-INVITE: {facts.hold_status or 'no answer'})",
            change="allow re-INVITE on the trunk; without it there is no hold and no transfer",
            facts=figures,
        )
    before = facts.echo is not None and facts.echo.found
    if before and not (facts.after_hold and facts.after_hold.found):
        return Step(
            name="hold",
            state="fault",
            says="after hold and resume the voice does not come back",
            change="update the exchange, or let its media stay on one port over a re-INVITE",
            facts=figures,
        )
    return Step(
        name="hold", state="ok", says="hold and resume work" + (", the voice is back" if before else ""), facts=figures
    )


def _end(facts: CallFacts) -> Step:
    figures = {"bye_status": facts.bye_status, "bye_came": facts.bye_came}
    if facts.ended_early:
        return Step(
            name="end",
            state="note",
            says=f"the other side ended the call while it was tested ({facts.ended_early})",
            change="use a number that stays on the line for half a minute",
            facts=figures,
        )
    if facts.bye_status // 100 != 2:
        says = f"our BYE was answered with {facts.bye_status}" if facts.bye_status else "our BYE got no answer"
        change = (
            "the exchange keeps a dead call: check that its Contact or Record-Route is an address that we can reach"
        )
        return Step(name="end", state="fault", says=says, change=change, facts=figures)
    both = " and the other side's" if facts.bye_came else ""
    return Step(name="end", state="ok", says=f"our BYE{both} ended the call properly", facts=figures)
