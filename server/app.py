"""A node: opens everything in order, takes calls, closes everything in order.

    async with Node(config, home) as node:      # ports bound, models loaded, running calls adopted
        await node.serve_until(stop)            # and then lets the calls end

Closing, house rule 11: refuse new calls -> let running ones end until the grace time -> flush words -> flush store ->
close bus -> close web.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from agent_assist.assistant import Assistant
from agent_assist.desk_pages import DeskPages
from agent_assist.knowledge.attachments import Attachments
from agent_assist.learning.lessons import Lessons
from agent_assist.onnx_reranker import OnnxReranker
from agent_assist.rerank import Reranker
from core.audio import Frame
from core.bus.memory_bus import MemoryBus
from core.config import Config
from core.errors import MinwonError
from core.events import Event
from core.home import Home
from core.journal import Journal
from core.log import get_logger
from core.master_keys import keyring_or_none
from core.store.sql_store import open_store
from server import models_here
from server.after_call import AfterCall
from server.agent_times import AgentTimes
from server.ars_parts import open_ars
from server.callbacks import Callbacks
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.exchange.watch_door import WatchDoor
from server.hot_desk import HotDesk
from server.house import House
from server.house_admin import HouseAdmin
from server.knowing import Knowing
from server.languages import CallLanguage, Languages
from server.late_lines import LateLines
from server.outbound import Outbound
from server.outward_parts import open_outward
from server.recorder import Recorder
from server.recording.parts import open_recordings
from server.records_parts import person_keys_of, records_parts
from server.reports_parts import Reports
from server.rights.parts import open_office, rights_parts
from server.rooms import rooms
from server.side_tasks import SideTasks
from server.signing_in_parts import SignIn
from server.statistics_parts import Statistics
from server.supervisor_notes import SupervisorNotes
from server.targets import Targets
from server.text_news import TextNews
from server.texts_parts import open_texts
from server.visual_ars import local_time
from server.watch import Sampler, count_events, follow_entries, notice_deafness
from server.web import Setup, Web
from server.written_parts import open_written
from stt.contract import Heard
from stt.listener import listen
from stt.pools import Pools
from telephony.contract import Bridge
from telephony.forks.source import ForkSource
from telephony.sip import SipBridge

log = get_logger("server.app")

FLUSH_S = 5.0
"""How long closing waits for the store; what it does not take stays in the journal for the next start."""


def _reranker(config: Config) -> Reranker | None:
    """The sentence model of ``assist.semantic_model``, None without one. ``ModelFault`` for a broken one."""
    return OnnxReranker(Path(config.assist.semantic_model)) if config.assist.semantic_model else None


def _forks(config: Config) -> ForkSource | None:
    """Where an exchange may send copies of voices; None when no port is set. ``ConfigError`` for its certificates."""
    ports = (config.forks.port, config.forks.audiosocket_port)
    return ForkSource(config.forks) if max(ports) >= 0 else None


class Node:
    """Everything of one node. Entering it means ready."""

    def __init__(
        self,
        config: Config,
        home: Home,
        *,
        prefill: tuple[str, str] | None = None,
        bridge: Bridge | None = None,
        rooms: tuple[Setup, ...] = (),
        frame_ancestors: str = "'none'",
        clock: Callable[[], datetime] = local_time,
    ) -> None:
        """``prefill``: the demo's sign-in. ``bridge``: another than the SIP one, for tests. ``rooms``: further pages
        (the demo's own), ``frame_ancestors``: who may show desk and caller's page in a frame. ``clock``: local time
        with its zone, by which the menu opens and closes."""
        self._clock = clock
        self.config = config
        self.home = home
        self.bus = MemoryBus()
        self._forks = _forks(config)
        self.bridge: Bridge = bridge or SipBridge(config.sip, run_dir=home.run, peers=config.peers)
        self._prefill = prefill
        self._rooms = rooms
        self._frame_ancestors = frame_ancestors
        self._side = SideTasks()
        self._open = AsyncExitStack()
        self._stopping = asyncio.Event()
        self._text_news = TextNews()
        self.desk_url = ""

    @property
    def sip_addresses(self) -> Sequence[str]:
        """'host:port' of each SIP worker."""
        return self.bridge.addresses

    @property
    def fork_addresses(self) -> Mapping[str, str]:
        """'ws' or 'wss', 'audiosocket': host:port where forks are listened to; empty = nowhere."""
        return self._forks.addresses if self._forks is not None else {}

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._close()

    async def _start(self) -> None:
        config, home = self.config, self.home
        self.keyring = keyring_or_none(config.keys, home)
        if self.keyring.fault:
            log.error("keys.missing", why=self.keyring.fault)
        self.store = await open_store(config.store.url, home)
        self._open.push_async_callback(self.store.close)
        self.recorder = Recorder(self.store, Journal(home.spool))
        await self._open.enter_async_context(self.recorder)
        self.pools = Pools(config.stt, config.languages, find=partial(models_here.found, home))
        self.languages = Languages(self.pools, config.languages)
        lessons = Lessons(await self.store.knowledge.lessons())
        self.assistant = Assistant(config.assist, lessons, reranker=_reranker(config))
        self._open.callback(self.assistant.close)
        self.knowing = Knowing(self.store, self.assistant, self.bus, config.assist, lessons)
        revision = await self.store.entries_revision()
        # The two that take long, side by side: engines load in processes of their own, morphemes in a thread.
        await asyncio.gather(self.knowing.open(), self._open.enter_async_context(self.pools))
        self.dispatcher = Dispatcher(config.agents, self.bus, wrap_up_s=config.assist.wrap_up_s, spawn=self._side.spawn)
        self.parts = await self._open.enter_async_context(
            open_ars(
                config,
                home,
                self.store,
                self._text_news.of_message,
                self._side.spawn,
                lambda: self.public_url,
                self._clock,
                on_text=self._text_news.came,
            )
        )
        await self._open_calls()
        await self._open_contacts()
        await self._start_web()
        await self._begin()
        await self._take_calls(revision)

    async def _open_calls(self) -> None:
        """Who is called how, what is recorded, and the calls themselves; none comes before the bridge is open."""
        config = self.config
        self._outbound = outbound = Outbound(config.sip)
        self.targets = Targets(
            self.dispatcher.roster,
            config.sip,
            directory=lambda: self.knowing.directory,
            entry=self.assistant.entry,
            ways=outbound,
        )
        self.recordings = await self._open.enter_async_context(
            open_recordings(
                config,
                self.home,
                self.store,
                self.keyring,
                running=lambda: {flow.call.call_id for flow in self.calls.flows},
                tell=lambda call_id, event: self.lines.say(call_id, event),
            )
        )
        self.calls = LiveCalls(
            bridge=self.bridge,
            dispatcher=self.dispatcher,
            listen=self._listen,
            conversation=self.assistant.conversation,
            keep=self.recorder.keep,
            flushed=self._flushed,
            store=self.store,
            bus=self.bus,
            sip=config.sip,
            ars=self.parts.ars,
            aids=self.knowing,
            others=[self._forks] if self._forks is not None else (),
            targets=self.targets,
            languages=self.languages,
            recordings=self.recordings,
        )

    async def _open_contacts(self) -> None:
        """Lines of contacts, what is written on them and after them, and what becomes of them in time."""
        config, home = self.config, self.home
        self.lines = LateLines(
            [self.calls.tell, lambda contact_id, event: self.written.contacts.tell(contact_id, event)],
            self.store,
            keep=self.recorder.keep,
            flushed=self._flushed,
            bus=self.bus,
        )
        self.person_keys = person_keys_of(config, home)
        self.texts = await self._open.enter_async_context(
            open_texts(config, self.store, self.parts.messenger, self.person_keys, self._text_news.told, self._clock)
        )
        self.after_call = AfterCall(
            store=self.store,
            sending=self.texts.sending,
            bus=self.bus,
            history=self._all_told,
            tell=self._text_news.told,
            entry=self.assistant.entry,
            receipt=lambda contact_id: self.records.keeping.receipt(contact_id),
            phone_of=lambda department: self.knowing.directory.phone_of(department),
            centre=config.web.centre,
            clock=self._clock,
        )
        self.written = await self._open.enter_async_context(
            open_written(
                config,
                store=self.store,
                bus=self.bus,
                keep=self.recorder.keep,
                flushed=self._flushed,
                roster=self.dispatcher.roster,
                texts=self.texts,
                messenger=self.parts.messenger,
                pictures=self.parts.pictures,
                conversation=self.assistant.conversation,
                aids=self.knowing,
                tell=self.lines.say,
                clock=self._clock,
            )
        )
        shelf, pictures = self.recordings.shelf, self.parts.pictures
        self.rights = rights_parts(config, home, self.store, shelf, pictures, self.person_keys, self._clock)
        self._text_news.open(self.lines.say, self.written.taking)
        self.callbacks = Callbacks(
            self.store, self.dispatcher, self.bridge, self.calls, config.sip, self._side.spawn, outbound=self._outbound
        )
        self.calls.books = self.callbacks

    async def _begin(self) -> None:
        """What counts and reports, once everybody is known."""
        await self.statistics.open(self.bus, self.lines, self._side.spawn)
        times = AgentTimes(
            self.store.floor,
            self.bus,
            zone=self.statistics.zone,
            present=lambda: {session.account_id for session in self.auth.book.living()},
            states=lambda: [self.dispatcher.roster.seen(agent.id) for agent in self.dispatcher.roster],
        )
        self._side.spawn(times.run(), "agent times")
        self._side.spawn(self.reports.sending.run(), "reports by mail")
        self._open.push_async_callback(self.reports.jobs.close)

    async def _take_calls(self, revision: int) -> None:
        """The bridge opens; calls of the node before are taken up, pages answered. ``revision``: of the entries that
        were read."""
        await self._open.enter_async_context(self.bridge)
        if self._forks is not None:
            await self._open.enter_async_context(self._forks)
        if isinstance(self.bridge, SipBridge):
            await self._open.enter_async_context(self._watch_door(self.bridge))
        self._open.push_async_callback(self.end_now)  # those that nobody let end
        self._side.spawn(self.calls.take(), "take calls")
        await self.calls.close_orphans(self.bridge.adopted)
        await self.calls.taken_up(self.bridge.adopted)
        await self.callbacks.resume(self.calls.references)
        await self.records.keeping.open()
        self._web.open_doors()
        self._side.spawn(self.parts.prepare_prompts(), "prompts")
        self._side.spawn(count_events(self.bus), "count events")
        self._side.spawn(notice_deafness(self.pools, self.calls), "notice deafness")
        self._side.spawn(follow_entries(self.store, self.knowing.reload, revision), "follow entries")
        self._side.spawn(self.knowing.run(), "know")
        self._side.spawn(self.sign_in.run(), "sign-in")
        self._side.spawn(self.outward.webhooks.run(), "webhooks")
        self._side.spawn(self.recordings.run(), "finish recordings")
        self._side.spawn(self.records.keeping.run(), "keep records")
        self._side.spawn(self.after_call.run(), "text rules")
        self._side.spawn(self.written.clock.run(), "written contacts")
        self._side.spawn(self.rights.purging.run(), "purge")
        self._side.spawn(self.rights.anchors.run(), "anchor the audit log")
        self._side.spawn(Sampler(self.bridge, self.pools, self.recorder, self.dispatcher).run(), "sample")
        log.info("node.ready", desk=self.desk_url, sip=list(self.sip_addresses), entries=self.assistant.size)

    def _watch_door(self, bridge: SipBridge) -> WatchDoor:
        """Where an engineer on this machine reads along."""
        return WatchDoor(
            self.home.run,
            bridge,
            workers=lambda: {worker.name: worker.address for worker in bridge.workers()},
            calls=lambda: [flow.call.call_id for flow in self.calls.flows],
        )

    async def _start_web(self) -> None:
        config = self.config
        pages = DeskPages(frame_ancestors=self._frame_ancestors)
        self.supervisor_notes = SupervisorNotes(self.bus, self.store.floor)
        await self.supervisor_notes.open()
        hot_desk = HotDesk(self.dispatcher, config.sip, config.agents)
        self.sign_in = SignIn(
            config,
            self.store,
            self.keyring,
            pages,
            self.dispatcher,
            hot_desk,
            public_url=lambda: self.public_url,
            prefill=self._prefill,
        )
        await self.sign_in.open()
        self.auth = auth = self.sign_in.auth
        self.records = records_parts(
            config,
            store=self.store,
            bus=self.bus,
            knowing=self.knowing,
            dispatcher=self.dispatcher,
            person_keys=self.person_keys,
            say=self.lines.say,
            history=lambda contact_id: self.house.history(contact_id, 0),
            names=auth.directory.names,
        )
        self.house = house = House(
            centre=config.web.centre,
            wrap_up_s=config.assist.wrap_up_s,
            bus=self.bus,
            store=self.store,
            dispatcher=self.dispatcher,
            calls=self.calls,
            assistant=self.assistant,
            knowing=self.knowing,
            attachments=Attachments(self.home.attachments),
            auth=auth,
            ars=self.parts.ars,
            callbacks=self.callbacks,
            pictures=self.parts.pictures,
            gateway=self.parts.gateway,
            texts=self.texts,
            written=self.written,
            targets=self.targets,
            hot_desk=hot_desk,
            languages=self.languages,
            supervisor_notes=self.supervisor_notes,
            records=self.records.desk,
            recording=config.recording,
            away_reasons=config.wall.away_reasons,
            entry_address=f"{config.web.public_url}/v/" if config.web.public_url and self.parts.shelf else "",
        )
        self.admin = HouseAdmin(
            centre=config.web.centre,
            own_review=not config.assist.second_reader,
            store=self.store,
            assistant=self.assistant,
            knowing=self.knowing,
            home=self.home,
            who=house.who,
            names=house.names,
        )
        self.statistics = Statistics(config.statistics, self.store, self.person_keys, names=house.names)
        self.reports = Reports(config, self.store, self.statistics)
        self.outward = await self._open.enter_async_context(
            open_outward(
                config,
                self.home,
                self.store,
                self.keyring,
                self.bus,
                self.recordings.shelf,
                flushed=self._flushed,
                history=self._all_told,
                public_url=lambda: self.public_url,
            )
        )
        self.rights_office = await self._open.enter_async_context(
            open_office(self.rights, self.home, self.store, self.person_keys, house.names)
        )
        made = rooms(self, pages, frame_ancestors=self._frame_ancestors)
        self._web = Web(config.web, self.missing, (*made, *self._rooms), notes=self.notes)
        self._open.push_async_callback(self._web.close)
        self._open.push_async_callback(self.bus.close)
        self._open.callback(self.parts.ars.visits.close)  # before the web, so that pages hear that we come back
        await self._web.start()
        self.desk_url = self._web.url

    async def _all_told(self, contact_id: str) -> Sequence[Event]:
        """All that was said of a contact until now, stored or not."""
        await self._flushed()
        return await self.house.history(contact_id, 0)

    @property
    def public_url(self) -> str:
        """How callers' phones reach this node, without a slash at the end."""
        return self.config.web.public_url or self.desk_url.rstrip("/")

    def _listen(self, frames: AsyncIterator[Frame], language: CallLanguage) -> AsyncIterator[Heard]:
        follow = language.follow if language.may_change else None
        return listen(frames, language.pool, self.config.stt, follow=follow)

    async def _flushed(self) -> None:
        await self.recorder.flush(FLUSH_S)

    async def missing(self) -> Mapping[str, str]:
        """What keeps this node from taking calls, by part; empty = ready."""
        missing = dict(self._side.died)
        if self._stopping.is_set():
            missing["node"] = "stopping"
        if not any(worker.alive for worker in self.bridge.workers()):
            missing["sip"] = "no SIP worker is alive: see the log"
        if self._forks is not None and self._forks.fault:
            missing["forks"] = self._forks.fault
        if not self.pools.main.state().workers:
            missing["stt"] = "no decode worker is alive: see the log"
        if not self.parts.messenger.healthy:
            missing["messages"] = "the messenger has died: see the log, restart the node"
        if not self.texts.sending.waiting.healthy:
            missing["texts"] = "the task of waiting texts has died: see the log, restart the node"
        if not self.recorder.healthy:
            missing["store"] = "the database does not answer; events wait in the journal"
        return missing

    def notes(self) -> Mapping[str, str]:
        """What does not keep this node from taking calls, and should be known: languages that nobody hears."""
        deaf = dict.fromkeys(self.pools.silent(), "no decode worker is alive: see the log")
        return {f"language {code}": why for code, why in {**deaf, **self.pools.faults}.items()}

    async def serve_until(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set, then refuse new calls and let the running ones end (``node.grace_s``)."""
        await stop.wait()
        self._stopping.set()
        log.info("node.stopping", calls=len(self.calls))
        await self.bridge.drain()
        if self._forks is not None:
            await self._forks.drain()
        await self.calls.end_all("node_stopped", grace_s=self.config.node.grace_s)

    async def end_now(self) -> None:
        """Somebody is in a hurry: end the running calls without grace."""
        await self.calls.end_all("node_stopped", grace_s=0)

    async def _close(self) -> None:
        self._stopping.set()
        await self._side.end()
        try:
            await self._open.aclose()
        except MinwonError as fault:
            log.error("node.close", why=str(fault))
        finally:
            await self._side.end()  # what the last words of calls have begun
