"""Everything that can happen, in one file: the words that all rooms share.

An event is a frozen struct with a sentence under each field. As JSON it carries ``"type"`` (the class's name),
``"call_id"``, ``"seq"`` and ``"at"``. Events of one call are numbered from 1 without a gap; the number is given by
the call's line (``server/line.py``), so a page that reconnects asks for "everything after 17".
``LASTING`` events are kept in the store; the others are true only for the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import msgspec

from core.written import WrittenState

Speaker = Literal["caller", "agent", "third"]
"""Whose voice: the citizen, the agent, or a third party whom the agent has called in (a department)."""
AgentState = Literal["away", "ready", "offered", "talking", "wrap_up"]
LanguageBy = Literal["line", "menu", "agent"]
KeyMethod = Literal["rfc4733", "info", "inband"]
EndReason = Literal[
    "caller_hung_up",
    "agent_hung_up",
    "desk_hung_up",
    "menu_ended",
    "no_agent",
    "no_media",
    "worker_lost",
    "node_stopped",
    "handed_on",
    "source_ended",
    "failed",
]
"""'handed_on': the exchange has taken the call over (REFER); 'source_ended': a recording session or fork broke off."""
CallWay = Literal["bridge", "recording", "fork"]
TransferKind = Literal["blind", "consult"]
TransferState = Literal["ringing", "talking", "conference", "done", "returned", "cancelled", "failed"]
SupervisionMode = Literal["listen", "whisper", "barge"]
Grade = Literal["good", "fair", "poor", "none"]
SoundCause = Literal["loss", "jitter", "delay", "drift", "one_way", "silent", "clipping", "echo", "far_loss"]
AlarmCode = Literal["no_audio", "no_words", "audio_dropped", "not_saved", "worker_lost", "not_recorded"]
MissReason = Literal["no_answer", "busy", "refused", "unreachable"]
VisitState = Literal["begun", "opened", "lost", "back", "ended"]
VisitWay = Literal["call", "sms", "code", "web"]
ScreenCause = Literal["start", "touch", "key", "agent", "time", "call"]
MessageState = Literal["queued", "sent", "delivered", "failed"]
TextState = MessageState | Literal["waiting", "withdrawn"]
TextPurpose = Literal["", "rating"]
"""What a text of ours asks for: '' = nothing; 'rating' = a number from 1 to 5, which is taken as a rating."""
"""What people see of a text, which may wait before it is queued, and be taken back then."""
CallbackState = Literal["booked", "calling", "done", "failed", "cancelled"]
CardReason = Literal["words", "keyword", "context", "learnt", "rule", "alert"]
CardDeed = Literal["opened", "accepted", "dismissed", "pinned", "unpinned", "sent"]
ValueKind = Literal["phone", "date", "time", "money", "count", "address", "plate", "department"]
AlertKind = Literal["abuse", "threat", "sexual", "self_harm", "emergency"]
AlertState = Literal["raised", "handling", "dismissed", "closed"]
ReminderState = Literal["due", "met", "dismissed"]
IssueState = Literal["rising", "seen", "over"]
Channel = Literal["call", "text", "chat", "web"]
"""How a contact came: by telephone, by text or picture message, by chat, by the menu's page alone."""
AssignReason = Literal["", "taken", "handed", "not_answered", "left", "given_back"]
CloseReason = Literal["answered", "no_answer_needed", "timed_out", "merged", "spam"]
WrittenBy = Literal["them", "agent", "house"]
RecordingState = Literal["started", "paused", "resumed", "stopped", "kept", "failed"]
RatingWay = Literal["menu", "text", "agent"]


