"""The agent's desk over HTTP: one page, one WebSocket, a few JSON answers.

Everything needs a signed-in agent: pages send her to ``/signin?next=...``, the rest answers 401. Whatever changes
something, and the WebSocket, must come from our own page (``Origin``), else 403. Errors are JSON
``{"code", "message"}``: the page says them by ``code`` from its catalogue, else as they are.

=======  ==============================  ===============================================================================
GET      ``/``                           to ``/desk``
GET      ``/desk``                       the page
GET      ``/desk/static/...``            its modules, styles and messages (no sign-in: nothing of ours is in them)
GET      ``/desk/ws?call=&after=``       the WebSocket, see below
POST     ``/desk/api/state``             ``{"state": "ready"|"away"|"wrap_up"}``; 204, or 409 if refused
POST     ``/desk/api/calls/ID/hangup``   204, or 409 if it is not her running call
GET      ``/desk/api/search?q=``         ``{"results": [Suggestion, ...]}``, at most ten
GET      ``/desk/api/entries/ID``        one ``Entry``, or 404
GET      ``/desk/api/calls``             ``{"calls": [CallSummary, ...], "more": bool}``, newest first;
                                         ``?mine=1`` hers alone, ``?number=`` that caller's, ``?before=`` the last
                                         line's ``started`` to page on, ``?limit=`` (50)
GET      ``/desk/api/calls/ID``          ``{"call": CallSummary, "events": [...]}``, or 404
=======  ==============================  ===============================================================================

The WebSocket speaks JSON text frames, server to browser only:

1. ``{"type": "Hello", "agent": {...}, "centre", "wrap_up_s", "now", "state": AgentStateChanged, "queue":
   QueueChanged}``. ``state.busy_call`` is the call on the desk, '' if none.
2. ``{"type": "History", "call_id", "after", "events": [...]}`` if there is a call: its lasting events with seq >
   ``after``. ``after`` is what the browser asked for if it asked for this call, else 0: then it starts afresh.
3. Then events as they happen, one a frame: her own ``AgentStateChanged``, ``QueueChanged``, and every event of the
   call on her desk. When ``busy_call`` changes to another call, a ``History`` of that call follows at once.

Nothing is doubled or missing: the socket subscribes first, then asks for history (which holds all that was published
before), then passes on lasting events only with seq above the highest sent. After a lost connection the browser comes
back with ``?call=`` and ``after=`` its highest lasting seq. Partials are not repeated: the next one carries all words.

Close codes: 1001 the node goes down, 1013 the browser was too slow (come back with the last seq), 4401 the sign-in
is over (sign in again).
"""

from __future__ import annotations

from agent_assist.desk_house import Agent, ChosenState, DeskHouse

__all__ = ["Agent", "ChosenState", "DeskHouse"]
