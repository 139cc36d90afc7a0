"""``minwon vcon CONTACT``: one contact as a vCon, for who has the machine."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from core.errors import EnvironmentFault
from core.master_keys import open_keyring
from server.cli_options import ConfigFile, by_whom, settings_of, store_of

if TYPE_CHECKING:
    from server.vcons import VconFile, VconWish


def vcon(
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="The contact's id.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it leaves the house; it stands in the audit log.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A new file; without it stdout.")] = None,
    recording: Annotated[
        Literal["none", "reference", "inline"], typer.Option("--recording", help="How its recordings are given.")
    ] = "reference",
    numbers: Annotated[bool, typer.Option("--numbers", help="With the citizen's telephone number.")] = False,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="As it is, without the site's signature.")] = False,
    config: ConfigFile = None,
) -> None:
    """A contact as a vCon (draft-ietf-vcon-vcon-core-04): parties, dialog, transcript, record."""
    from server.vcons import VconWish

    wish = VconWish(reason=reason, recording=recording, numbers=numbers, signed=not unsigned)
    file = asyncio.run(_exported(contact, wish, config))
    if out is None:
        sys.stdout.buffer.write(file.body + b"\n")
        return
    try:
        with out.open("xb") as stream:
            stream.write(file.body)
    except OSError as fault:
        raise EnvironmentFault(f"cannot write {out} ({fault.strerror}): name a new file") from fault
    print(f"{out}: {len(file.body):,} bytes")


async def _exported(contact: str, wish: VconWish, config: Path | None) -> VconFile:
    from core.agent import Agent
    from server.recording.parts import shelf_of
    from server.vcons import Vcons, signing_key_file

    settings = settings_of(config)
    async with store_of(settings) as (store, home):
        vcons = Vcons(
            store,
            shelf_of(settings, home, store, open_keyring(settings.keys, home)),
            store.audit,
            key_file=signing_key_file(settings, home),
            centre=settings.web.centre,
            own_recordings=settings.recording.own,
            public_url=lambda: settings.web.public_url,
            history=store.events,
        )
        who = Agent(id=by_whom(), name=by_whom(), roles=("admin",))
        return await vcons.export(contact, who, wish, address="command line")
