"""Who may read and write which record. Pure.

An agent reads and writes the records of her own contacts, and reads those of the person whom she has in front of her
now. A supervisor reads and writes those of whom she oversees. An administrator may everything.
"""

from __future__ import annotations

from core.agent import Agent
from core.store.contacts import ContactRecord


def may_write(agent: Agent, record: ContactRecord, *, busy_with: str = "") -> bool:
    """``busy_with``: the contact that she has now or writes up."""
    return agent.oversees(record.agent_id) or record.agent_id == agent.id or record.contact_id == busy_with != ""


def may_read(agent: Agent, record: ContactRecord, *, busy_with: str = "", in_front: str = "") -> bool:
    """``in_front``: person key of whom she talks with now, '' = nobody, or a withheld number."""
    return may_write(agent, record, busy_with=busy_with) or record.person == in_front != ""
