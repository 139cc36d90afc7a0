"""SIP that is hard to read or wrong: messages in the manner of RFC 4475 (names as there), and a few that killed stacks.

Written anew for the bridge under test: ``{us}`` is its address, ``{here}`` the sender's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

_SDP = "v=0\r\no=caller 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


def _request(
    method: str = "INVITE",
    *,
    uri: str = "sip:120@{us}",
    via: str = "SIP/2.0/UDP {here};branch=z9hG4bK{name}",
    to: str = "<sip:120@{us}>",
    sender: str = "<sip:01000009999@{here}>;tag={name}",
    cseq: str = "",
    extra: str = "",
    version: str = "SIP/2.0",
    length: str = "",
    body: str = "",
    content: str = "application/sdp",
    call_id: str = "{name}@{here}",
    max_forwards: str = "70",
) -> str:
    kind = f"Content-Type: {content}\r\n" if body else ""
    return (
        f"{method} {uri} {version}\r\nVia: {via}\r\nMax-Forwards: {max_forwards}\r\nFrom: {sender}\r\nTo: {to}\r\n"
        f"Call-ID: {call_id}\r\nCSeq: {cseq or '1 ' + method}\r\nContact: <sip:caller@{{here}}>\r\n{extra}{kind}"
        f"Content-Length: {length or len(body)}\r\n\r\n{body}"
    )


MESSAGES: dict[str, str] = {
    # Correct, but hard to read.
    "wsinv": "INVITE sip:120@{us};unknownparam SIP/2.0\r\nTO :\r\n sip:120@{us} ;   tag    = 1918181833n\r\n"
    'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@{here}>\r\n  ;\r\n  tag = 98asjd8\r\nMaX-fOrWaRdS: 0068\r\n'
    "Call-ID: wsinv.{here}\r\nContent-Length   : 0\r\ncseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n"
    "    {here};branch=390skdjuw\r\ns :\r\nNewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
    'UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nm:"Quoted string \\"\\"" <sip:jdrosen@{here}> ; newparam =\r\n newvalue'
    ";\r\n"
    "  secondparam ; q = 0.33\r\n\r\n",
    "intmeth": _request(
        "!interesting-Method0123456789_*+`.%indeed'~", to='"\\x07" <sip:1_unusual.URI~(to-be!sure)@{us}>'
    ),
    "esc01": _request(uri="sip:sips%3Auser%40example.com@{us}", to="sip:%75se%72@{us}", body=_SDP),
    "escnull": _request("REGISTER", sender="sip:null-%00-null@{here};tag=839923423", to="sip:null-%00-null@{us}"),
    "esc02": _request("RE%47IST%45R"),
    "lwsdisp": _request("OPTIONS", sender="caller<sip:caller@{here}>;tag=323"),
    "longreq": _request(extra="".join(f"Unknown-{'long' * 20}{n}: {'value' * 20}\r\n" for n in range(12)), body=_SDP),
    "dblreq": _request("REGISTER")
    + _request("INVITE", uri="sip:joe@{us}", call_id="dblreq.0ha0isnda977644900765@{here}"),
    "cparam02": _request("REGISTER", extra="Contact: <sip:+19725552222;unknownparam@gw1.example.net>\r\n"),
    "semiuri": _request("OPTIONS", uri="sip:user;par=u%40example.net@{us}"),
    "transports": _request(
        "OPTIONS",
        via="SIP/2.0/UDP {here};branch=z9hG4bK{name},SIP/2.0/SCTP 192.0.2.1;branch=z9hG4bKa,"
        "SIP/2.0/TLS 192.0.2.2;branch=z9hG4bKb,SIP/2.0/UNKNOWN 192.0.2.3;branch=z9hG4bKc",
    ),
    "mpart01": _request(
        "MESSAGE",
        content='multipart/mixed;boundary="7a9cbec02ceef655"',
        body="--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655--\r\n",
    ),
    "unreason": "SIP/2.0 200 = 2**3 * 5**2 안녕\r\nVia: SIP/2.0/UDP {us};branch=z9hG4bK1324923\r\nCall-ID: u.{here}\r\n"
    "CSeq: 35 INVITE\r\nFrom: <sip:a@{us}>;tag=1\r\nTo: <sip:b@{here}>;tag=2\r\nContent-Length: 0\r\n\r\n",
    "noreason": "SIP/2.0 100 \r\nVia: SIP/2.0/UDP {us};branch=z9hG4bK2398ndaoe\r\nCall-ID: n.{here}\r\n"
    "CSeq: 35 INVITE\r\nFrom: <sip:a@{us}>;tag=1\r\nTo: <sip:b@{here}>;tag=2\r\nContent-Length: 0\r\n\r\n",
    # Wrong.
    "badinv01": _request(via="SIP/2.0/UDP 192.0.2.15;;,;,,", sender="sip:j@{here}>;tag=134161461246", body=_SDP),
    "clerr": _request(body=_SDP, length="9999"),
    "ncl": _request(body=_SDP, length="-999"),
    "scalar02": _request("REGISTER", cseq="36893488147419103232 REGISTER", extra="Expires: 1000000000000000000\r\n"),
    "scalarlg": "SIP/2.0 503 Service Unavailable\r\nVia: SIP/2.0/UDP {us};branch=z9hG4bK1\r\nCall-ID: s.{here}\r\n"
    "CSeq: 9292394834772304023312 OPTIONS\r\nFrom: <sip:a@{us}>;tag=1\r\nTo: <sip:b@{here}>;tag=2\r\n"
    'Retry-After: 949302838503028349304023988\r\nWarning: 1812 overture "In Progress"\r\nContent-Length: 0\r\n\r\n',
    "quotbal": _request(to='"Mr. J. User <sip:j.user@{us}>', body=_SDP),
    "ltgtruri": _request(uri="<sip:user@{us}>", body=_SDP),
    "lwsruri": _request(uri="sip:user@{us}; lr", body=_SDP),
    "lwsstart": _request(uri=" sip:user@{us} ", body=_SDP),
    "trws": _request("OPTIONS", version="SIP/2.0  "),
    "escruri": _request(uri="sip:user@{us}?Route=%3Csip:{us}%3E", body=_SDP),
    "baddate": _request(extra="Date: Fri, 01 Jan 2010 16:00:00 EST\r\n", body=_SDP),
    "regbadct": _request("REGISTER", extra="Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\r\n"),
    "badaspec": _request("OPTIONS", to='"Watson, Thomas" < sip:t.watson@{us} >'),
    "baddn": _request("OPTIONS", sender="Bell, Alexander <sip:a.g.bell@{here}>;tag=43"),
    "badvers": _request("OPTIONS", version="SIP/7.0"),
    "mismatch01": _request("OPTIONS", cseq="8 INVITE"),
    "mismatch02": _request("NEWMETHOD", cseq="8 INVITE", body=_SDP),
    "bigcode": "SIP/2.0 4294967301 better not break the receiver\r\nVia: SIP/2.0/UDP {us};branch=z9hG4bK1\r\n"
    "Call-ID: b.{here}\r\nCSeq: 1 INVITE\r\nFrom: <sip:a@{us}>;tag=1\r\nTo: <sip:b@{here}>;tag=2\r\n\r\n",
    "badbranch": _request("OPTIONS", via="SIP/2.0/UDP {here};branch=z9hG4bK"),
    "insuf": "INVITE sip:user@{us} SIP/2.0\r\nCSeq: 193942 INVITE\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKk\r\n\r\n",
    "unkscm": _request("OPTIONS", uri="nobodyKnowsThisScheme:totallyopaquecontent"),
    "novelsc": _request("OPTIONS", uri="soap.beep://192.0.2.103:3002"),
    "unksm2": _request("REGISTER", to="isbn:2983792873", sender="<http://www.example.com>;tag=3234233"),
    "bext01": _request("OPTIONS", extra="Require: nothingSupportsThis, nothingSupportsThisEither\r\n"),
    "invut": _request(content="application/unknownformat", body="<audio><pcmu port='443'/></audio>"),
    "regaut01": _request("REGISTER", extra="Authorization: NoOneKnowsThisScheme opaque-data=here\r\n"),
    "multi01": _request(extra="CSeq: 59 INVITE\r\nCall-ID: other\r\nMax-Forwards: 5\r\nTo: <sip:o@{us}>\r\n"),
    "mcl01": _request("OPTIONS", extra="Content-Length: 5\r\n", body="There's no way to know how many octets"),
    "bcast": "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\nCall-ID: c.{here}\r\n"
    "CSeq: 35 INVITE\r\nFrom: <sip:a@{us}>;tag=1\r\nTo: <sip:b@{here}>;tag=2\r\nContent-Length: 0\r\n\r\n",
    "zeromf": _request("OPTIONS", max_forwards="0"),
    "cparam01": _request("REGISTER", extra="Contact: sip:+19725552222@gw1.example.net;unknownparam\r\n"),
    "regescrt": _request("REGISTER", extra="Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\r\n"),
    "sdp01": _request(extra="Accept: text/nobodyKnowsThis\r\n", body=_SDP),
    "inv2543": "INVITE sip:120@{us} SIP/2.0\r\nVia: SIP/2.0/UDP {here}\r\nFrom: <sip:old@{here}>\r\n"
    f"To: <sip:120@{{us}}>\r\nCall-ID: 717@{{here}}\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n{_SDP}",
    # What killed this stack (design notes), or might.
    "endless host": _request(body=_SDP.replace("c=IN IP4 127.0.0.1", f"c=IN IP4 {'a' * 300}")),
    "no offer": _request(),
    "no connection line": _request(body=_SDP.replace("c=IN IP4 127.0.0.1\r\n", "")),
    "port 0": _request(body=_SDP.replace("40000", "0")),
    "port 99999999": _request(body=_SDP.replace("40000", "99999999")),
    "endless media line": _request(body=_SDP + f"m=audio 4 RTP/AVP{' 8' * 900}\r\n"),
    "hundred media": _request(body=_SDP + "m=audio 40002 RTP/AVP 8\r\n" * 100),
    "only attributes": _request(body="a=rtpmap:\r\n" * 50),
    "empty lines": "\r\n" * 200,
    "nothing but a method": "INVITE",
    "nul bytes": _request(extra="X: \x00\x00\x00\r\n", body=_SDP),
    "endless line": "INVITE sip:" + "1" * 3000 + "@{us} SIP/2.0\r\n\r\n",
    "deep multipart": _request(content="multipart/mixed;boundary=a", body="--a\r\n" * 200),
}


def torture(us: str, here: str) -> dict[str, bytes]:
    """All messages, addressed."""
    return {
        name: text.replace("{us}", us).replace("{here}", here).replace("{name}", name.replace(" ", "-")).encode()
        for name, text in MESSAGES.items()
    }


def invites(us: str, here: str, bodies: Mapping[str, tuple[str, str]]) -> list[bytes]:
    """One INVITE for each Content-Type and body."""
    made = []
    for number, (content, body) in enumerate(bodies.values()):
        text = _request(body="@body@", content=content, length=str(len(body.encode("utf-8", "surrogateescape"))))
        text = text.replace("{us}", us).replace("{here}", here).replace("{name}", f"body{number}-{len(body)}")
        made.append(text.replace("@body@", body).encode("utf-8", "surrogateescape"))
    return made


def large(us: str, here: str, size: int) -> dict[str, bytes]:
    """Messages of ``size`` bytes, by where they are so large."""
    fill = "x" * size
    made = {
        "one header": _request(extra=f"X-Large: {fill}\r\n", body=_SDP),
        "many headers": _request(extra="X-Many: value\r\n" * (size // 15), body=_SDP),
        "a folded header": _request(extra="X-Folded: a\r\n" + " b\r\n" * (size // 4), body=_SDP),
        "the To": _request(to=f'"{fill}" <sip:120@{{us}}>', body=_SDP),
        "the From": _request(sender=f"<sip:{fill}@{{here}}>;tag=1", body=_SDP),
        "the Via": _request(via=f"SIP/2.0/UDP {{here}};branch=z9hG4bK{fill}", body=_SDP),
        "many Vias": _request(extra="Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\n" * (size // 48), body=_SDP),
        "many Routes": _request(extra="Route: <sip:127.0.0.1:9;lr>\r\n" * (size // 30), body=_SDP),
        "many Record-Routes": _request(extra="Record-Route: <sip:127.0.0.1:9;lr>\r\n" * (size // 37), body=_SDP),
        "the Call-ID": _request(call_id=fill, body=_SDP),
        "the URI": _request(uri=f"sip:{fill}@{{us}}", body=_SDP),
        "the method": _request("M" * size),
        "the body": _request(body=_SDP + f"a={fill}\r\n"),
        "no end": "INVITE sip:120@{us} SIP/2.0\r\nX: " + fill,
    }
    return {
        name: text.replace("{us}", us).replace("{here}", here).replace("{name}", f"large{number}").encode()
        for number, (name, text) in enumerate(made.items())
    }


def ordinary(us: str, here: str) -> dict[str, bytes]:
    """Messages in which nothing is wrong, of every kind that a stack must read."""
    answer = (
        "SIP/2.0 {status}\r\nVia: SIP/2.0/UDP {us};branch=z9hG4bKours\r\nFrom: <sip:120@{us}>;tag=1\r\n"
        "To: <sip:agent@{here}>;tag=2\r\nCall-ID: ours@{us}\r\nCSeq: 7 INVITE\r\nContact: <sip:agent@{here}>\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(_SDP)}\r\n\r\n{_SDP}"
    )
    rich = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\nSupported: 100rel, timer, replaces\r\nSession-Expires: 1800\r\n"
    told = 'P-Asserted-Identity: "A" <sip:010@h>\r\nDiversion: <sip:120@h>;reason=no-answer\r\nPrivacy: id\r\n'
    made = {
        "call": _request(body=_SDP),
        "rich call": _request(body=_SDP, extra=rich + told + "Record-Route: <sip:{here};lr>\r\n"),
        "keyed call": _request(
            body=_SDP.replace("AVP 8", "SAVP 8") + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40
        ),
        **{m: _request(m) for m in ("ACK", "BYE", "CANCEL", "OPTIONS", "PRACK", "REGISTER", "SUBSCRIBE", "PUBLISH")},
        "update": _request("UPDATE", to="<sip:120@{us}>;tag=9", body=_SDP, extra="Min-SE: 90\r\n"),
        "refer": _request("REFER", to="<sip:120@{us}>;tag=9", extra="Refer-To: <sip:a@h?Replaces=1%3Bto-tag%3D2>\r\n"),
        "replaces": _request(body=_SDP, extra="Replaces: ours@{us};to-tag=1;from-tag=2\r\nRequire: replaces\r\n"),
        "key": _request(
            "INFO", to="<sip:120@{us}>;tag=9", content="application/dtmf-relay", body="Signal=5\r\nDuration=9\r\n"
        ),
        "digest": _request(
            body=_SDP, extra='Authorization: Digest username="u", realm="r", nonce="n", uri="sip:h", response="0"\r\n'
        ),
        **{
            s: answer.replace("{status}", s)
            for s in ("100 Trying", "183 Progress", "200 OK", "302 Moved", "401 No", "500 No")
        },
    }
    return {
        name: text.replace("{us}", us).replace("{here}", here).replace("{name}", f"plain{number}").encode()
        for number, (name, text) in enumerate(made.items())
    }


def mutants(us: str, here: str, count: int, seed: int) -> list[bytes]:
    """Messages, most of them correct, in which bytes, numbers or lines were broken; and plain noise."""
    dice = random.Random(seed)
    correct, odd = list(ordinary(us, here).values()), list(torture(us, here).values())
    made: list[bytes] = []
    for number in range(count):
        if number % 20 == 0:
            made.append(dice.randbytes(dice.randrange(1, 1400)))
            continue
        whole = dice.choice(odd if number % 4 == 0 else correct)
        # Another transaction and another call each time, else it were only one that comes again.
        fresh = whole.replace(b"branch=z9hG4bK", b"branch=z9hG4bK%dx" % number, 1)
        fresh = re.sub(rb"(?m)^Call-ID: ", b"Call-ID: %dx" % number, fresh, count=1)
        message = bytearray(fresh)
        for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
            _break(message, dice)
        made.append(_lengthened(bytes(message[:3900])) if number % 3 else bytes(message[:3900]))
    return made


def broken(message: bytes, dice: random.Random) -> bytes:
    """One message with a few faults, its length true again."""
    bent = bytearray(message)
    for _ in range(dice.choice((1, 1, 2, 4))):
        _break(bent, dice)
    return _lengthened(bytes(bent))


def _lengthened(message: bytes) -> bytes:
    """With a Content-Length that is true again, so that what is broken is read."""
    head, end, body = message.partition(b"\r\n\r\n")
    return re.sub(rb"(?im)^Content-Length: *\d+", b"Content-Length: %d" % len(body), head, count=1) + end + body


def _break(message: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(message) + 1)
    lines = bytes(message).split(b"\r\n")
    line, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(9):
        case 0:
            message[at : at + 1] = dice.randbytes(1)
        case 1:
            message[at : at + 1] = bytes([dice.randrange(32, 127)])
        case 2:
            del message[at : at + dice.randrange(1, 40)]
        case 3:
            message[at:at] = dice.randbytes(dice.randrange(1, 20))
        case 4:
            message[at:at] = message[at : at + 60]
        case 5:
            del lines[line]
            message[:] = b"\r\n".join(lines)
        case 6:
            lines[line], lines[other] = lines[other], lines[line]
            message[:] = b"\r\n".join(lines)
        case 7:
            lines.insert(other, lines[line])
            message[:] = b"\r\n".join(lines)
        case _:
            wild = dice.choice((b"-1", b"0", b"65536", b"4294967296", b"99999999999999999999", b"1e9", b""))
            numbers = list(re.finditer(rb"\d+", bytes(message)))
            if numbers:
                found = dice.choice(numbers)
                message[found.start() : found.end()] = wild