def now() -> datetime:
    """The present moment, with its zone; the only clock that events are stamped with."""
    return datetime.now(UTC)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, as far as the exchange tells (RFC 3261 From, RFC 3325 P-Asserted-Identity, RFC 3323 privacy)."""

    number: str = ""
    """Digits as they came, '' when withheld."""
    name: str = ""
    """Display name sent by the exchange, '' if none."""
    anonymous: bool = False
    """The caller asked for privacy: show no number, call nobody back."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One recognised word with its place in audio time."""

    text: str
    """The word as recognised, before numerals and spacing were tidied."""
    start: float
    """Seconds since the call began."""
    end: float
    """Seconds since the call began."""
    confidence: float
    """0..1, as the engine claims it."""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """One knowledge-base card as offered on the desk."""

    id: str
    """The entry's id in the consultation database."""
    title: str
    """What the entry is about."""
    score: float
    """0..1; how sure the assistant is. Never below the bar."""
    words: tuple[str, ...] = ()
    """The caller's words that brought the card: the reason shown under its title."""
    category: str = ""
    """Path in the category tree, '>' between levels."""
    department: str = ""
    """The department that answers for it."""
    person: str = ""
    """Person in charge."""
    deputy: str = ""
    """Who answers when that person is absent."""
    phone: str = ""
    """The telephone number to give to the caller."""
    absent: bool = False
    """The person in charge is absent today: the deputy answers."""
    version: int = 0
    """Which version of the entry; 0 = it has none."""
    why: CardReason = "words"
    """What spoke most for it: words, a keyword of its own, what was said before, what agents taught, a rule, an
    alert."""
    tentative: bool = False
    """Brought by an utterance that is not over: its final confirms the card or takes it back."""


class HeardValue(msgspec.Struct, frozen=True, kw_only=True):
    """Something said that fits into a field of a form."""

    kind: ValueKind
    """What it is."""
    value: str
    """As it is written: '010-1234-5678', '2026-11-26', '14:30', '30000', '12가 3456'."""
    spoken: str
    """As it was said."""
    start: int
    """Place in the utterance's text, characters."""
    end: int
    """Place in the utterance's text, characters."""


class RecordDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a counselling record of the call would say, before anybody has looked at it."""

    category: str = ""
    """Path in the category tree, '>' between levels; '' = nobody can say."""
    sure: float = 0.0
    """0..1, how sure the category is."""
    others: tuple[tuple[str, float], ...] = ()
    """What else the category may be, each with how sure, the surest first."""
    department: str = ""
    """Of the most used entry, '' = none was used or shown."""
    need: str = ""
    """What the caller wanted, in the caller's own sentences."""
    answer: str = ""
    """What was answered, in the agent's own sentences."""
    cards: tuple[str, ...] = ()
    """Ids of the entries that were used, the most used first."""
    values: tuple[HeardValue, ...] = ()
    """What was said that fits into fields."""
    follow_ups: tuple[str, ...] = ()
    """What was promised: a sentence each."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """What all events have. Never published itself."""

    LASTING: ClassVar[bool] = True

    call_id: str = ""
    """The call it belongs to; '' for events of the whole house (agents, queue)."""
    seq: int = 0
    """Number within the call, from 1; 0 for events of the whole house."""
    at: datetime = msgspec.field(default_factory=now)
    """When it happened."""


class CallStarted(Event, frozen=True, kw_only=True):
    """An INVITE was taken on; the caller hears us or ringing. Said again, with the same ``at``, where the source of a
    call that we only listen to tells later who calls."""

    caller: Party = Party()
    """Who calls."""
    called: str = ""
    """The number that was dialled."""
    trunk: str = ""
    """Which SIP worker and peer it came by, for the engineer."""
    way: CallWay = "bridge"
    """'bridge' = both legs pass through us; 'recording' = SIPREC, 'fork' = a stream: we only listen."""
    callback_id: str = ""
    """The booking for which we call this citizen; '' = the citizen called us."""


class CallQueued(Event, frozen=True, kw_only=True):
    """No agent is free: the caller waits and hears a prompt. Said again whenever the place has changed."""

    position: int
    """1 = next."""
    expect_s: float = 0.0
    """How long it will take, as far as the last calls tell; 0 = nobody can say."""
    queue: str = ""
    """Agents who serve it, '' = all."""


class AgentOffered(Event, frozen=True, kw_only=True):
    """An agent's phone rings for this call."""

    agent_id: str
    """Whose phone."""
    agent_name: str = ""
    """Her name, as callers may hear it."""
    extension: str = ""
    """Her extension."""
    queue: str = ""
    """The queue in which the caller waited for her, '' = that of all."""


