"""What the voice of a test call tells: codec, both ways, packets, clocks. Rules without I/O."""

from __future__ import annotations

from server.exchange.call_facts import CallFacts, packet_ms
from server.exchange.sdp_facts import audio_of
from server.exchange.step import Step
from telephony.request import request_from

_QUIET_DB = -15.0
_LATE_S = 0.4
_WRONG_CLOCK_PPM = 300.0
_LOSS, _JITTER_MS = 0.005, 20.0


def codec(facts: CallFacts) -> Step | None:
    """Whether the best codec was agreed on."""
    stream = facts.stream
    if stream is None:
        return None
    best = facts.wants[0] if facts.wants else stream.codec
    figures = {"codec": stream.codec, "key_type": stream.key_type}
    if stream.codec != best:
        return Step(
            name="codec",
            state="note",
            says=f"{stream.codec} was agreed on, though {best} was offered first",
            change="Korean networks speak PCMA: put it first at the exchange, or order sip.codecs by what it prefers",
            facts=figures,
        )
    return Step(name="codec", state="ok", says=f"{stream.codec}, as wished", facts=figures)


def voice(facts: CallFacts) -> Step:
    """Whether the voice passes both ways."""
    stream, echo = facts.stream, facts.echo
    packets = stream.packets if stream else 0
    figures = _voice_figures(facts)
    name = "audio"
    if echo is not None and echo.found and (not facts.itself or (facts.far_heard and facts.far_heard.found)):
        return _heard_both_ways(facts, figures)
    if not packets:
        offered = next((audio_of(request_from(seen.text).body) for seen in facts.messages if seen.sent), None)
        where = f"{offered.host}:{offered.port}" if offered else "the address in our SDP"
        return Step(
            name=name,
            state="fault",
            says=f"one-way: no voice packet came from the other side; it was told to send to {where}",
            change=f"open UDP {where} in the firewall from the exchange to us (docs/firewall.md); if a NAT is between, "
            "set sip.public_address",
            facts=figures,
        )
    if echo is None or echo.silent:
        return Step(
            name=name,
            state="fault",
            says=f"{packets} packets came, with silence in them: our voice does not get there, or does not return",
            change="is it an echo number? If so: open UDP from us to the exchange's voice ports in the firewall, and "
            "see whether its SDP names an address that we can reach",
            facts=figures,
        )
    if facts.itself:
        return Step(
            name=name,
            state="fault",
            says="the voice passes one way only between two phones of this machine",
            change="a packet filter on this machine itself? See `nft list ruleset`",
            facts=figures,
        )
    return Step(
        name=name,
        state="note",
        says="we hear the other side, but not our own sound in it: no echo number, or our voice does not get there",
        change="call an echo number (docs/exchanges/ has one for each exchange); if it is one: open UDP towards the "
        "exchange's voice ports",
        facts=figures,
    )


def _voice_figures(facts: CallFacts) -> dict[str, object]:
    echo = facts.echo
    return {
        "packets": facts.stream.packets if facts.stream else 0,
        "echo": bool(echo and echo.found),
        "sweeps": echo.whole if echo else 0,
        "level_db": echo.level_db if echo else None,
        "round_trip_ms": round(facts.round_trip_s * 1000),
        "announcement_s": round(facts.waited_s, 1),
    }


def _heard_both_ways(facts: CallFacts, figures: dict[str, object]) -> Step:
    assert facts.echo is not None
    complaints = []
    if facts.echo.whole < 8:
        complaints.append(
            (
                f"only {facts.echo.whole} of 8 tones came whole",
                "look for loss on the way, and for silence suppression (VAD)",
            )
        )
    if facts.echo.level_db < _QUIET_DB:
        complaints.append((f"it came {-facts.echo.level_db:.0f} dB quieter", "take the attenuation off the trunk"))
    if facts.round_trip_s > _LATE_S:
        complaints.append(
            (
                f"it took {facts.round_trip_s * 1000:.0f} ms",
                "look for a detour (VPN, media server far away): people notice it",
            )
        )
    if facts.leaked:
        complaints.append(("our own sound comes back too", "something on this machine loops packets back"))
    way = (
        "both ways between two phones of this machine"
        if facts.itself
        else (f"both ways: our sound came back after {facts.round_trip_s * 1000:.0f} ms")
    )
    return Step(
        name="audio",
        state="note" if complaints else "ok",
        says="; ".join([way, *(what for what, _ in complaints)]),
        change="; ".join(change for _, change in complaints),
        facts=figures,
    )


