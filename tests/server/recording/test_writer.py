"""A file that the kernel will not let grow: what was written stays whole, and why it ended is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import asyncio, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from records.recording.spool import Sound, new_head
from server.recording.writer import Writer

async def main():
    folder = Path(sys.argv[1])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    writer, why = Writer(folder, floor_bytes=0), []
    writer.start()
    head = new_head(recording_id="rec-1", call_id="c", began=datetime.now(UTC), why="rule", by="", wrapped_key=b"")
    spool = writer.open(head, bytes(32), why.append)
    for number in range(20):
        spool.put(Sound("caller", number * 50, bytes(16_000)))
        await asyncio.sleep(0.01)
    spool.close()
    await writer.close()
    print(*why)

asyncio.run(main())
"""


def test_no_room_for_the_next_second(tmp_path: Path) -> None:
    from records.recording.spool import Broken, Sound, read_spool

    ran = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["disk_full"]
    entries = list(read_spool(tmp_path / "rec-1.spool", lambda head: bytes(32)))
    assert [entry.slot for entry in entries if isinstance(entry, Sound)] == [0, 50, 100, 150, 200, 250]
    assert entries[-1] == Broken("disk_full")
