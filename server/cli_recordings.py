"""``minwon recordings ...``: what an engineer does with recordings. None of it plays one, the pages do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import Refused
from core.master_keys import open_keyring
from server.cli_options import AsJson, ConfigFile, by_whom, put, settings_of, store_of

if TYPE_CHECKING:
    from core.store.recordings import Recording
    from core.store.sql_store import SqlStore
    from server.recording.shelf import RecordingShelf

recordings = typer.Typer(no_args_is_help=True, help="Recordings of calls.")


@recordings.command("rekey")
def rekey(config: ConfigFile = None, json: AsJson = False) -> None:
    """After `minwon keys rotate`: seal the keys of all recordings with the newest master key. Files are not touched."""

    async def work() -> None:
        async with _shelf(config) as (_store, shelf):
            done = await shelf.rekey(lambda moved: None if json else print(f"\r{moved} moved", end="", flush=True))
            if json:
                put(done)
                return
            print(f"\r{done.moved} recordings are under key {shelf.keyring.newest} now")
            if done.lost:
                print(f"{done.lost} could not be moved: their master key is not here (the log names them)")

    asyncio.run(work())


@recordings.command("verify")
def verify(
    recording_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One of them; without it all.")] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Read files and their clips again: whether they are what was kept. Status 1 when one is not."""

    async def work() -> int:
        async with _shelf(config) as (_store, shelf):
            looked = bad = 0
            async for recording in _all(shelf, recording_id):
                fault = await asyncio.to_thread(shelf.verify, recording)
                looked, bad = looked + 1, bad + bool(fault)
                if json:
                    put({"recording": recording.recording_id, "ok": not fault, "fault": fault})
                elif fault:
                    print(f"{recording.recording_id}  {recording.file}  {fault}")
            if not json:
                print(f"{looked} recordings read, {bad} are not as they were kept")
            return 1 if bad else 0

    raise typer.Exit(asyncio.run(work()))


@recordings.command("clips")
def clips(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Cut out the utterances whose transcripts were corrected and reviewed, for `minwon models tune --speech DIR`."""
    from server.recording.clips import export

    async def work() -> None:
        async with _shelf(config) as (store, shelf):
            told = None if json else (lambda count: print(f"\r{count} clips", end="", flush=True))
            done = await export(
                folder, store.contacts, shelf, store.audit, by=by_whom(), told=told or (lambda _count: None)
            )
            if json:
                put(done)
                return
            print(f"\r{done.clips} clips, {done.seconds / 60:.1f} minutes, in {folder}; {done.left_out} left out")
            print("They are voices of people: delete the folder when the model is made.")

    asyncio.run(work())


async def _all(shelf: RecordingShelf, recording_id: str | None) -> AsyncIterator[Recording]:
    if recording_id is not None:
        found = await shelf.store.recording(recording_id)
        if found is None:
            raise Refused(f"there is no recording {recording_id}", code="not_found")
        yield found
        return
    before = None
    while page := await shelf.store.newest(before=before, limit=200):
        for recording in page:
            yield recording
        before = page[-1].started


@asynccontextmanager
async def _shelf(config: Path | None) -> AsyncIterator[tuple[SqlStore, RecordingShelf]]:
    from server.recording.parts import shelf_of

    settings = settings_of(config)
    async with store_of(settings) as (store, home):
        yield store, shelf_of(settings, home, store, open_keyring(settings.keys, home))
