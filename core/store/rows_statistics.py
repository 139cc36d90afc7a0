"""Facts to table rows and back. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Row

from core.store.statistics import DIMENSIONS, ContactFacts
from core.store.statistics_cells import NameId


def fact_row(facts: ContactFacts, name_id: NameId) -> dict[str, Any]:
    """A row of ``statistics_facts``."""
    row = msgspec.structs.asdict(facts)
    row["words"] = " ".join(facts.words)
    for dimension in DIMENSIONS:
        row[dimension] = name_id(dimension, row[dimension])
    return row


def facts_of_row(row: Row[Any], value: Callable[[int], str]) -> ContactFacts:
    """The record of such a row; ``value`` tells what a number means."""
    values = dict(row._mapping)
    values["words"] = tuple(values["words"].split())
    for dimension in DIMENSIONS:
        values[dimension] = value(values[dimension])
    return ContactFacts(**values)
