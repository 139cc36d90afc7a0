"""What an agent sees of a written contact: the words of hers; of others what she needs to choose, and no more. Pure.

| whose it is   | what she sees                                                                            |
|---------------|------------------------------------------------------------------------------------------|
| hers          | everything                                                                               |
| nobody's      | channel, since when, the number's last four digits, what it is about: no words, no name |
| a colleague's | that it is a colleague's, and whose                                                      |

A supervisor sees everything: she answers for all of it. What is read is noted in the audit log by the house.
"""

from __future__ import annotations

from msgspec.structs import replace

from core.agent import Agent
from core.events import Party, Written, WrittenChanged


def may_read(agent: Agent, written: Written) -> bool:
    """Whether she may read its words."""
    return written.agent_id == agent.id or agent.oversees(written.agent_id)


def seen(agent: Agent, changed: WrittenChanged) -> WrittenChanged:
    """As it may be told to her desk."""
    written = changed.written
    if may_read(agent, written):
        return changed
    is_hers_to_take = written.agent_id == "" and written.state != "closed"
    number = written.party.number if written.channel == "text" else ""  # of a chat it is a handle: a name
    return replace(
        changed,
        hidden=True,
        written=replace(
            written,
            party=Party(number=number[-4:] if is_hers_to_take else "", anonymous=written.party.anonymous),
            reply_to="",
            last_text="",
            topic=written.topic if is_hers_to_take else "",
        ),
    )
