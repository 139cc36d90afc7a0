"""Facts and cells to table rows and back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Row, cast, func

from core.store.statistics import DIMENSIONS, FIELDS, ContactFacts
from core.store.statistics_cells import Key, NameId

CELL_KEYS: Final = Key.__struct_fields__
"""Columns that say which cell it is; those of ``FIELDS`` follow."""


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


def cell_row(key: Key, totals: Sequence[int]) -> dict[str, Any]:
    """A row of ``statistics_cells``."""
    return msgspec.structs.asdict(key) | dict(zip(FIELDS, totals, strict=True))


def summed(column: Any) -> Any:
    """Its sum, as a whole number in both databases."""
    return cast(func.sum(column), BigInteger)
