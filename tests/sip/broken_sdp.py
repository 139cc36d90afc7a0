"""SDP of every broken kind (RFC 8866), and bodies that lie about their parts (RFC 2046)."""

from __future__ import annotations

_HEAD = "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
_GOOD = _HEAD + "m=audio 40000 RTP/AVP 8\r\n"
_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"

SDPS: dict[str, str] = {
    "nothing": "\r\n",
    "one letter": "v",
    "no version": _GOOD.removeprefix("v=0\r\n"),
    "another version": _GOOD.replace("v=0", "v=99999999999999999999"),
    "no origin": _GOOD.replace("o=a 1 1 IN IP4 127.0.0.1\r\n", ""),
    "short origin": _GOOD.replace("o=a 1 1 IN IP4 127.0.0.1", "o=a"),
    "huge numbers": _GOOD.replace("o=a 1 1", f"o=a {'9' * 300} {'9' * 300}").replace(
        "t=0 0", f"t={'9' * 100} {'9' * 100}"
    ),
    "no connection": _GOOD.replace("c=IN IP4 127.0.0.1\r\n", ""),
    "connection of nobody": _GOOD.replace("c=IN IP4 127.0.0.1", "c="),
    "connection IPv6": _GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP6 ::1"),
    "connection of no kind": _GOOD.replace("c=IN IP4 127.0.0.1", "c=XX YY zz"),
    "multicast": _GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP4 224.2.1.1/127/3"),
    "unknown host": _GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP4 no.such.host.invalid"),
    "endless host": _GOOD.replace("c=IN IP4 127.0.0.1", f"c=IN IP4 {'a' * 3000}"),
    "no lines end": _GOOD.replace("\r\n", ""),
    "only CR": _GOOD.replace("\r\n", "\r"),
    "only LF": _GOOD.replace("\r\n", "\n"),
    "no media": _HEAD,
    "media without all": _HEAD + "m=\r\n",
    "media without formats": _HEAD + "m=audio 40000 RTP/AVP\r\n",
    "media port -1": _HEAD + "m=audio -1 RTP/AVP 8\r\n",
    "media port 70000": _HEAD + "m=audio 70000 RTP/AVP 8\r\n",
    "media port 1": _HEAD + "m=audio 1 RTP/AVP 8\r\n",
    "media ports 40000/9999999": _HEAD + "m=audio 40000/9999999 RTP/AVP 8\r\n",
    "media ports /": _HEAD + "m=audio 40000/ RTP/AVP 8\r\n",
    "format 999999": _HEAD + "m=audio 40000 RTP/AVP 999999\r\n",
    "format -8": _HEAD + "m=audio 40000 RTP/AVP -8 8\r\n",
    "format of words": _HEAD + "m=audio 40000 RTP/AVP a b c\r\n",
    "1000 formats": _HEAD + f"m=audio 40000 RTP/AVP {' '.join(str(n % 128) for n in range(1000))}\r\n",
    "unknown profile": _HEAD + "m=audio 40000 XXX/YYY 8\r\n",
    "60 media": _HEAD + "m=audio 40000 RTP/AVP 8\r\n" * 60,
    "all kinds of media": _HEAD
    + "".join(f"m={kind} 40000 RTP/AVP 8\r\n" for kind in ("video", "text", "image", "x" * 200)),
    "fax": _HEAD + "m=image 40000 udptl t38\r\n",
    "empty rtpmap": _GOOD
    + "a=rtpmap:\r\na=rtpmap\r\na=rtpmap:8\r\na=rtpmap:8 \r\na=rtpmap:8 /\r\na=rtpmap:8 PCMA/\r\n",
    "rtpmap of rate 0": _HEAD + "m=audio 40000 RTP/AVP 96\r\na=rtpmap:96 PCMA/0\r\n",
    "rtpmap of rate 2^40": _HEAD + "m=audio 40000 RTP/AVP 96\r\na=rtpmap:96 PCMA/1099511627776\r\n",
    "rtpmap of 255 channels": _HEAD + "m=audio 40000 RTP/AVP 96\r\na=rtpmap:96 L16/8000/255\r\n",
    "a dynamic format without rtpmap": _HEAD + "m=audio 40000 RTP/AVP 96\r\n",
    "endless rtpmap": _GOOD + f"a=rtpmap:8 {'P' * 9000}/8000\r\n",
    "endless fmtp": _GOOD + f"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 {'0-15,' * 2000}\r\n",
    "fmtp of nothing": _GOOD + "a=fmtp:\r\na=fmtp:101\r\na=fmtp:101 =\r\na=fmtp:101 ;;;=;=\r\n",
    "events of a strange rate": _HEAD + "m=audio 40000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/1\r\n",
    "ptime 0": _GOOD + "a=ptime:0\r\na=maxptime:0\r\n",
    "ptime -20": _GOOD + "a=ptime:-20\r\n",
    "ptime 10^9": _GOOD + "a=ptime:1000000000\r\na=maxptime:1000000000\r\n",
    "rtcp port 0": _GOOD + "a=rtcp:0 IN IP4 127.0.0.1\r\n",
    "rtcp of no address": _GOOD + "a=rtcp:\r\na=rtcp:99999999 IN\r\na=rtcp:40001 IN IP4 \r\n",
    "rtcp elsewhere": _GOOD + f"a=rtcp:40001 IN IP4 {'b' * 400}\r\n",
    "all directions": _GOOD + "a=sendonly\r\na=recvonly\r\na=inactive\r\na=sendrecv\r\n",
    "bandwidth": _GOOD.replace("t=0 0", "b=AS:-1\r\nb=\r\nb=TIAS:99999999999999999999\r\nb=X\r\nt=0 0"),
    "many bandwidths": _GOOD.replace("t=0 0", "b=AS:64\r\n" * 200 + "t=0 0"),
    "2000 attributes": _GOOD + "a=x:y\r\n" * 2000,
    "attribute of 20 kB": _GOOD + f"a={'x' * 20_000}\r\n",
    "nul bytes": _GOOD.replace("s=-", "s=\0\0\0").replace("40000", "40\0000"),
    "no UTF-8": _GOOD.replace("s=-", "s=\udcff\udcfe\udc80"),
    "wrong letters": "".join(f"{letter}=x\r\n" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "many sessions": _GOOD * 20,
    "spaces": _GOOD.replace(" ", "    "),
    "tabs": _GOOD.replace(" ", "\t"),
    "crypto without key": _HEAD + "m=audio 40000 RTP/SAVP 8\r\na=crypto:\r\n",
    "crypto of a short key": _HEAD + "m=audio 40000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA\r\n",
    "crypto of a wrong key": _HEAD + "m=audio 40000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%%%%\r\n",
    "crypto of an endless key": _HEAD
    + f"m=audio 40000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{_KEY * 60}\r\n",
    "crypto of no suite": _HEAD + f"m=audio 40000 RTP/SAVP 8\r\na=crypto:1 ROT13 inline:{_KEY}\r\n",
    "crypto 100 times": _HEAD
    + "m=audio 40000 RTP/SAVP 8\r\n"
    + f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{_KEY}\r\n" * 100,
    "crypto tag 10^20": _HEAD
    + f"m=audio 40000 RTP/SAVP 8\r\na=crypto:{10**20} AES_CM_128_HMAC_SHA1_80 inline:{_KEY}|2^999|1:9\r\n",
    "DTLS": _HEAD + "m=audio 40000 UDP/TLS/RTP/SAVPF 8\r\na=fingerprint:sha-256 XX\r\na=setup:actpass\r\n",
    "ICE": _GOOD + "a=ice-ufrag:\r\na=ice-pwd:\r\na=candidate:\r\na=candidate:1 1 UDP x y z typ\r\na=ice-lite\r\n",
    "ICE of 200 candidates": _GOOD
    + "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
    + "".join(f"a=candidate:{n} 1 UDP 1 127.0.0.1 {n} typ host\r\n" for n in range(1, 201)),
    "bundle": _GOOD.replace("t=0 0", "t=0 0\r\na=group:BUNDLE a b c d") + "a=mid:" + "m" * 500 + "\r\n",
    "rtcp-mux and feedback": _GOOD + "a=rtcp-mux\r\na=rtcp-fb:* nack\r\na=rtcp-fb:\r\na=ssrc:99999999999 cname:\r\n",
}
"""By what is wrong with them."""

MULTIPARTS: dict[str, tuple[str, str]] = {
    "no boundary": ("multipart/mixed", f"--a\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}\r\n--a--\r\n"),
    "empty boundary": (
        'multipart/mixed;boundary=""',
        f"--\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}\r\n----\r\n",
    ),
    "another boundary": (
        "multipart/mixed;boundary=b",
        f"--a\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}\r\n--a--\r\n",
    ),
    "never closed": ("multipart/mixed;boundary=a", f"--a\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}"),
    "closed at once": ("multipart/mixed;boundary=a", "--a--\r\n"),
    "only boundaries": ("multipart/mixed;boundary=a", "--a\r\n" * 1000 + "--a--\r\n"),
    "1000 parts": (
        "multipart/mixed;boundary=a",
        "--a\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 300 + "--a--\r\n",
    ),
    "parts without headers": ("multipart/mixed;boundary=a", "--a\r\n\r\n\r\n--a\r\n\r\n--a\r\n--a--\r\n"),
    "headers without end": ("multipart/mixed;boundary=a", "--a\r\nContent-Type: application/sdp\r\n--a--\r\n"),
    "a wrong type": ("multipart/mixed;boundary=a", f"--a\r\nContent-Type: ////;;;\r\n\r\n{_GOOD}\r\n--a--\r\n"),
    "a length that lies": (
        "multipart/mixed;boundary=a",
        f"--a\r\nContent-Type: application/sdp\r\nContent-Length: 99999\r\n\r\n{_GOOD}\r\n--a--\r\n",
    ),
    "a negative length": (
        "multipart/mixed;boundary=a",
        f"--a\r\nContent-Type: application/sdp\r\nContent-Length: -1\r\n\r\n{_GOOD}\r\n--a--\r\n",
    ),
    "one in another": (
        "multipart/mixed;boundary=a",
        "--a\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed;boundary=a\r\n\r\n"
        f"--a\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}\r\n--a--\r\n--b--\r\n--a--\r\n",
    ),
    "one in 50 others": (
        "multipart/mixed;boundary=b0",
        "".join(f"--b{n}\r\nContent-Type: multipart/mixed;boundary=b{n + 1}\r\n\r\n" for n in range(50)),
    ),
    "a boundary of 5 kB": (
        f"multipart/mixed;boundary={'a' * 5000}",
        f"--{'a' * 5000}\r\n\r\n{_GOOD}\r\n--{'a' * 5000}--",
    ),
    "a boundary with a quote": (
        'multipart/mixed;boundary="a',
        f"--a\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}\r\n",
    ),
    "two SDPs": (
        "multipart/mixed;boundary=a",
        f"--a\r\nContent-Type: application/sdp\r\n\r\n{_GOOD}\r\n" * 2 + "--a--\r\n",
    ),
    "nul bytes": ("multipart/mixed;boundary=a", "--a\r\nContent-Type: \0\0\r\n\r\n\0\0\r\n--a--\r\n"),
    "text that is no SDP": ("text/plain", "hello"),
    "a type of nothing": ("/", "hello"),
}
"""Content-Type and body, by what is wrong."""
