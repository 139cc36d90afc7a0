"""``minwon db purge|check``, ``minwon person ...``, ``minwon audit ...``: time and rights for an engineer."""

from __future__ import annotations

import asyncio
import csv
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec.structs import replace

from core.audit import Note
from core.errors import BadInput
from core.home import open_home
from core.master_keys import keyring_or_none
from core.store.audit import AuditQuery
from core.store.audit_check import verify as walk
from core.store.rights import PurgeReport
from server.cli_options import AsJson, ConfigFile, by_whom, put, settings_of, store_of

person = typer.Typer(no_args_is_help=True, help="One person's data, by her telephone number.")
audit = typer.Typer(no_args_is_help=True, help="The log of who saw, heard, exported and changed what.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Her telephone number.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is noted.")]
Identity = Annotated[str, typer.Option("--identity", help="How it was made sure that it is she; it is noted.")]
_BATCH = 1000


def purge(
    config: ConfigFile = None,
    json: AsJson = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="The node was off for long: its clock has not jumped.")
    ] = False,
) -> None:
    """Destroy what has had its term ([retention]), but what is held; tell what went."""
    from server.rights.parts import rights_here

    settings = settings_of(config)

    def told(report: PurgeReport) -> None:
        if not json and report.kinds:
            print(f"\r{report.kinds[-1].kind}: {report.kinds[-1].gone}".ljust(40), end="", file=sys.stderr, flush=True)

    async def work() -> PurgeReport:
        async with rights_here(settings, open_home(settings.node.home)) as (_store, parts):
            return await parts.purging.purge(by=by_whom(), dry=dry_run, clock_is_right=clock_is_right, told=told)

    report = asyncio.run(work())
    if json:
        put(report)
        return
    print("\r".ljust(40), end="\r", file=sys.stderr)
    print(f"{'kind':<10}{'older than':<20}{'would go' if dry_run else 'gone':>10}{'held':>8}{'left':>8}{'bytes':>14}")
    for each in report.kinds:
        counts = f"{each.gone:>10}{each.held:>8}{each.left:>8}{each.freed:>14}"
        print(f"{each.kind:<10}{each.before:%Y-%m-%d %H:%M}    {counts}")


def compare(config: ConfigFile = None, json: AsJson = False) -> None:
    """Whether files and rows of recordings agree. Status 1 when they do not; `db purge` deletes files without a row."""
    from server.recording.loose import files_without_row, rows_without_file
    from server.recording.parts import shelf_of

    settings = settings_of(config)

    async def work() -> int:
        async with store_of(settings) as (store, home):
            shelf = shelf_of(settings, home, store, keyring_or_none(settings.keys, home))
            files = [str(file) async for file in files_without_row(shelf)]
            rows = [each.recording_id async for each in rows_without_file(shelf)]
        if json:
            put({"files_without_row": files, "rows_without_file": rows})
        else:
            for file in files:
                print(f"{file}  has no row: nobody can open it")
            for row in rows:
                print(f"{row}  has no file: its sound is lost")
            print(f"{len(files)} files without a row, {len(rows)} rows without a file")
        return 1 if files or rows else 0

    raise typer.Exit(asyncio.run(work()))


@person.command("find")
def find(number: Number, reason: Reason, config: ConfigFile = None, json: AsJson = False) -> None:
    """What there is of her."""
    from records.rights.asked import Asked
    from server.rights.parts import rights_here

    settings = settings_of(config)

    async def work() -> None:
        async with rights_here(settings, open_home(settings.node.home)) as (_store, parts):
            found = await parts.people.find(Asked(number=number, by=by_whom(), reason=reason))
            if json:
                put(found)
                return
            print(
                f"{len(found.contacts)} contacts, {found.recordings} recordings, {found.texts} texts, "
                f"{found.callbacks} callbacks, {found.follow_ups} promises"
            )
            if found.held:
                print(f"{len(found.held)} contacts are held: {', '.join(found.held_by)}")

    asyncio.run(work())


@person.command("export")
def export(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A new file.")],
    reason: Reason,
    identity: Identity,
    config: ConfigFile = None,
) -> None:
    """Everything that is kept of her into a ZIP: a page that she can read, data.json, sound, pictures."""
    from records.rights.asked import Asked
    from server.rights.parts import rights_here

    if file.exists():
        raise BadInput(f"{file} is there already: name a new file")
    settings = settings_of(config)

    async def work() -> int:
        async with rights_here(settings, open_home(settings.node.home)) as (_store, parts):
            asked = Asked(number=number, by=by_whom(), reason=reason, identity=identity)
            return await parts.people.export(asked, file, _progress)

    count = asyncio.run(work())
    print(f"\r{count} contacts are in {file}: hand it over to her alone, then delete it")


