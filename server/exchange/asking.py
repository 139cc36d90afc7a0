"""What OPTIONS and REGISTER tell: verdicts from an exchange's answers. Rules without I/O."""

from __future__ import annotations

import re

from core.config import SipConfig
from server.exchange.line import Asked, Silent
from server.exchange.step import Step
from server.exchange.target import Target, Transport
from telephony.sip_text import parameters

_SLOW_MS = 200.0
_WANTED = ("INVITE", "ACK", "BYE", "CANCEL")
_OF_USE = ("REFER", "UPDATE", "INFO", "PRACK", "NOTIFY")


def unanswered(transport: Transport, target: Target, fault: Silent, *, others: bool) -> Step:
    """OPTIONS got no answer. ``others``: another transport did."""
    where = f"{target.host}:{target.port_of(transport)}"
    if fault.code == "certificate":
        change = (
            "sip.tls.ca_file must hold the authority that signed the exchange's certificate, and the exchange be "
            "called by a name in it"
        )
    elif fault.code == "tls":
        change = f"switch TLS 1.2 on at the exchange, or check that {where} is its TLS port"
    elif "listens" in str(fault):
        change = f"check the port: is {transport} switched on for the SIP trunk at the exchange?"
    else:
        change = (
            f"open {transport} {where} in the firewall, both ways; then see whether the exchange knows our address "
            "as a trunk peer (many exchanges say nothing to strangers)"
        )
    if others:
        change = f"{change}; or leave '{transport}' out of sip.transports: another transport works"
    return Step(
        name=f"options {transport}",
        state="note" if others else "fault",
        says=f"no answer from {where} by {transport}: {fault}",
        change=change,
        facts={"transport": transport, "code": fault.code},
    )


def answered(transport: Transport, asked: Asked, sip: SipConfig, tls: dict[str, object]) -> Step:
    """OPTIONS was answered: by what, how quickly, and what that says of us."""
    reply = asked.reply
    who = reply.first("server") or reply.first("user-agent") or "one that does not say its name"
    allow = reply.words("allow")
    facts = {
        "transport": transport,
        "status": reply.status,
        "took_ms": round(asked.took_ms, 1),
        "server": who,
        "allow": list(allow),
        "supported": list(reply.words("supported")),
        "tries": asked.tries,
        **({"tls": tls} if tls else {}),
    }
    says = f"{reply.status} {reply.reason} from {who} after {asked.took_ms:.0f} ms"
    complaints = [*_status(reply.status), *_allowed(allow), *_pace(asked)]
    if tls and not sip_checks(sip):
        complaints.append(("the exchange's certificate was not checked", "set sip.tls.ca_file to the city's CA"))
    if not complaints:
        return Step(name=f"options {transport}", state="ok", says=says, facts=facts)
    return Step(
        name=f"options {transport}",
        state="note",
        says="; ".join([says, *(what for what, _ in complaints)]),
        change="; ".join(change for _, change in complaints if change),
        facts=facts,
    )


def sip_checks(sip: SipConfig) -> bool:
    """Whether peers' certificates are checked."""
    return sip.tls is not None and bool(sip.tls.ca_file)


def seen_as(asked: Asked, sip: SipConfig) -> Step:
    """NAT: the address that the exchange sees (Via's received and rport, RFC 3581) against our own."""
    via = asked.reply.via
    ours, _, port = asked.ours.rpartition(":")
    seen, seen_port = via.get("received") or ours, via.get("rport") or port
    facts = {"ours": asked.ours, "seen": f"{seen}:{seen_port}", "public_address": sip.public_address}
    told = sip.public_address or ours
    if seen == told:
        if seen_port not in ("", port):
            return Step(
                name="nat",
                state="note",
                says=f"the exchange sees our port {port} as {seen_port}: a NAT changes ports on the way",
                change="use 1:1 NAT without port translation for the SIP and RTP ports (docs/firewall.md)",
                facts=facts,
            )
        how = "no NAT" if seen == ours else "as sip.public_address says"
        return Step(name="nat", state="ok", says=f"the exchange sees us at {seen}: {how}", facts=facts)
    if sip.public_address:
        says = (
            f"the exchange sees us at {seen}, but sip.public_address is {sip.public_address}: its voice would go there"
        )
        change = f'set sip.public_address = "{seen}"'
    else:
        says = (
            f"the exchange sees us at {seen}, but our own address is {ours}: a NAT is between, its voice would get lost"
        )
        change = f'set sip.public_address = "{seen}" and pass the SIP and RTP ports on one to one (docs/firewall.md)'
    return Step(name="nat", state="fault", says=says, change=change, facts=facts)


