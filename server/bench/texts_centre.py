"""A message centre to be killed: the server of the library smpp34, in a process of its own.

    python -m server.bench.texts_centre PORT FOLDER

It says 'up' when it listens. What it took is in FOLDER/taken before it is answered, and the receipts that were taken up
in FOLDER/reported, so that a new one goes on where a killed one was, as a centre with a disk does.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from pathlib import Path
from typing import Any, Final

import smpp34

RECEIPT: Final = 0x04
USER_MESSAGE_REFERENCE: Final = 0x0204


class Centre:
    """Takes every text and sends a receipt for each, in order, one at a time."""

    def __init__(self, port: int, folder: Path) -> None:
        self._server = smpp34.Server("127.0.0.1", port, system_id="bench")
        self._taken = (folder / "taken").open("a", buffering=1)
        self._reported = (folder / "reported").open("a", buffering=1)
        done = set((folder / "reported").read_text("ascii").split())
        lines = [line.split() for line in (folder / "taken").read_text("ascii").splitlines()]
        self._unreported: deque[tuple[str, str, str]] = deque(
            (message_id, number, reference) for message_id, number, reference in lines if message_id not in done
        )
        self._count = len(lines)
        self._session: Any = None
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Until killed."""
        await self._server.start()
        print("up", flush=True)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._report())
            while True:
                event = await self._server.next()
                if isinstance(event, smpp34.SubmitSmEvent):
                    self._take(event)
                elif isinstance(event, smpp34.Esme):
                    self._session = event
                self._wake.set()

    def _take(self, event: smpp34.SubmitSmEvent) -> None:
        self._count += 1
        references = [tlv.value.hex() for tlv in event.tlvs if tlv.tag == USER_MESSAGE_REFERENCE]
        taken = f"{self._count:06d}", event.destination_addr, references[0]
        self._taken.write(" ".join(taken) + "\n")
        self._unreported.append(taken)
        event.accept(taken[0])

    async def _report(self) -> None:
        while True:
            self._wake.clear()
            while self._unreported and self._session is not None:
                message_id, number, reference = self._unreported[0]
                try:
                    answer = await self._session.deliver_sm(
                        "0330000120",
                        f"id:{message_id} sub:001 dlvrd:001 stat:DELIVRD err:000 Text:".encode(),
                        source_addr=number,
                        esm_class=RECEIPT,
                        tlvs=[smpp34.Tlv(USER_MESSAGE_REFERENCE, bytes.fromhex(reference))],
                    )
                except smpp34.SmppError:
                    self._session = None
                    break
                if answer.is_success:
                    self._unreported.popleft()
                    self._reported.write(message_id + "\n")
            await self._wake.wait()


if __name__ == "__main__":
    asyncio.run(Centre(int(sys.argv[1]), Path(sys.argv[2])).run())