def rtp_source(facts: CallFacts) -> Step | None:
    """Whether packets come from where the SDP says."""
    stream = facts.stream
    if stream is None or not stream.source:
        return None
    figures = {"told": stream.told, "source": stream.source}
    if stream.source == stream.told:
        return Step(name="rtp", state="ok", says=f"voice comes from where the SDP says: {stream.source}", facts=figures)
    return Step(
        name="rtp",
        state="note",
        says=f"voice comes from {stream.source}, though the SDP says {stream.told}: a NAT or a border controller",
        change="minwon follows it; but allow both addresses in the firewall",
        facts=figures,
    )


def packets(facts: CallFacts) -> Step | None:
    """Their size, and what the way does to them."""
    stream = facts.stream
    if stream is None or not stream.packets:
        return None
    size = packet_ms(stream)
    lost = stream.lost / (stream.packets + stream.lost)
    figures = {
        "packet_ms": size,
        "loss": round(lost, 4),
        "jitter_ms": round(stream.jitter_ms, 1),
        "reordered": stream.reordered,
        "doubled": stream.doubled,
        "packets_per_s": facts.pace.packets_per_s if facts.pace else None,
    }
    complaints = []
    if size and size != 20:
        complaints.append((f"packets hold {size} ms", "set the packet time (ptime) of the trunk to 20 ms"))
    if facts.pace and size and facts.pace.packets_per_s < 900 / size:
        complaints.append(("it sends nothing in pauses", "switch silence suppression (VAD) off at the exchange"))
    if lost > _LOSS:
        complaints.append((f"{lost:.1%} were lost", "look at switch ports, duplex and priority (DSCP EF) on the way"))
    if stream.jitter_ms > _JITTER_MS:
        complaints.append((f"they come {stream.jitter_ms:.0f} ms unevenly", "give voice priority on the way (DSCP EF)"))
    if stream.doubled or stream.reordered:
        complaints.append(("some came twice or out of order", "look for a loop or two paths in the network"))
    says = f"{size or '?'} ms a packet, {lost:.1%} lost, jitter {stream.jitter_ms:.1f} ms"
    if not complaints:
        return Step(name="packets", state="ok", says=says, facts=figures)
    return Step(
        name="packets",
        state="note",
        says="; ".join([says, *(what for what, _ in complaints)]),
        change="; ".join(change for _, change in complaints),
        facts=figures,
    )


def clock(facts: CallFacts) -> Step | None:
    """Whether the other side's clock runs like ours."""
    pace = facts.pace
    if pace is None or facts.itself:
        return None
    figures = {"drift_ppm": pace.drift_ppm, "error_ppm": pace.error_ppm}
    if pace.packets_per_s < 45:
        return None  # pauses: nothing can be said
    if abs(pace.drift_ppm) > max(_WRONG_CLOCK_PPM, pace.error_ppm):
        way = "fast" if pace.drift_ppm > 0 else "slow"
        return Step(
            name="clock",
            state="note",
            says=f"its clock runs {abs(pace.drift_ppm):.0f} ppm {way} (give or take {pace.error_ppm:.0f})",
            change="let both machines take their time from NTP; on a virtual machine see its clock source",
            facts=figures,
        )
    says = f"no drift that a short call could show (± {pace.error_ppm:.0f} ppm)"
    return Step(name="clock", state="ok", says=says, facts=figures)
