"""Time and rights of one node, or of one command: made of the same parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from core.audit_seal import AuditSeal, open_audit_seal
from core.config import Config
from core.dispositions import dispositions
from core.events import now
from core.home import Home
from core.master_keys import keyring_or_none
from core.person_key import PersonKeys
from core.pictures.shelf import Pictures
from core.store.contract import Store
from core.store.sql_store import SqlStore, open_store
from server.recording.parts import shelf_of
from server.recording.shelf import RecordingShelf
from server.records_parts import person_keys_of
from server.rights.anchors import Anchors, anchor_file
from server.rights.held_pictures import HeldPictures
from server.rights.office import RightsOffice
from server.rights.person_data import People
from server.rights.purging import Purging
from server.rights.works import Works


class RightsParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts. ``purging.run`` and ``anchors.run`` are side tasks of a node."""

    purging: Purging
    people: People
    seal: AuditSeal
    anchors: Anchors
    anchor_file: Path


def rights_parts(
    config: Config,
    home: Home,
    store: Store,
    shelf: RecordingShelf,
    pictures: Pictures,
    people: PersonKeys,
    clock: Callable[[], datetime] = now,
) -> RightsParts:
    """``EnvironmentFault`` when the key of the audit log can't be used."""
    zone = ZoneInfo(config.statistics.timezone)
    seal = open_audit_seal(home.keys / "audit.key")

    held = HeldPictures(pictures, store, days=config.ars.uploads_days, today=lambda: clock().astimezone(zone).date())
    purging = Purging(store, config.retention, shelf, held, seal, key=people.key, zone=zone, clock=clock)
    results = {each.code: each.ko for each in dispositions(config.records.results)}
    data = People(store, people, shelf, pictures, centre=config.web.centre, zone=zone, results=results, clock=clock)
    file = anchor_file(home)
    return RightsParts(
        purging=purging, people=data, seal=seal, anchors=Anchors(store.audit, seal, file, clock), anchor_file=file
    )


@asynccontextmanager
async def open_office(
    parts: RightsParts,
    home: Home,
    store: Store,
    people: PersonKeys,
    names: Callable[[], Mapping[str, str]],
) -> AsyncIterator[RightsOffice]:
    """The pages' part; what runs when it closes is broken off."""
    works = Works(home.run / "works")
    works.open()
    office = RightsOffice(
        store,
        parts.purging,
        parts.people,
        works,
        parts.seal,
        parts.anchor_file,
        person_key=people.key,
        names=names,
    )
    try:
        yield office
    finally:
        await works.close()


@asynccontextmanager
async def rights_here(config: Config, home: Home) -> AsyncIterator[tuple[SqlStore, RightsParts]]:
    """For the command line."""
    store = await open_store(config.store.url, home)
    try:
        shelf = shelf_of(config, home, store, keyring_or_none(config.keys, home))
        pictures = Pictures(home.root / "uploads", most_mb=config.ars.uploads_mb, days=config.ars.uploads_days)
        yield store, rights_parts(config, home, store, shelf, pictures, person_keys_of(config, home))
    finally:
        await store.close()
