"""Which numbers we may call, how, and how many within an hour: the door against toll fraud.

Pure but for the clock that ``Outbound`` is given. Whoever makes a call of ours asks here: callbacks, departments,
transfers from the desk, the transfer keys of phones. What is dialled is digits of a pattern and nothing else, put into
``sip.outbound``: no host, parameter or escape of a caller or a phone ever gets into an address.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable

from core.config import SipConfig
from core.errors import Refused

_HOUR_S = 3600.0
_LONGEST = 32
"""Longer texts are no numbers, and no pattern is tried on them."""
_REFERRED = re.compile(r"(?:sips?|tel):(?P<user>[^@;?>]*)(?:[@;?>].*)?", re.IGNORECASE | re.DOTALL)


def outbound_uri(sip: SipConfig, number: str) -> str:
    """The SIP address by which the exchange calls the number (digits, blanks and dashes).

    Raises ``Refused``: 'no_outbound' when no way out is set, 'not_callable' for a number outside the dial plan, that is
    ``sip.outbound_numbers`` and ``sip.internal_numbers``.
    """
    digits = plain(number)
    if not sip.outbound:
        raise Refused("sip.outbound is not set: nobody but agents is called", code="no_outbound")
    if not (callable_number(sip, digits) or is_internal(sip, digits)):
        raise Refused("this number may not be called: see sip.outbound_numbers", code="not_callable")
    return sip.outbound.replace("{number}", digits)


def callable_number(sip: SipConfig, number: str) -> bool:
    """Whether the number is one of the outside that may be called, whoever calls it in the end."""
    return _matches(sip.outbound_numbers, plain(number))


def is_internal(sip: SipConfig, number: str) -> bool:
    """Whether the number is an extension of the house, which costs nothing."""
    return _matches(sip.internal_numbers, plain(number))


def plain(number: str) -> str:
    """Digits alone; '+82' is a leading 0."""
    digits = re.sub(r"[\s().-]", "", number)
    return "0" + digits[3:].removeprefix("0") if digits.startswith("+82") else digits


def number_in(uri: str) -> str:
    """The number of an address that a phone gave (Refer-To): its user part, as it stands; '' where there is none.

    Its host does not count: the number is called by the dial plan, as if somebody had typed it.
    """
    found = _REFERRED.fullmatch(uri.strip().lstrip("<"))
    return found["user"] if found else ""


class HourlyLimit:
    """At most so many within any hour; 0 = no limit. Pure; remembers no more than it allows."""

    def __init__(self, per_hour: int) -> None:
        self._most = per_hour
        self._taken: deque[float] = deque()

    def take(self, now: float) -> bool:
        """Whether one more is allowed at ``now`` (seconds, never going back); it is counted then."""
        if not self._most:
            return True
        while self._taken and now - self._taken[0] >= _HOUR_S:
            self._taken.popleft()
        if len(self._taken) >= self._most:
            return False
        self._taken.append(now)
        return True


class Outbound:
    """The dial plan with its hourly limit. One for the node, so that all who call share the limit."""

    def __init__(self, sip: SipConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._sip = sip
        self._limit = HourlyLimit(sip.outbound_per_hour)
        self._clock = clock

    def uri(self, number: str) -> str:
        """The address for a call that is made now; one to the outside is counted. ``Refused`` as ``outbound_uri`` says,
        and 'too_many_calls'."""
        address = outbound_uri(self._sip, number)
        if not is_internal(self._sip, number) and not self._limit.take(self._clock()):
            raise Refused(
                f"{self._sip.outbound_per_hour} calls to the outside within an hour are all that "
                "sip.outbound_per_hour allows: try again later",
                code="too_many_calls",
            )
        return address


def _matches(pattern: str, digits: str) -> bool:
    # ASCII: a pattern with \d must not let in digits of other scripts, which the exchange would read in its own way.
    return len(digits) <= _LONGEST and re.fullmatch(pattern, digits, re.ASCII) is not None