@person.command("delete")
def delete(
    number: Number,
    reason: Reason,
    identity: Identity,
    config: ConfigFile = None,
    json: AsJson = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything that is kept of her, but what is under a legal hold; tell what stays and why."""
    from records.rights.asked import Asked
    from server.rights.parts import rights_here

    if not yes and typer.prompt("Type the number once more") != number:
        raise BadInput("the two numbers differ: nothing was deleted")
    settings = settings_of(config)

    async def work() -> None:
        async with rights_here(settings, open_home(settings.node.home)) as (_store, parts):
            asked = Asked(number=number, by=by_whom(), reason=reason, identity=identity)
            done = await parts.people.delete(asked, _progress)
            if json:
                put(done)
                return
            counts = f"{done.recordings} recordings, {done.pictures} pictures, {done.others} texts, callbacks, promises"
            print(f"\r{done.contacts} contacts, {counts} are deleted")
            print("What stays: sums of statistics, in which nobody is; and the audit log, which has no number.")
            if done.held:
                why = ", ".join(done.held_by) or "they are not over"
                print(f"{len(done.held)} contacts stay: {why}")
            if done.opted_out:
                print("Her wish for no texts stays, without her number: take it off on /records if she wants.")

    asyncio.run(work())


@audit.command("verify")
def verify(
    config: ConfigFile = None,
    json: AsJson = False,
    anchors: Annotated[
        list[Path] | None, typer.Option("--anchors", help="Files of anchors that were kept elsewhere; may be repeated.")
    ] = None,
) -> None:
    """Walk the chain from its beginning to its end; say the first line that is wrong. Status 1 when one is."""
    from server.rights.anchors import read_anchors
    from server.rights.parts import rights_here

    settings = settings_of(config)

    async def work() -> bool:
        async with rights_here(settings, open_home(settings.node.home)) as (store, parts):
            files = [*([parts.anchor_file] if parts.anchor_file.exists() else []), *(anchors or [])]
            places = [anchor for file in files for anchor in read_anchors(file)]
            told = None if json else lambda lines: print(f"\r{lines:,} lines", end="", file=sys.stderr, flush=True)
            verdict = await walk(store.audit, places, parts.seal.made, told or (lambda _lines: None))
            if json:
                put(verdict)
            elif verdict.broken:
                print(f"\rline {verdict.broken}: {verdict.why} ({verdict.lines:,} lines before it are whole)")
            else:
                span = f"{verdict.lines:,} lines from {verdict.first} to {verdict.last}"
                print(f"\rwhole: {span}, {verdict.anchors} anchors")
                if verdict.head_at is not None:
                    print(f"its end: line {verdict.last} of {verdict.head_at:%Y-%m-%d %H:%M} UTC, {verdict.head}")
            return verdict.broken == 0

    if not asyncio.run(work()):
        raise typer.Exit(1)


@audit.command("anchor")
def anchor(config: ConfigFile = None) -> None:
    """Print the log's end, sealed: keep it where the database's keeper cannot write, for `verify --anchors`."""
    from server.rights.parts import rights_here

    settings = settings_of(config)

    async def work() -> None:
        async with rights_here(settings, open_home(settings.node.home)) as (_store, parts):
            place = await parts.anchors.write()
            if place is None:
                raise BadInput("the audit log is empty")
            print(msgspec.json.encode(place).decode())

    asyncio.run(work())


@audit.command("export")
def export_audit(reason: Reason, config: ConfigFile = None) -> None:
    """All lines as CSV to stdout, newest first; that is itself noted."""
    from server.rights.parts import rights_here

    settings = settings_of(config)

    async def work() -> None:
        async with rights_here(settings, open_home(settings.node.home)) as (store, _parts):
            await store.audit.note(Note(who=by_whom(), deed="exported", thing="audit", reason=reason))
            table = csv.writer(sys.stdout)
            table.writerow(["number", "at", *Note.__struct_fields__, "chain"])
            query = AuditQuery()
            while lines := await store.audit.lines(query, limit=_BATCH):
                for line in lines:
                    cells = (getattr(line.note, name) for name in Note.__struct_fields__)
                    table.writerow([line.number, line.at.isoformat(), *cells, line.chain])
                query = replace(query, before=lines[-1].number)

    asyncio.run(work())


def _progress(done: int, of: int) -> None:
    print(f"\r{done} of {of} contacts", end="", file=sys.stderr, flush=True)
