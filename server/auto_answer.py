"""Headers that make an agent's phone answer by itself, for those who wear a headset. Pure.

There is no one way. ``Call-Info`` with ``answer-after=0`` is what Snom, Grandstream, Yealink and most Asterisk guides
use; ``Alert-Info`` with ``info=alert-autoanswer`` is Polycom's and Cisco's SPA ("auto-answer" in the phone's ring
settings); ``Answer-Mode: Auto`` is the standard (RFC 5373), which few phones know. A header that a phone does not know
is ignored (RFC 3261 section 8.2.2), so 'all' sends them side by side.
"""

from __future__ import annotations

from typing import Final, Literal

from telephony.contract import Headers

Kind = Literal["off", "call-info", "alert-info", "answer-mode", "all"]

_CALL_INFO: Final = ("Call-Info", "<sip:minwon>;answer-after=0")
_ALERT_INFO: Final = ("Alert-Info", "<http://127.0.0.1>;info=alert-autoanswer;delay=0")
_ANSWER_MODE: Final = ("Answer-Mode", "Auto")
_HEADERS: Final[dict[Kind, Headers]] = {
    "off": (),
    "call-info": (_CALL_INFO,),
    "alert-info": (_ALERT_INFO,),
    "answer-mode": (_ANSWER_MODE,),
    "all": (_CALL_INFO, _ALERT_INFO, _ANSWER_MODE),
}


def headers_for(kind: Kind, wanted: bool) -> Headers:
    """What goes with the INVITE to her phone; ``wanted``: her ``auto_answer``."""
    return _HEADERS[kind] if wanted else ()