class AgentMissed(Event, frozen=True, kw_only=True):
    """The agent's phone was not answered; the next agent is tried."""

    agent_id: str
    """Whose phone."""
    reason: MissReason
    """Why."""


class CallJoined(Event, frozen=True, kw_only=True):
    """Caller and agent hear each other."""

    agent_id: str
    """Who answered."""
    agent_name: str = ""
    """Her name."""
    extension: str = ""
    """Her extension."""


class CallAdopted(Event, frozen=True, kw_only=True):
    """A restarted node took up a call that had gone on without it; words said meanwhile are missing."""

    missing_s: float
    """Seconds for which nobody listened."""


class CallHeld(Event, frozen=True, kw_only=True):
    """One side put the other on hold (RFC 3264 sendonly or inactive)."""

    by: Speaker
    """Who holds."""


class CallResumed(Event, frozen=True, kw_only=True):
    """The hold is over."""

    by: Speaker
    """Who had held."""


class TransferChanged(Event, frozen=True, kw_only=True):
    """The agent passes the caller on, or has called somebody in. Said again with the same id when its state changes."""

    transfer_id: str
    """The transfer's id within the call: 'transfer-1'."""
    kind: TransferKind
    """'blind' = at once; 'consult' = she speaks with the other first, while the caller hears music."""
    state: TransferState
    """'ringing', 'talking' (agent and third, the caller on hold), 'conference' (all three), 'done' (the caller is with
    the third), 'returned' (nobody answered: the caller is back with the agent), 'cancelled' (the agent took the
    caller back), 'failed' (the caller is with nobody)."""
    to: str
    """The number that was called."""
    name: str = ""
    """Whose it is: a department, a colleague; '' = unknown."""
    by: str = ""
    """The agent."""
    reason: str = ""
    """Why: a ``MissReason`` when nobody answered; 'third_left' when the third hung up, 'taken_back' when the agent
    wanted the caller back, 'caller_left'; '' else."""


class SupervisionChanged(Event, frozen=True, kw_only=True):
    """A supervisor's phone joined the call, changed what it does, or left."""

    supervisor_id: str
    """Who."""
    mode: SupervisionMode | None
    """'listen' hears both, 'whisper' is heard by the agent alone, 'barge' by both; None = left."""
    took_over: bool = False
    """She has left her place as a supervisor because the call is hers now: ``CallJoined`` with her follows."""
    reason: str = ""
    """Why she took it over, in her own words."""


class QualityChanged(Event, frozen=True, kw_only=True):
    """How one leg sounds, said when its grade or the causes change, and once more at the end of the leg."""

    speaker: Speaker
    """Whose leg."""
    grade: Grade
    """'good' (MOS >= 3.8), 'fair' (>= 3.1), 'poor'; 'none' = nothing comes."""
    mos: float = 0.0
    """Mean opinion score that the E-model expects (ITU-T G.107), 1..4.5; 0 = cannot be told."""
    loss: float = 0.0
    """Share of packets that did not come in time, 0..1."""
    jitter_ms: float = 0.0
    """Interarrival jitter (RFC 3550)."""
    delay_ms: float = 0.0
    """Round trip to the party's phone or gateway by RTCP; 0 = unknown."""
    causes: tuple[SoundCause, ...] = ()
    """What is wrong, the worst first."""
    final: bool = False
    """The leg is over: these are the figures of its whole life."""


class LanguageChanged(Event, frozen=True, kw_only=True):
    """In what language this call is heard from now on."""

    language: str
    """BCP 47: 'ko', 'en'."""
    heard: bool
    """Whether there is a model of that language; without one the call goes on, and nothing is transcribed."""
    by: LanguageBy
    """What decided: the number called, the menu, the agent."""
    model: str = ""
    """Name of the speech model; '' = none."""


class KeyPressed(Event, frozen=True, kw_only=True):
    """A key of the telephone (RFC 4733 event, or SIP INFO). Never stored: thirteen of them may be a resident number."""

    LASTING: ClassVar[bool] = False

    speaker: Speaker
    """Whose phone."""
    digit: str
    """0-9 * # A-D."""
    method: KeyMethod
    """How it came."""


