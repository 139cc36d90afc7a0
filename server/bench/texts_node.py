"""The texts of a node alone, in a process of their own, to be measured and killed.

    python -m server.bench.texts_node HOME GATEWAY PORT COUNT

Text n goes to 0100000nnnn, unless HOME knows it from an earlier run. It says 'sent' when all are handed over and
'done' when the end of each is known, with how many arrived.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from channels.compose import composed
from channels.contract import Message, Receipt
from channels.gateways import open_gateway
from channels.messenger import Messenger
from core import log
from core.config import LogConfig, SmppConfig, SmsConfig
from core.events import now
from core.home import open_home
from core.store.sql_store import open_store

PER_SECOND: Final = 100.0
WINDOW: Final = 10
_LOOK_S: Final = 0.05


def settings(gateway: str, port: int) -> tuple[SmsConfig, SmppConfig]:
    """For a provider on this machine."""
    if gateway == "smpp":
        smpp = SmppConfig(
            host="127.0.0.1", port=port, system_id="minwon", password="bench", per_second=PER_SECOND, window=WINDOW
        )
        return SmsConfig(gateway="smpp", sender="0330000120"), smpp
    site = f"http://127.0.0.1:{port}"
    sens = SmsConfig(gateway="sens", url=site, sender="0330000120", service="b", access_key="b", secret_key="b")
    return sens, SmppConfig()


async def main(home: str, gateway: str, port: int, count: int) -> None:
    """Until all have an end."""
    log.setup(LogConfig(level="error"), "bench")
    store = await open_store("", open_home(home))
    known = {record.message_id for record in await store.messages(limit=count)}

    async def told(_message: Message, _receipt: Receipt) -> None:
        """A desk would show it."""

    sms, smpp = settings(gateway, port)
    carrier = open_gateway(sms, smpp)
    async with Messenger(carrier, store, told, limit=sms.waiting, at_once=sms.at_once) as messenger:
        for number in range(count):
            if f"t{number}" not in known:
                text = f"[한빛시] 문의하신 부서는 민원여권과(033-000-{number:04d})입니다."
                sent = composed(message_id=f"t{number}", to=f"0100000{number:04d}", text=text, at=now())
                messenger.send(sent)
        while messenger.pending:  # noqa: ASYNC110 - the desk looks, too
            await asyncio.sleep(_LOOK_S)
        print("sent", flush=True)
        while await store.pending_messages():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S * 10)
        arrived = sum(record.state == "delivered" for record in await store.messages(limit=count))
        print(f"done {arrived}", flush=True)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
