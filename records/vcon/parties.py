"""Who took part in a contact, as parties of a vCon. Pure."""

from __future__ import annotations

from core.events import Event, Party
from core.phone_numbers import normalised
from core.store.contacts import ContactRecord
from records.record.course import party as who_called
from records.vcon import shapes

CALLER = 0
"""The citizen's place."""


class Parties:
    """Gives everybody one place, in the order in which they appear."""

    def __init__(self, events: list[Event], record: ContactRecord, *, centre: str, numbers: bool) -> None:
        """``numbers``: whether telephone numbers of citizens stand in it."""
        self._centre = centre
        self._numbers = numbers
        self._places: dict[str, int] = {}
        caller = who_called(events)
        self.hidden = not numbers and bool(_tel(caller))
        self.all = [shapes.Party(tel=_tel(caller) if numbers else "", type="person")]
        if record.agent_id:
            self.agent(record.agent_id, record.agent_name)

    def agent(self, agent_id: str, name: str = "") -> int:
        """One of ours; '' = the house itself."""
        if not agent_id or agent_id.startswith("rule:"):
            return self._place("", shapes.Party(name=self._centre, type="bot", org=self._centre))
        party = shapes.Party(
            name=name or agent_id, validation="sign-in", uuid=agent_id, type="person", org=self._centre
        )
        return self._place(f"agent {agent_id}", party)

    def third(self, to: str, name: str) -> int:
        """To whom a call was passed on: named where a name is known, else by the number that was dialled."""
        tel = "" if name else _tel(Party(number=to))
        return self._place(f"third {to}", shapes.Party(tel=tel, name=name, type="organization" if name else ""))

    def _place(self, key: str, party: shapes.Party) -> int:
        if key not in self._places:
            self._places[key] = len(self.all)
            self.all.append(party)
        return self._places[key]


def _tel(party: Party) -> str:
    """RFC 3966, section 5.1.5: a number as it is dialled here is a local one."""
    digits = "" if party.anonymous else normalised(party.number)
    return f"tel:{digits};phone-context=+82" if digits else ""
