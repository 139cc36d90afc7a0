"""Opaque ids."""

from __future__ import annotations

import re

from core.store.ids import new_id


def test_ids_are_opaque_and_differ() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[a-z][0-9a-z]{11}", each) for each in ids)
