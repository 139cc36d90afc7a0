"""A node's texts alone, to be killed: messenger, gateway and SQLite in a process of their own.

    python -m tests.channels.texting_process HOME smpp|sens PORT COUNT

Sends COUNT texts, number n to 010 000n, unless HOME has them already, and says 'done' when all have an end.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from channels.compose import composed
from channels.contract import Gateway, Message, Receipt
from channels.messenger import Messenger
from channels.sens_gateway import SensGateway
from channels.smpp_gateway import SmppGateway
from core.events import now
from core.home import open_home
from core.store.sql_store import open_store
from tests.channels.smpp_stage import TERMS, settings
from tests.fakes.sens import ACCESS_KEY, SECRET_KEY, SENDER, SERVICE


async def main(home: Path, name: str, port: int, count: int) -> None:
    store = await open_store("", open_home(str(home)))
    kept = {record.message_id for record in await store.messages(limit=count + 1)}

    async def told(_message: Message, _receipt: Receipt) -> None:
        """Nobody listens."""

    gateway: Gateway = SmppGateway(settings(port), TERMS, pace=0.1)
    if name == "sens":
        site = f"http://127.0.0.1:{port}"
        gateway = SensGateway(url=site, service=SERVICE, access_key=ACCESS_KEY, secret_key=SECRET_KEY, sender=SENDER)
    async with Messenger(gateway, store, told, pace=0.1) as messenger:
        for number in range(count):
            if f"m{number}" not in kept:
                sent = composed(message_id=f"m{number}", to=f"0100000{number:04d}", text=f"안내 {number}", at=now())
                messenger.send(sent)
        while messenger.pending or await store.pending_messages():  # noqa: ASYNC110 - as anybody who looks into the store
            await asyncio.sleep(0.05)
        print("done", flush=True)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