class AlarmRaised(Event, frozen=True, kw_only=True):
    """Something is wrong with this call; the desk shows one line and what to do."""

    code: AlarmCode
    """What, for the message catalogue."""
    speaker: Speaker | None = None
    """Which leg, if one."""


class AlarmCleared(Event, frozen=True, kw_only=True):
    """That trouble is over."""

    code: AlarmCode
    """What."""
    speaker: Speaker | None = None
    """Which leg, if one."""


class TranscriptPartial(Event, frozen=True, kw_only=True):
    """Words of an utterance that is not over: may change, is never stored. Empty text takes the line back."""

    LASTING: ClassVar[bool] = False

    speaker: Speaker
    """Who speaks."""
    utterance: str
    """The utterance's id within the call, the same in its final: 'caller-3'."""
    start: float
    """Seconds since the call began."""
    text: str
    """All words so far."""
    aside: bool = False
    """Said while the caller was on hold: agent and third among themselves."""
    language: str = ""
    """As in its final."""


class TranscriptFinal(Event, frozen=True, kw_only=True):
    """An utterance as it will stand: personal numbers masked, numerals as digits.

    Said again with the same ``utterance`` when the call has turned to another language just behind it and that
    language's model heard it better: the last one counts and takes the place of the one before (:func:`standing`).
    """

    speaker: Speaker
    """Who spoke."""
    utterance: str
    """The utterance's id within the call."""
    start: float
    """Seconds since the call began."""
    end: float
    """Seconds since the call began."""
    text: str
    """What was said."""
    words: tuple[Word, ...] = ()
    """Word by word; masked words are left out."""
    confidence: float = 0.0
    """Mean of the words', 0..1."""
    silenced: tuple[tuple[float, float], ...] = ()
    """Where the masked words were said, seconds since the call began: a recording is silent there."""
    masked: tuple[str, ...] = ()
    """Kinds of personal numbers taken out: 'resident_number', 'driving_licence', 'passport', 'card', 'account'."""
    typed: bool = False
    """Written by the caller on her phone's page (captioned call), not spoken: 'typed-3'."""
    aside: bool = False
    """Said while the caller was on hold, who has not heard it: agent and third among themselves."""
    language: str = ""
    """BCP 47, of the model that heard it; '' = it was typed, or the model does not say."""


class Suggested(Event, frozen=True, kw_only=True):
    """The cards that now belong on the desk, at most three, best first. Replaces the set before."""

    suggestions: tuple[Suggestion, ...]
    """The cards."""
    utterance: str = ""
    """The utterance that brought them."""


class VisitChanged(Event, frozen=True, kw_only=True):
    """The caller's visit to the menu: it began, a page opened, was lost, came back, the visit is over."""

    visit_id: str
    """Which visit; a call has at most one."""
    state: VisitState
    """What became of it."""
    way: VisitWay = "call"
    """How the page got here: 'call' = voice alone so far, 'sms' = a link, 'code' = keyed in, 'web' = address or QR."""
    menu: str = ""
    """The menu's id and version: 'hanbit@3f2a91c04b7d'."""
    language: str = "ko"
    """What the caller reads and hears."""


class ScreenShown(Event, frozen=True, kw_only=True):
    """The caller is on another screen of the menu, on the page and in the voice alike."""

    visit_id: str
    """Which visit."""
    screen: str
    """The screen's id in the menu; those of ours begin with '@'."""
    title: str
    """Its title in Korean, for the desk."""
    path: tuple[str, ...] = ()
    """Titles of the screens that lead there, the first screen first, without this one."""
    cause: ScreenCause = "start"
    """What moved the caller."""


