"""All recordings of a node: what is recorded now, and what waits to be finished.

A call that ends leaves its spool; the file is made of it in the background, one at a time, once all that was said in
the call is in the store (what must be silent is told by its words). Spools that a killed node left are finished by the
next one. Nothing here is kept in memory alone: the spool folder is the list of what is to be done.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from core import metrics
from core.config import RecordingConfig
from core.errors import BadInput, EnvironmentFault, MinwonError
from core.events import CallEnded, Event, RecordingChanged
from core.log import get_logger
from core.store.contract import Store
from core.store.recordings import Recording
from records.recording.codec import CONTENT, Codec
from records.recording.finishing import Finished, finish
from records.recording.heard_facts import heard_facts
from records.recording.spool import SUFFIX as SPOOL_SUFFIX
from records.recording.spool import SpoolHead, read_spool, read_spool_head
from server.line import Line
from server.recording.call_recording import CallRecording
from server.recording.shelf import SUFFIX, RecordingShelf, purpose
from server.recording.writer import Spool, Writer
from telephony.contract import Call

log = get_logger("server.recording")

AGAIN_S: Final = 30.0
"""What could not be finished (its call's words are not stored yet, no room, no key) is tried again."""
LOOK_EVERY_S: Final = 60.0
"""So often the quota is looked at."""
BROKEN: Final = ".broken"
"""What is no spool is put aside under this ending, for a person."""
_GIB: Final = 2**30

Tell = Callable[[str, Event], Awaitable[object]]


class Recordings:
    """One per node. ``begin``, ``run`` (a side task) and ``close`` are its life."""

    def __init__(
        self,
        config: RecordingConfig,
        shelf: RecordingShelf,
        store: Store,
        *,
        running: Callable[[], Collection[str]],
        tell: Tell,
        writer: Writer | None = None,
    ) -> None:
        """``running``: ids of running calls. ``tell`` says an event on the line of a call that may have ended."""
        self.config = config
        self.shelf = shelf
        self._store = store
        self._running = running
        self._tell = tell
        self._writer = writer or Writer(shelf.spool, floor_bytes=config.floor_mb * 2**20)
        self._open: set[Path] = set()
        """Spools that are written now."""
        self._wake = asyncio.Event()
        self._over_quota = False
        self._writes = False

    def begin(self) -> None:
        """Make the folders and start the writer. A folder that cannot be made keeps no call from being answered: it is
        not recorded, and says so."""
        try:
            self.shelf.make_folders()
        except EnvironmentFault as fault:
            log.error("recording.no_folder", why=str(fault))
            return
        self._writer.start()
        self._writes = True

    async def close(self) -> None:
        """What was handed over is on disk."""
        if self._writes:
            await self._writer.close()

    # For calls (``server.recording.call_recording.Spools``).

    def of_call(self, call: Call, line: Line) -> CallRecording:
        """The recording of a call that begins."""
        return CallRecording(call, line, self)

    def why_not(self) -> str:
        """See ``Spools``."""
        if not self._writes:
            return "disk_fault"
        if not self.shelf.keyring.newest:
            return "no_key"
        if not self._writer.room:
            return "disk_full"
        return "quota" if self._over_quota else ""

    def wrap_key(self, recording_id: str) -> tuple[bytes, bytes]:
        """See ``Spools``."""
        key = self.shelf.keyring.data_key(_spool_purpose(recording_id))
        return key.secret, key.wrapped

    def open(self, head: SpoolHead, key: bytes, broke: Callable[[str], None]) -> Spool:
        """See ``Spools``."""
        spool = self._writer.open(head, key, broke)
        self._open.add(spool.path)
        return spool

    def closed(self, spool: Spool) -> None:
        """See ``Spools``."""
        self._open.discard(spool.path)
        self._wake.set()

    # In the background.

    async def run(self) -> None:
        """Finish what waits, for ever."""
        looked = 0.0
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            if not looked or loop.time() - looked > LOOK_EVERY_S:
                looked = loop.time()
                await self._look_at_quota()
            left = await self.finish_all()
            try:
                async with asyncio.timeout(AGAIN_S if left else LOOK_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(0.2)  # several calls may end at once, and the last words are just being stored

    async def finish_all(self) -> int:
        """Everything whose call is over. How many spools are left that could not be finished."""
        waiting = iter([path for path in await asyncio.to_thread(self._waiting) if path not in self._open])
        left = sum(await asyncio.gather(*(self._finish_some(waiting) for _ in range(self.config.finishers))))
        metrics.RECORDINGS_WAITING.set(left)
        return left

    async def _finish_some(self, waiting: Iterator[Path]) -> int:
        """One after the other, as long as there are any. How many could not be finished."""
        left = 0
        for path in waiting:
            try:
                if not await self._finish(path):
                    left += 1
            except (MinwonError, OSError) as fault:
                left += 1
                why = str(fault) or type(fault).__name__
                log.error("recording.not_finished", spool=path.name, why=why)
            except Exception as fault:
                left += 1
                log.exception("recording.not_finished", spool=path.name, error=type(fault).__name__)
        return left

    def _waiting(self) -> list[Path]:
        try:
            return sorted(self.shelf.spool.glob(f"*{SPOOL_SUFFIX}"), key=lambda path: path.stat().st_mtime)
        except OSError as fault:
            log.error("recording.no_folder", why=fault.strerror)
            return []

    async def _finish(self, path: Path) -> bool:
        """Whether the spool is done with."""
        try:
            head = await asyncio.to_thread(read_spool_head, path)
        except BadInput:
            log.error("recording.broken_spool", spool=path.name, now=path.with_suffix(BROKEN).name)
            await asyncio.to_thread(path.replace, path.with_suffix(BROKEN))
            return True
        if head.call_id in self._running():
            return False
        events = await self._store.events(head.call_id)
        if not any(isinstance(event, CallEnded) for event in events):
            return False  # its words are on their way into the store
        with metrics.RECORDING_FINISH.time():
            recording = await self._make(path, head, events)
        await asyncio.to_thread(path.unlink, missing_ok=True)
        if recording is None:
            log.info("recording.empty", call_id=head.call_id, recording=head.recording_id)
            return True
        metrics.RECORDED_SECONDS.inc(recording.seconds)
        log.info(
            "recording.kept",
            call_id=head.call_id,
            recording=head.recording_id,
            seconds=round(recording.seconds, 1),
            size=recording.size,
        )
        await self._tell(head.call_id, RecordingChanged(state="kept", recording_id=head.recording_id))
        return True

    async def _make(self, path: Path, head: SpoolHead, events: list[Event]) -> Recording | None:
        """The finished file and its row. ``OSError``, ``MinwonError``: nothing is lost, the spool stays."""
        keyring, facts = self.shelf.keyring, heard_facts(events)
        key = keyring.data_key(purpose(head.recording_id))
        day = head.began.strftime("%Y/%m/%d")
        name = f"{day}/{head.recording_id}{SUFFIX}"
        target = self.shelf.folder / name
        part = target.with_name(f".{head.recording_id}.{secrets.token_hex(4)}.part")
        entries = read_spool(path, lambda spool: keyring.open(spool.wrapped_key, _spool_purpose(spool.recording_id)))
        codec: Codec = self.config.codec

        def work() -> Finished | None:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                made = finish(entries, facts, part, key.secret, head.recording_id, codec)
                if made is not None:
                    part.replace(target)
                return made
            finally:
                part.unlink(missing_ok=True)

        made = await asyncio.to_thread(work)
        if made is None:
            return None
        if made.late:
            log.error("recording.late_samples", recording=head.recording_id, samples=made.late)
        recording = Recording(
            recording_id=head.recording_id,
            call_id=head.call_id,
            agents=facts.agents,
            started=head.began + timedelta(seconds=made.offset_s),
            offset_s=made.offset_s,
            seconds=made.seconds,
            content=CONTENT[codec],
            file=name,
            size=target.stat().st_size,
            audio_size=made.audio_size,
            sha256=made.sha256,
            wrapped_key=key.wrapped,
            key_id=keyring.newest,
            silences=made.silences,
            evidence=made.evidence,
            why=head.why,
            by=head.by,
            broken=made.broken,
            unscreened=facts.unscreened,
        )
        await self._store.recordings.put(recording)
        return recording

    async def _look_at_quota(self) -> None:
        try:
            taken = await self._store.recordings.total_size()
        except MinwonError:
            return
        metrics.RECORDINGS_SIZE.set(taken)
        quota = self.config.quota_gb * _GIB
        self._over_quota = bool(quota) and taken >= quota


def _spool_purpose(recording_id: str) -> str:
    return f"spool:{recording_id}"
