"""The lab's house left standing, for a telephone of one's own: ``make lab ARGS="--keep"``."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console

from tests.lab.exchange import HOTLINE
from tests.lab.exchange import PASSWORD as PHONES
from tests.lab.house import BOSS, KIM, PASSPORTS, PASSWORD, WASTE, House, whole_house

_TOLD = """[bold]The lab stands.[/bold] Ctrl-C ends it.

  SIP server     {exchange}   UDP or TCP; digest password of every extension: [bold]{phones}[/bold]
  extensions     {kim} agent (kim) · {boss} supervisor (boss) · {waste}, {passports} departments · any other: a citizen
  hotline        {hotline}, from any registered phone; it rings at {kim}
  desk           {desk}   sign in as kim or boss with [bold]{password}[/bold]
  log of the node {log}
"""


async def stand(console: Console, host: str) -> None:
    """Start it, say where everything is, and wait until it is cancelled."""
    with tempfile.TemporaryDirectory(prefix="minwon-lab-") as folder:
        async with whole_house(Path(folder), host=host) as house:
            console.print(addresses(house), highlight=False, soft_wrap=True)
            await house.node.process.wait()


def addresses(house: House) -> str:
    """What a person must know to use it."""
    return _TOLD.format(
        exchange=house.exchange.address,
        phones=PHONES,
        kim=KIM,
        boss=BOSS,
        waste=WASTE,
        passports=PASSPORTS,
        hotline=HOTLINE,
        desk=house.node.desk,
        password=PASSWORD,
        log=house.node.log,
    )


def keep(console: Console, host: str) -> int:
    """Until Ctrl-C."""
    console.print("starting ...")
    try:
        asyncio.run(stand(console, host))
    except KeyboardInterrupt:
        return 0
    console.print("[red]the node has ended")
    return 1
