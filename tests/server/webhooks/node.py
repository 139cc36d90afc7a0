"""Webhooks of a node in a process of their own, to be killed: ``python -m tests.server.webhooks.node HOME URL``.

Prints the receiver's secret where it makes one, says one call for each line of its standard input.
"""

from __future__ import annotations

import asyncio
import sys

from core.config import KeysConfig
from core.home import open_home
from core.master_keys import open_keyring
from core.store.sql_store import open_store
from server.webhooks.office import WebhookForm
from tests.server.webhooks.receiver import Site
from tests.server.webhooks.test_service import BOTH, a_call


async def main(folder: str, url: str) -> None:
    home = open_home(folder)
    store = await open_store("", home)
    site = Site(store, timeout_s=4, ring=open_keyring(KeysConfig(), home))
    await site.start()
    if not site.webhooks.subscribers:
        made = await site.office.make(WebhookForm(name="통계", url=url, topics=BOTH), "boss", "")
        print(made.secret, flush=True)
    else:
        print("again", flush=True)
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        await site.say(*a_call(line))
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