def registered(asked: Asked, challenged: bool, wanted_s: int, *, bound: bool, contact: str) -> Step:
    """REGISTER was answered. ``bound``: we asked for a binding, not only whether the password is right."""
    reply = asked.reply
    granted = granted_s(reply.words("contact"), contact, reply.first("expires"))
    facts: dict[str, object] = {"status": reply.status, "digest": challenged, "expires_s": granted, "bound": bound}
    if reply.status in (401, 407):
        return Step(
            name="register",
            state="fault",
            says=f"the exchange does not believe the password ({reply.status})",
            change="check sip.register.user, auth_user and the password; some exchanges use a name of its own for it",
            facts=facts,
        )
    if reply.status == 403:
        says, change = (
            "the exchange forbids it (403)",
            "let the extension be registered from our address at the exchange",
        )
    elif reply.status == 404:
        says, change = (
            "the exchange knows no such extension (404)",
            "make the extension there, or correct sip.register.user",
        )
    elif reply.status == 423:
        least = reply.first("min-expires")
        says = f"the exchange wants longer registrations (423, at least {least or '?'} s)"
        change = f"set sip.register.expires_s = {least or 3600}"
    elif reply.status // 100 != 2:
        says = f"the exchange says {reply.status} {reply.reason}"
        change = "read the exchange's own log for the reason"
    else:
        return _granted(granted, challenged, wanted_s, bound, facts)
    return Step(name="register", state="fault", says=says, change=change, facts=facts)


def granted_s(contacts: tuple[str, ...], ours: str, header: str) -> int:
    """For how long the registrar keeps our contact; 0 = it does not tell."""
    for contact in contacts:
        if ours and ours in contact:
            told = parameters(contact.partition(">")[2]).get("expires", "")
            if told.isdigit():
                return int(told)
    return int(header) if re.fullmatch("[0-9]{1,7}", header) else 0


def _granted(granted: int, challenged: bool, wanted_s: int, bound: bool, facts: dict[str, object]) -> Step:
    how = "after the password was shown" if challenged else "without asking for a password"
    says = f"registered {how}, for {granted} s, and taken back again" if bound else f"known there, {how}"
    if not bound:
        says += " (a node is running and keeps its registration: only the password was tried)"
    if not challenged:
        change = (
            "switch authentication on for this extension at the exchange: anybody on that network could take it over"
        )
        return Step(name="register", state="note", says=says, change=change, facts=facts)
    if bound and granted and granted < min(60, wanted_s):
        change = "raise the shortest registration at the exchange: every renewal is a moment without"
        return Step(name="register", state="note", says=says, change=change, facts=facts)
    return Step(name="register", state="ok", says=says, facts=facts)


def _status(status: int) -> list[tuple[str, str]]:
    if status // 100 == 2 or status in (404, 405, 480, 484):
        return []  # it is there; to whom OPTIONS may be sent is each exchange's own affair
    if status in (401, 403, 407):
        return [
            (
                "it answers, but not to us as a trunk",
                "let the exchange know our address as a trunk peer, or set sip.register",
            )
        ]
    if status == 503:
        return [("it says that it is out of service", "see the exchange's own state")]
    return [(f"an unusual answer ({status})", "")]


def _allowed(allow: tuple[str, ...]) -> list[tuple[str, str]]:
    missing = [method for method in _WANTED if method not in allow] if allow else []
    if missing:
        return [(f"it allows no {', '.join(missing)}", "ask the exchange's engineer for a trunk that takes calls")]
    lacking = [method for method in _OF_USE if method not in allow] if allow else []
    if "REFER" in lacking:
        return [("it takes no REFER", "leave sip.transfer at 'bridge'")]
    return []


def _pace(asked: Asked) -> list[tuple[str, str]]:
    if asked.tries > 1:
        return [
            (
                f"it had to be asked {asked.tries} times",
                "look for packet loss on the way: switch ports, duplex, a busy line",
            )
        ]
    if asked.took_ms > _SLOW_MS:
        return [("that is slow", "look for a busy exchange or a long way: voices will be late too")]
    return []
