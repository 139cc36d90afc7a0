"""The few facts of a call that a dialplan can put into a stream's address or its first message.

    wss://minwon:8092/?call=1712345678.42&speaker=agent&from=01012345678&name=Kim&to=120&agent=2107

Each dialect has names of its own besides (``callSid``, ``customParameters``, channel variables).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from core.errors import BadInput
from core.events import Party, Speaker
from telephony.forks.said import Opened
from telephony.party import is_withheld, party_at, tidy_name

LONGEST: Final = 256
"""Characters of a value that are kept."""
MOST: Final = 32
"""Parameters of an address that are read."""


class About(msgspec.Struct, frozen=True):
    """Facts by name, the first that was told counts."""

    facts: Mapping[str, str]

    def first(self, *names: str) -> str:
        """The first of these names that has a value, '' else."""
        return next((value for name in names if (value := self.facts.get(name, ""))), "")

    @property
    def speaker(self) -> Speaker:
        """Whose voice the stream's own side is. ``BadInput`` for a name that is none."""
        match self.first("speaker"):
            case "" | "caller":
                return "caller"
            case "agent":
                return "agent"
        raise BadInput("speaker must be 'caller' or 'agent'", code="speaker")

    def opened(self, call: str, speakers: tuple[Speaker, ...]) -> Opened:
        """... with who they are. ``call`` where the facts name none."""
        return Opened(
            call=self.first("call") or call[:LONGEST],
            speakers=speakers,
            caller=_party(self.first("from", "caller"), self.first("name", "callerName", "caller_name")),
            agent=_party(self.first("agent"), self.first("agent_name")),
            called=_party(self.first("to", "called"), "").number,
        )


def about(*sources: Iterable[tuple[object, object]]) -> About:
    """Facts of several places; of one that several tell, the first counts. What is no text is passed over."""
    facts: dict[str, str] = {}
    for source in sources:
        for name, value in source:
            if isinstance(name, str) and isinstance(value, str | int) and not isinstance(value, bool):
                facts.setdefault(name, str(value)[:LONGEST])
    return About(facts)


def parameters(path: str) -> list[tuple[str, str]]:
    """The parameters of a request's address, its token not among them."""
    query = path.partition("?")[2]
    try:
        pairs = parse_qsl(query, max_num_fields=MOST)
    except ValueError:
        raise BadInput(f"more than {MOST} parameters in the stream's address", code="parameters") from None
    return [(name, value) for name, value in pairs if name != "token"]


def _party(number: str, name: str) -> Party:
    """Somebody whose number is told as digits or as an address."""
    at = party_at(number if ":" in number else f"tel:{number}")
    party = Party(number=at.number, name=tidy_name(name))
    return Party(anonymous=True) if is_withheld(party) else party
