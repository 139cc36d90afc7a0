"""``minwon statistics ...``: what was counted, compared with the events, and mended."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from core.home import open_home
from server.cli_options import AsJson, ConfigFile, put, settings_of

statistics = typer.Typer(no_args_is_help=True, help="Statistics: compared with the stored events, and mended.")


@statistics.command("recompute")
def recompute(
    config: ConfigFile = None,
    json: AsJson = False,
    check: Annotated[bool, typer.Option("--check", help="Only say what differs; exit 1 when something does.")] = False,
) -> None:
    """Draw all facts from the stored events anew and add all sums up anew; say what differed. Needed after the
    settings of statistics were changed; beside a running node it is safe."""
    from server.recomputing import in_words
    from server.statistics_parts import recompute_here

    settings = settings_of(config)
    told = asyncio.run(recompute_here(settings, open_home(settings.node.home), check=check))
    if json:
        put(told)
    else:
        print(in_words(told))
    if check and told.differing:
        raise typer.Exit(1)
