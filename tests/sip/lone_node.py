"""A node reduced to its bridge, for tests that kill it: ``python -m tests.sip.lone_node RUN_DIR AGENT_URI BUILD``.

Prints 'ready HOST:PORT' of its last worker, then 'joined' for each call. The fourth argument is its manner: 'deaf'
stops reading for ever once a call is joined, 'two workers' has two; a SIP address is called and joined with the agent;
'all URI URI' makes a conference with a third, and a supervisor listens.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import msgspec

from core.config import SipConfig
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.sip.attendant import Attendant

CONFIG = SipConfig(port=0, rtp_port=0, workers=1, no_audio_s=1.0, no_audio_end_s=2.0)


async def main(run_dir: str, agent: str, build: Kind, manner: str = "") -> None:
    config = msgspec.structs.replace(CONFIG, build=build, workers=2 if manner == "two workers" else 1)
    async with (
        SipBridge(config, run_dir=Path(run_dir)) as bridge,
        Attendant(bridge, [agent]).at_work() as attendant,
    ):
        print("ready", bridge.addresses[-1], flush=True)
        if manner.startswith("sip:"):
            call = await bridge.call_out(manner, reference="callback-7")
            await call.answer()
            await call.dial(agent, reference="kim", ring_timeout_s=10)
            print("joined", flush=True)
        number = 0
        while True:
            await attendant.nth(number)
            async with asyncio.timeout(30):
                await attendant.calls[number].joined.wait()
            if manner.startswith("all "):
                call, (third, supervisor) = attendant.calls[number].call, manner.split()[1:]
                await call.consult(third, reference="tax", ring_timeout_s=10)
                await call.conference()
                await call.supervise(supervisor, reference="boss", mode="listen", ring_timeout_s=10)
            print("joined", flush=True)
            if manner == "deaf":
                time.sleep(60)  # noqa: ASYNC251  # a node whose loop hangs: that is the point
            number += 1
            await attendant.until(lambda: len(attendant.calls) > number, timeout=60)  # noqa: B023


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))  # type: ignore[arg-type]