class FormValue(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form that was sent."""

    field: str
    """The field's id in the menu."""
    label: str
    """Its label in Korean."""
    value: str
    """What the caller gave; of a secret field always ''."""
    hidden: bool = False
    """Something was given in a secret field."""


class FormSent(Event, frozen=True, kw_only=True):
    """The caller filled in a form, by hand or by keys."""

    visit_id: str
    """Which visit."""
    screen: str
    """The form's screen."""
    title: str
    """Its title in Korean."""
    values: tuple[FormValue, ...] = ()
    """The fields in the form's order; secret ones without their value."""


class PhotoReceived(Event, frozen=True, kw_only=True):
    """The caller sent a picture. The file lies in the home folder, made anew without any hidden data."""

    visit_id: str
    """Which visit."""
    photo_id: str
    """Under which the desk asks for it."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    size: int
    """Bytes of the file as kept."""
    latitude: float | None = None
    """Where it was taken (WGS 84), only if the caller consented."""
    longitude: float | None = None
    """Where it was taken (WGS 84), only if the caller consented."""


class MessageSent(Event, frozen=True, kw_only=True):
    """A text message on its way to the caller. Said again with the same id when its state changes."""

    message_id: str
    """The message's own id."""
    to: str
    """The caller's number."""
    text: str
    """What it says; a visit's link is shown as '(link)', for links are secrets."""
    kind: Literal["sms", "lms"] = "sms"
    """By length: up to 90 bytes, or up to 2000."""
    state: TextState = "queued"
    """How far it is. 'waiting' = not handed over yet, 'withdrawn' = taken back in time: nobody got it."""
    reason: str = ""
    """Why it failed; of a waiting one what it waits for: 'undo', 'quiet' (night)."""
    by: str = ""
    """Which agent sent it; 'rule:<id>' = a rule did after the contact; '' = the menu."""
    sender: str = ""
    """From which of our numbers, '' = the usual one."""
    entry_id: str = ""
    """Which entry of the consultation database it carries, '' = none."""
    due: datetime | None = None
    """Of a waiting one: when it is handed over."""
    purpose: TextPurpose = ""
    """What it asks for."""


class NumberAsked(Event, frozen=True, kw_only=True):
    """A caller is asked for a mobile number that texts can reach. Never stored: until it is confirmed it may be
    anybody's; then the text that goes there tells it."""

    LASTING: ClassVar[bool] = False

    state: Literal["idle", "asking", "heard", "confirmed"]
    """'heard' = a number is there and was read back; 'idle' = nobody asks any more."""
    number: str = ""
    """Of 'heard' and 'confirmed': the number."""
    keyed: int = 0
    """Digits keyed so far."""
    given_up: bool = False
    """Three times it was no mobile number."""


class ContactOpened(Event, frozen=True, kw_only=True):
    """A contact without a call began: somebody wrote to us. Its line is numbered as a call's; ``call_id`` is its id."""

    channel: Channel
    """How it came."""
    party: Party = Party()
    """Who wrote."""
    to: str = ""
    """The number of ours that was written to."""
    language: str = "ko"
    """What the person writes, as far as known."""
    queue: str = ""
    """Agents who serve it, '' = all."""
    reply_to: str = ""
    """The contact whose text of ours this answers: a call, or an earlier written one; '' = it came by itself."""


class ContactAssigned(Event, frozen=True, kw_only=True):
    """An agent has a written contact now, or nobody has it any more (it waits again)."""

    agent_id: str
    """Who, '' = nobody."""
    agent_name: str = ""
    """Her name."""
    by: str = ""
    """Who gave it to her: '' = the distribution, her own id = she took it, a supervisor's id."""
    reason: AssignReason = ""
    """Why: '' = her turn; 'taken', 'handed' (by a colleague); nobody has it: 'not_answered' in time, 'left' = she is
    away, 'given_back' = she wished so."""


class TextReceived(Event, frozen=True, kw_only=True):
    """Somebody wrote to us: a text, pictures, or both. Personal numbers are masked."""

    text_id: str
    """Our own id."""
    text: str = ""
    """What was written."""
    photos: tuple[str, ...] = ()
    """Ids of the pictures, made anew without hidden data."""
    refused: tuple[str, ...] = ()
    """Why a picture was not taken, a code each: ``core.pictures`` ('photo_too_large', 'photo_broken' ...) and
    'photo_too_many'."""


class ContactClosed(Event, frozen=True, kw_only=True):
    """A written contact is over. A later message opens a new one."""

    reason: CloseReason
    """Why."""
    agent_id: str = ""
    """Who closed it, '' = the clock."""
    wait_s: float = 0.0
    """From the first message to the first answer of a person; 0 = there was none."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A written contact as it stands now: drawn from its line, kept by the store, shown on desks."""

    contact_id: str
    """Its id: ``Event.call_id`` of its line."""
    channel: Channel
    """How it came."""
    party: Party = Party()
    """Who writes."""
    to: str = ""
    """The number of ours that was written to."""
    language: str = "ko"
    """What the person writes, as far as known."""
    queue: str = ""
    """Agents who serve it, '' = all."""
    reply_to: str = ""
    """The contact whose text of ours it answers, '' = none."""
    opened: datetime
    """When it began."""
    state: WrittenState = "waiting"
    """How far it is (``core.written``)."""
    since: datetime
    """Since when it is so."""
    agent_id: str = ""
    """Who has it; of a closed one, who had it last."""
    agent_name: str = ""
    """Her name."""
    owed_since: datetime | None = None
    """The first message that is not answered yet; None = nothing is owed."""
    first_answer: datetime | None = None
    """When a person answered first."""
    texts: int = 0
    """Messages of the person."""
    photos: int = 0
    """Pictures among them that were taken."""
    last_text: str = ""
    """The newest words, whoever wrote them, cut; '' = pictures alone."""
    last_by: WrittenBy = "them"
    """Whose they are: the person's, an agent's, ours without an agent."""
    last_at: datetime
    """When."""
    last_text_seq: int = 0
    """Number of the person's newest message: a desk knows by it what she has read."""
    topic: str = ""
    """Title of the best card shown last."""
    closed: CloseReason | None = None
    """Why it is over, None = it is not."""
    undelivered: bool = False
    """An answer did not arrive, and nobody has answered since."""
    last_seq: int = 0
    """Highest stored number of its line."""


class WrittenChanged(Event, frozen=True, kw_only=True):
    """A written contact has got on: for desks and the wall. The newest one counts."""

    LASTING: ClassVar[bool] = False

    written: Written
    """As it stands now."""
    overdue_at: datetime | None = None
    """When an answer is overdue; only time at which agents answer counts. None = nothing is owed."""
    alert_at: datetime | None = None
    """When it becomes an alert to supervisors."""
    hidden: bool = False
    """Words, number and name are left out: they are not for this desk."""


class RecordKept(Event, frozen=True, kw_only=True):
    """The counselling record of this contact was confirmed, or changed afterwards."""

    version: int
    """From 1: how often it was kept."""
    by: str
    """Who."""
    category: str = ""
    """Path in the category tree."""
    department: str = ""
    """Which department it concerns."""
    result: str = ""
    """The disposition's code."""
    district: str = ""
    """Part of the city that it concerns, '' = none or unknown."""
    unasked: bool = False
    """The clock kept the draft as it was: nobody had confirmed it within the wrap-up."""


class RecordsToConfirm(Event, frozen=True, kw_only=True):
    """How many records an agent has to confirm has changed: told to her desk alone."""

    LASTING: ClassVar[bool] = False

    agent_id: str
    """Whose list it is."""
    count: int
    """So many wait on it now."""


class WrapUpEnded(Event, frozen=True, kw_only=True):
    """The agent is done with what this contact left to write: she is ready again, has gone, or has another."""

    agent_id: str
    """Who."""
    wrap_s: float
    """From the end of the talk until now, with the time that she asked for."""


class RecordingChanged(Event, frozen=True, kw_only=True):
    """The call's recording has got on."""

    state: RecordingState
    """'kept' = the file is finished and encrypted; 'failed' = it broke off, what was recorded until then is kept."""
    reason: str = ""
    """Why: 'rule', 'consent', 'agent', 'disk_full', 'disk_slow', 'no_key'; '' = the call is over."""
    by: str = ""
    """Who, '' = a rule."""
    recording_id: str = ""
    """Under which it is found."""


class RatingGiven(Event, frozen=True, kw_only=True):
    """The person said how satisfied she was."""

    score: int
    """1 (not at all) .. 5 (very)."""
    way: RatingWay
    """How it was asked."""


class NoteSent(Event, frozen=True, kw_only=True):
    """A supervisor wrote to an agent: shown on her desk, never to the caller. Said again with the same id when she has
    seen it. Of no call: ``call_id`` is ''."""

    LASTING: ClassVar[bool] = False

    note_id: str
    """The note's own id; one to many has one for each."""
    agent_id: str
    """To whom."""
    by: str
    """Who wrote."""
    by_name: str = ""
    """Her name."""
    text: str = ""
    """What."""
    seen: bool = False
    """She has pressed 'seen'."""


class CallbackBooked(Event, frozen=True, kw_only=True):
    """The caller hung up, or may, and is called when the turn comes. Said again when its state changes."""

    callback_id: str
    """The booking's own id."""
    number: str
    """Whom to call."""
    position: int = 0
    """The place that is kept, 1 = next."""
    state: CallbackState = "booked"
    """How far it is."""


class ValuesHeard(Event, frozen=True, kw_only=True):
    """An utterance held values that a form may want: shown as chips. Personal numbers are never among them."""

    speaker: Speaker
    """Who said them."""
    utterance: str
    """The utterance's id within the call."""
    values: tuple[HeardValue, ...]
    """In the order in which they were said."""


class CardUsed(Event, frozen=True, kw_only=True):
    """The agent did something with a card: the ranking learns from it, statistics count it."""

    entry_id: str
    """Which entry."""
    deed: CardDeed
    """What."""
    version: int = 0
    """Which version of it."""
    utterance: str = ""
    """The utterance that had brought the card, '' if she found it herself."""
    agent_id: str = ""
    """Who."""


class AlertChanged(Event, frozen=True, kw_only=True):
    """Abusive, threatening or sexual language, self-harm or an emergency was heard; or an alert has got on.
    Said again with the same id when its state changes."""

    alert_id: str
    """The alert's id within the call: 'alert-1'."""
    kind: AlertKind
    """What was heard."""
    speaker: Speaker = "caller"
    """Who said it."""
    utterance: str = ""
    """The utterance that is the evidence."""
    start: float = 0.0
    """Of the evidence, seconds since the call began."""
    end: float = 0.0
    """Of the evidence, seconds since the call began."""
    words: tuple[str, ...] = ()
    """The words that were found, as said."""
    state: AlertState = "raised"
    """How far it is."""
    steps: tuple[str, ...] = ()
    """Steps of the legal procedure that were taken, in order: 'warned', 'warned_again', 'time_notice', 'ended'."""
    by: str = ""
    """Agent who did the last thing; '' = nobody yet."""
    reason: str = ""
    """Why it was dismissed or the call was ended."""


class ReminderChanged(Event, frozen=True, kw_only=True):
    """Something that should have been said was not said in time ('said / not said within N seconds'), or now was."""

    rule_id: str
    """Which rule."""
    text: str
    """What the agent is reminded of."""
    state: ReminderState = "due"
    """How far it is."""


class RecordDrafted(Event, frozen=True, kw_only=True):
    """After the talk: a draft of the record of this call. A later one replaces it."""

    draft: RecordDraft
    """The draft."""


class IssueChanged(Event, frozen=True, kw_only=True):
    """The issue radar sees something that many callers speak of at once. Said again when it changes."""

    LASTING: ClassVar[bool] = False

    issue_id: str
    """The issue's own id."""
    terms: tuple[str, ...]
    """The words that burst, the strongest first."""
    district: str = ""
    """Where, '' = all over the city or unknown."""
    calls: int = 0
    """Calls within the window that spoke of it."""
    usual: float = 0.0
    """How many it would be at this hour of this weekday."""
    since: datetime
    """When the first of these calls spoke of it."""
    quotes: tuple[str, ...] = ()
    """What callers said, personal numbers masked; at most three."""
    entry_id: str = ""
    """The entry that answers it, '' = none does."""
    entry_title: str = ""
    """Its title."""
    state: IssueState = "rising"
    """How far it is: a supervisor has seen it, or it is over."""
    by: str = ""
    """Who has seen it."""


class CallEnded(Event, frozen=True, kw_only=True):
    """The call is over. Only what its visit still brings may follow: a form sent late, a message's delivery."""

    reason: EndReason
    """Why it ended."""
    duration_s: float = 0.0
    """From CallStarted to now."""
    talk_s: float = 0.0
    """From the first CallJoined to now, 0 if never joined."""
    sip_status: int = 0
    """Status that we or the peer ended with, 0 if none."""


class AgentStateChanged(Event, frozen=True, kw_only=True):
    """An agent became ready, away, busy."""

    agent_id: str
    """Who."""
    state: AgentState
    """What she is now."""
    since: datetime
    """Since when."""
    busy_call: str = ""
    """The call that she is offered, talks in or wraps up; '' if none."""
    reason: str = ""
    """Why. When she did not choose it herself: 'no_answer', 'unreachable', 'extension_taken', 'supervising'; of 'away'
    one of ``wall.away_reasons``, or a supervisor's own words; in wrap-up 'passing_on' while the caller whom she passed
    on may still come back to her, 'taken_over' when a supervisor has her call."""
    extension: str = ""
    """The telephone at which she sits now."""
    by: str = ""
    """The supervisor who chose it for her, or took her call over; '' = herself, a call or the clock."""
    leaving: str = ""
    """Why she is away once her call and its wrap-up are over; '' = she will be ready."""
    leaving_by: str = ""
    """The supervisor who has chosen that, '' = nobody."""


class QueueChanged(Event, frozen=True, kw_only=True):
    """How many callers wait."""

    LASTING: ClassVar[bool] = False

    waiting: int
    """Callers without an agent."""
    longest_since: datetime | None = None
    """When the first of them began to wait."""
    expect_s: float = 0.0
    """How long one who called now would wait, as far as the last calls tell; 0 = nobody can say."""


AnyEvent = (
    CallStarted
    | CallQueued
    | AgentOffered
    | AgentMissed
    | CallJoined
    | CallAdopted
    | CallHeld
    | CallResumed
    | TransferChanged
    | SupervisionChanged
    | LanguageChanged
    | QualityChanged
    | KeyPressed
    | AlarmRaised
    | AlarmCleared
    | TranscriptPartial
    | TranscriptFinal
    | Suggested
    | VisitChanged
    | ScreenShown
    | FormSent
    | PhotoReceived
    | MessageSent
    | NumberAsked
    | CallbackBooked
    | ContactOpened
    | ContactAssigned
    | TextReceived
    | ContactClosed
    | WrittenChanged
    | RecordKept
    | RecordsToConfirm
    | WrapUpEnded
    | RecordingChanged
    | RatingGiven
    | NoteSent
    | ValuesHeard
    | CardUsed
    | AlertChanged
    | ReminderChanged
    | RecordDrafted
    | IssueChanged
    | CallEnded
    | AgentStateChanged
    | QueueChanged
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def to_json(event: Event) -> bytes:
    """One line of JSON, ``type`` first."""
    return _encoder.encode(event)


def from_json(line: bytes | str) -> AnyEvent:
    """Read what :func:`to_json` wrote. Raises ``msgspec.ValidationError`` for anything else."""
    return _decoder.decode(line)


def renumbered(event: Event, *, call_id: str, seq: int) -> Event:
    """The same event on a call's line."""
    return msgspec.structs.replace(event, call_id=call_id, seq=seq)


def standing(events: Iterable[Event]) -> list[Event]:
    """The events with each utterance once: a final that was said again stands, as it was said last, where it was said
    first. So the order of speech is kept, and numbers may go back."""
    known = list(events)
    newest = {event.utterance: event for event in known if isinstance(event, TranscriptFinal)}
    return [
        newest.pop(event.utterance) if isinstance(event, TranscriptFinal) else event
        for event in known
        if not isinstance(event, TranscriptFinal) or event.utterance in newest
    ]


def as_dicts(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Plain dictionaries, for web answers that embed events."""
    return [msgspec.to_builtins(event) for event in events]
