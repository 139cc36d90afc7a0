"""What a node tells Prometheus. One registry, all metrics in one place, no label with a call or a person in it.

Units are in the names (seconds, total), as https://prometheus.io/docs/practices/naming/ asks. Label values come from
short closed lists of ours (an end reason, a leg, a subscription), never from the network.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from core.version import VERSION

REGISTRY: Final = CollectorRegistry()
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

# The bounds of the promises (0.7 s to the first partial, 0.8 and 1.2 s to the final) are bucket edges.
_SPEECH_BUCKETS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
_SEARCH_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0)
_PHOTO_BUCKETS: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, meaning, labels, registry=REGISTRY)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(name, meaning, labels, registry=REGISTRY)


def _histogram(name: str, meaning: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
    return Histogram(name, meaning, labels, registry=REGISTRY, buckets=buckets)


CALLS_ACTIVE = _gauge("minwon_calls_active", "Calls that run now")
CALLS_WAITING = _gauge("minwon_calls_waiting", "Callers without an agent")
CALLS = _counter("minwon_calls_total", "Calls that ended", "reason")
INVITES = _counter("minwon_invite_total", "INVITEs by what became of them: taken, busy, refused, not_ours", "result")
AGENTS = _gauge("minwon_agents", "Agents by state", "state")

SIP_WORKERS = _gauge("minwon_sip_workers", "SIP workers that are alive")
SIP_CAPACITY = _gauge("minwon_sip_capacity", "Calls that the living SIP workers can carry")
SIP_WORKER_RESTARTS = _counter("minwon_sip_worker_restarts_total", "SIP workers that died and were replaced")
SIP_BAD_MESSAGES = _counter("minwon_sip_bad_messages_total", "SIP messages dropped as malformed")
SIP_REFUSED = _counter(
    "minwon_sip_refused_total",
    "SIP requests turned down: stranger, plain, rate, digest, siprec, hotline, closed, full, srtp",
    "reason",
)
RTP_FRAMES_DROPPED = _counter("minwon_rtp_frames_dropped_total", "20 ms frames dropped by a full queue", "leg")
LEG_MOS = _histogram(
    "minwon_leg_mos",
    "Mean opinion score of legs that ended (E-model, ITU-T G.107), of the worse direction",
    "leg",
    buckets=(1.5, 2.0, 2.6, 3.1, 3.4, 3.6, 3.8, 4.0, 4.2, 4.3, 4.4, 4.5),
)
RTP_LOSS_RATIO = _histogram(
    "minwon_rtp_loss_ratio",
    "Packets of legs that ended which did not come in time",
    "leg",
    buckets=(0.0, 0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2),
)
RTP_JITTER = _histogram(
    "minwon_rtp_jitter_seconds",
    "Interarrival jitter at the end of legs (RFC 3550)",
    "leg",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2),
)
RTP_PACKETS = _counter(
    "minwon_rtp_packets_total", "RTP packets: received, lost, late, reordered, doubled", "leg", "what"
)
SOUND_DROPPED = _counter("minwon_sound_dropped_total", "Events about sound that a stuck call had no room for")
ONE_WAY_AUDIO = _counter("minwon_one_way_audio_total", "Times that nothing came from a leg", "leg")
ALARMS = _counter("minwon_alarms_total", "Alarms raised on calls", "code")

FORK_STREAMS = _gauge("minwon_fork_streams", "Streams of forks that are listened to", "dialect")
FORKS_REFUSED = _counter(
    "minwon_forks_refused_total",
    "Streams of forks not taken, or ended by us: stranger, token, full, flood, stalled, doubled ...",
    "reason",
)
FORK_FRAMES_DROPPED = _counter(
    "minwon_fork_frames_dropped_total", "20 ms frames of forks that were more than time had passed"
)

STT_STREAMS_ACTIVE = _gauge("minwon_stt_streams_active", "Utterances that are decoded now", "language")
STT_LATENCY = _histogram(
    "minwon_stt_latency_seconds",
    "first_partial: speech onset to first words; final: speech end to final",
    "stage",
    buckets=_SPEECH_BUCKETS,
)
STT_WORKERS = _gauge("minwon_stt_workers", "Decode workers that are alive; 0 = no model", "language")
STT_MODEL = _gauge(
    "minwon_stt_model", "1: the speech model in use and the engine that runs it", "language", "engine", "model"
)
STT_MEMORY = _gauge("minwon_stt_memory_bytes", "Resident memory of all decode workers together", "language")
STT_WORKER_RESTARTS = _counter(
    "minwon_stt_worker_restarts_total", "Decode workers that died and were replaced", "language"
)
STT_WORKER_RECYCLES = _counter(
    "minwon_stt_worker_recycles_total", "Decode workers replaced to bound their memory", "language"
)

SUGGESTION_LATENCY = _histogram("minwon_suggestion_latency_seconds", "Final to suggestion", buckets=_SEARCH_BUCKETS)
ASSIST_DROPPED = _counter("minwon_assist_dropped_total", "Utterances that the assistant had no time for")
ASSIST_FAILED = _counter("minwon_assist_failed_total", "Sentences whose help had a fault of ours; the call went on")
RECORDS_KEPT = _counter("minwon_records_kept_total", "Counselling records kept: confirmed, unasked, alone", "state")
LESSONS_DROPPED = _counter("minwon_record_lessons_dropped_total", "Confirmed records that were not learnt from")
SUGGESTIONS = _counter("minwon_suggestions_total", "Card sets shown; empty = taken away", "kind")
CARDS_USED = _counter(
    "minwon_cards_used_total", "What agents did with cards: opened, accepted, dismissed, sent ...", "deed"
)
ALERTS = _counter("minwon_alerts_total", "Alerts raised by what was said", "kind")
GAPS_DROPPED = _counter("minwon_gaps_dropped_total", "Gaps that found no room while the database was away")
RADAR_DROPPED = _gauge(
    "minwon_radar_dropped", "Terms, calls, rates and issues that found no room in the radar since start"
)
RADAR_ISSUES = _gauge("minwon_radar_issues", "Issues that the radar sees now")

DESK_SOCKETS = _gauge("minwon_desk_sockets", "Open WebSockets of desks")
DESK_LAGGED = _counter("minwon_desk_lagged_total", "Desks closed because they were too slow")
WALLS = _gauge("minwon_walls", "Open supervisors' walls and big screens")
WALLS_LAGGED = _counter("minwon_walls_lagged_total", "Walls closed because they were too slow")
SIGN_INS = _counter("minwon_sign_in_total", "Sign-ins by result: ok, wrong, limited", "result")

MESSAGES = _counter(
    "minwon_messages_total", "Text messages that became this; unreported = sent, never confirmed", "state"
)
MESSAGES_PENDING = _gauge("minwon_messages_pending", "Text messages that the gateway does not have yet")
MESSAGES_UNDERWAY = _gauge("minwon_messages_underway", "Text messages whose delivery is asked for")
MESSAGES_REFUSED = _counter("minwon_messages_refused_total", "Text messages that were not taken", "reason")
MESSAGES_RETRIES = _counter("minwon_messages_retries_total", "Times that the message gateway was away or busy")
MESSAGES_UNSAVED = _counter("minwon_messages_unsaved_total", "States of text messages that the store never got")
TEXT_RULES = _counter("minwon_text_rules_total", "Texts of rules after a contact: sent, or why not", "result")
MESSAGES_UNCLAIMED = _counter(
    "minwon_messages_unclaimed_total", "Ends of text messages that a gateway told and nobody waited for any more"
)
MESSAGES_IN_DOUBT = _counter(
    "minwon_messages_in_doubt_total",
    "Text messages of which nobody can tell whether they left: found by a receipt, sent again, or given up",
    "chosen",
)
SMPP_BOUND = _gauge("minwon_smpp_bound", "1 while the message centre has let us in")
SMPP_BINDS = _counter("minwon_smpp_binds_total", "Tries to be let in by the message centre: ok, refused", "result")
SMPP_SUBMITS = _counter(
    "minwon_smpp_submits_total", "Submissions by their answer: taken, throttled, later, refused, lost = none", "answer"
)
SMPP_RECEIPTS = _counter(
    "minwon_smpp_receipts_total",
    "Receipts: known, backlog = of an earlier connection, early = before its answer or never ours, twice, dropped",
    "kind",
)
SMPP_TEXTS = _counter("minwon_smpp_texts_total", "Texts that came in: taken, later, bug, refused, part", "result")
SMPP_ODD = _counter(
    "minwon_smpp_odd_total", "What a message centre should not send: unreadable, answer without request ...", "what"
)
OUTBOX_DROPPED = _counter("minwon_outbox_dropped_total", "Messages dropped by the full outbox")

TEXTS_IN = _counter(
    "minwon_texts_in_total",
    "Texts that came in: kept, again, nothing, or the code of why not: signature, clock, malformed, too_large ...",
    "gateway",
    "result",
)
WRITTEN = _gauge("minwon_written_contacts", "Written contacts that are not closed, by state", "state")
WRITTEN_OVERDUE = _gauge("minwon_written_overdue", "Written contacts that owe an answer for longer than they should")
WRITTEN_LOST = _counter("minwon_written_events_lost_total", "Events of written contacts that could not be kept")

ARS_VISITS = _gauge("minwon_ars_visits", "Visits to the menu that live now")
ARS_PAGES = _gauge("minwon_ars_pages", "Pages that are connected now")
ARS_DRAWN = _histogram(
    "minwon_ars_drawn_seconds",
    "Screen sent until the phone has drawn it: its network and its browser",
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)
ARS_PAGES_LOST = _counter("minwon_ars_pages_lost_total", "Lines to pages that broke, or were too slow")
ARS_INPUTS = _counter("minwon_ars_inputs_total", "What moved visits: Key, Tap, Submit, Push ...", "kind")
ARS_INPUTS_REFUSED = _counter("minwon_ars_inputs_refused_total", "Inputs that came too fast, or after the end")
ARS_MESSAGES_REFUSED = _counter("minwon_ars_messages_refused_total", "Messages of pages that are none", "why")
ARS_CAPTIONS_DROPPED = _counter("minwon_ars_captions_dropped_total", "Caption lines that a slow phone did not get")
ARS_VISITS_REFUSED = _counter("minwon_ars_visits_refused_total", "Visits beyond ars.visits: voice alone")

WEB_CONNECTIONS = _gauge("minwon_web_connections", "Connections to the web port")
WEB_REFUSED = _counter(
    "minwon_web_refused_total",
    "Refused before it was a request: no place in all, for this address, or no HTTP",
    "reason",
)

PHOTOS = _counter("minwon_photos_total", "Photos of callers: kept, or the code of why not", "result")
PHOTOS_BYTES = _gauge("minwon_photos_bytes", "Bytes that kept photos take")
PHOTOS_MISDECLARED = _counter("minwon_photos_misdeclared_total", "Photos whose declared type was not theirs")
PHOTO_SECONDS = _histogram("minwon_photo_seconds", "A worker's time for one photo", buckets=_PHOTO_BUCKETS)
LINK_GUESSES = _counter(
    "minwon_link_guesses_total", "Unknown links and codes that were tried: counted, limited", "result"
)

CALLBACKS_OPEN = _gauge("minwon_callbacks_open", "Callbacks that are booked or being called")
CALLBACKS = _counter("minwon_callbacks_total", "Changes of callbacks by state: calling, done, failed ...", "state")

BUS_DROPPED = _counter("minwon_bus_dropped_total", "Events dropped by a full subscription", "subscription")

STORE_HEALTHY = _gauge("minwon_store_healthy", "1 when the last write to the database succeeded")
STORE_PENDING_EVENTS = _gauge("minwon_store_pending_events", "Events in the journal, not yet in the database")
STORE_EVENTS = _counter("minwon_store_events_total", "Events written to the database")
STORE_FAULTS = _counter("minwon_store_faults_total", "Failed writes to the database; each is retried")
STORE_REFUSED = _counter("minwon_store_refused_total", "Events set aside because no database would take them")
JOURNAL_REFUSED = _counter("minwon_journal_refused_total", "Events that the journal could not keep: disk or limit full")

STATISTICS_COUNTED = _counter("minwon_statistics_counted_total", "Contacts that were counted or counted anew")
STATISTICS_LATE = _counter(
    "minwon_statistics_late_total", "Contacts that changed after their facts were deleted by age: not counted again"
)
STATISTICS_FAULTS = _counter("minwon_statistics_faults_total", "Failed tries to count; each is repeated")
REPORTS_SENT = _counter("minwon_reports_sent_total", "Reports by mail, by what became of a try", "outcome")
STATISTICS_SECONDS = _histogram(
    "minwon_statistics_seconds",
    "Time of counting one batch of contacts",
    buckets=(0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
)

RECORDINGS_RUNNING = _gauge("minwon_recordings_running", "Calls that are recorded now, paused ones among them")
RECORDINGS_WAITING = _gauge("minwon_recordings_waiting", "Spools of calls that are over and could not be finished yet")
RECORDINGS_FAILED = _counter(
    "minwon_recordings_failed_total",
    "Recordings that ended early or could not begin: disk_full, disk_slow, disk_fault, quota, no_key, fault",
    "reason",
)
RECORDINGS_DELETED = _counter("minwon_recordings_deleted_total", "Recordings whose key and file were deleted")
RECORDED_SECONDS = _counter("minwon_recorded_seconds_total", "Seconds of finished recordings")
RECORDINGS_SIZE = _gauge("minwon_recordings_size_bytes", "Bytes of all finished recordings, looked at once a minute")
RECORDING_DISK_FREE = _gauge("minwon_recording_disk_free_bytes", "Bytes that are left on the disk of recordings")
RECORDING_WRITE = _histogram(
    "minwon_recording_write_seconds",
    "Time in which one second of a leg was encrypted and written",
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
)
RECORDING_FINISH = _histogram(
    "minwon_recording_finish_seconds",
    "Time in which a call's recording was silenced, encoded and sealed",
    buckets=(0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
)

WEBHOOKS = _counter("minwon_webhooks_total", "Tries to tell a receiver: delivered, status, time_out ...", "result")
WEBHOOKS_WAITING = _gauge("minwon_webhooks_waiting", "Deliveries that still wait for their receivers")
WEBHOOKS_DROPPED = _counter("minwon_webhooks_dropped_total", "Deliveries that found their receiver's queue full")
REST_REQUESTS = _counter("minwon_rest_requests_total", "Requests to /api/v1/ by answer: 2xx, 4xx, 429, 5xx", "result")

MENU_BROKEN = _gauge("minwon_menu_broken", "1 while the menu file can't be used and the menu before it goes on")
MENU_CHANGES = _counter("minwon_menu_changes_total", "Menu files that came into force while the node ran")
MENU_REFUSED = _counter("minwon_menu_refused_total", "Menu files that could not be used")

NODE_INFO = Info("minwon_node", "This node", registry=REGISTRY)
NODE_INFO.info({"version": VERSION})
ProcessCollector(registry=REGISTRY)  # process_resident_memory_bytes, process_cpu_seconds_total, process_open_fds


def render() -> bytes:
    """All metrics in Prometheus' text format, with :data:`CONTENT_TYPE`."""
    return generate_latest(REGISTRY)
