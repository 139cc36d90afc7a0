"""Statistics by hand: SQL over the JSON of stored events, as somebody would write it who has the definitions of
docs/statistics.md and nothing else of the code. For SQLite; the third opinion of ``minwon bench month``.

Seoul has no summer time, so the local day is nine hours ahead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

Told = dict[str, dict[str, int]]
"""Field to value of what it is counted by ('2026-03-02', a category, '' = all) to number."""

_TARGETS: Final = {"target_ms": 20_000, "written_ms": 600_000, "short_ms": 5_000}

_STEPS: Final = (
    (
        "events of interest",
        """
CREATE TEMP TABLE e AS
SELECT call_id, seq, type, body, CAST(ROUND((julianday(at) - 2440587.5) * 86400000) AS INTEGER) AS ms
FROM events
WHERE type NOT IN ('TranscriptFinal', 'QualityChanged', 'TextReceived')
""",
    ),
    ("their order", "CREATE INDEX temp.e_line ON e (call_id, seq)"),
    (
        "one row per contact",
        """
CREATE TEMP TABLE c AS
SELECT call_id,
  MIN(CASE WHEN type IN ('CallStarted', 'ContactOpened') THEN ms END) AS began,
  MAX(CASE WHEN type = 'CallStarted' THEN json_extract(body, '$.callback_id') <> '' ELSE 0 END) AS callback,
  MAX(CASE WHEN type = 'ContactOpened' THEN json_extract(body, '$.channel') END) AS written,
  MAX(CASE WHEN type = 'CallStarted' THEN json_extract(body, '$.caller.number')
           WHEN type = 'ContactOpened' THEN json_extract(body, '$.party.number') END) AS number,
  MIN(CASE WHEN type IN ('CallQueued', 'AgentOffered', 'ContactOpened') THEN ms END) AS entered,
  MIN(CASE WHEN type = 'CallJoined' AND json_extract(body, '$.agent_id') <> '' THEN ms END) AS joined,
  MAX(CASE WHEN type = 'CallJoined' AND json_extract(body, '$.agent_id') = '' THEN 1 ELSE 0 END) AS by_department,
  MAX(CASE WHEN type IN ('CallEnded', 'ContactClosed') THEN ms END) AS ended,
  MAX(CASE WHEN type IN ('CallEnded', 'ContactClosed') THEN json_extract(body, '$.reason') END) AS reason,
  MAX(CASE WHEN type = 'ContactClosed' THEN json_extract(body, '$.wait_s') END) AS wait_s,
  MAX(type = 'CallbackBooked' AND json_extract(body, '$.state') = 'booked') AS booked,
  MAX(type = 'VisitChanged') AS menu,
  MAX(type = 'VisitChanged' AND json_extract(body, '$.state') IN ('opened', 'back')) AS page,
  COUNT(DISTINCT CASE WHEN type = 'ScreenShown' AND json_extract(body, '$.screen') NOT LIKE '@%'
                      THEN json_extract(body, '$.screen') END) AS screens,
  MAX(type IN ('FormSent', 'PhotoReceived')) AS gave,
  SUM(type = 'AgentMissed') AS missed,
  SUM(CASE WHEN type = 'WrapUpEnded' THEN CAST(ROUND(json_extract(body, '$.wrap_s') * 1000) AS INTEGER) ELSE 0 END)
    AS wrap_ms,
  COUNT(DISTINCT CASE WHEN type = 'TransferChanged' AND json_extract(body, '$.state') = 'done'
                      THEN json_extract(body, '$.transfer_id') END) AS transfers,
  MAX(type = 'Suggested' AND json_array_length(body, '$.suggestions') > 0) AS shown,
  MAX(type = 'CardUsed' AND json_extract(body, '$.deed') IN ('accepted', 'pinned', 'sent')) AS took,
  MAX(type = 'RecordKept') AS kept
FROM e GROUP BY call_id
""",
    ),
    (
        "the last of each kind",
        """
CREATE TEMP TABLE l AS
SELECT call_id, type, body FROM (
  SELECT call_id, type, body, ROW_NUMBER() OVER (PARTITION BY call_id, type ORDER BY seq DESC) AS back
  FROM e WHERE type IN ('RecordKept', 'RecordDrafted', 'RatingGiven')
) WHERE back = 1
""",
    ),
    (
        "the last agent",
        """
CREATE TEMP TABLE a AS
SELECT call_id, agent FROM (
  SELECT call_id, json_extract(body, '$.agent_id') AS agent, ROW_NUMBER() OVER (PARTITION BY call_id ORDER BY seq DESC)
    AS back
  FROM e WHERE type IN ('CallJoined', 'ContactAssigned', 'ContactClosed') AND json_extract(body, '$.agent_id') <> ''
) WHERE back = 1
""",
    ),
    (
        "talk and hold",
        """
CREATE TEMP TABLE t AS
WITH marks AS (
  SELECT call_id, seq, ms, CASE
      WHEN type = 'CallJoined' AND json_extract(body, '$.agent_id') <> '' THEN 'talk'
      WHEN type = 'CallHeld' THEN 'hold'
      WHEN type = 'CallResumed' THEN 'talk'
      ELSE 'stop' END AS what
  FROM e
  WHERE type IN ('CallJoined', 'CallEnded')
     OR (type IN ('CallHeld', 'CallResumed') AND json_extract(body, '$.by') = 'agent')
     OR (type = 'TransferChanged' AND (json_extract(body, '$.state') = 'done'
         OR (json_extract(body, '$.state') = 'ringing' AND json_extract(body, '$.kind') = 'blind')))
), spans AS (
  SELECT call_id, what, LEAD(ms) OVER (PARTITION BY call_id ORDER BY seq) - ms AS length FROM marks
)
SELECT call_id, SUM(CASE WHEN what = 'talk' THEN length ELSE 0 END) AS talk_ms,
  SUM(CASE WHEN what = 'hold' THEN length ELSE 0 END) AS hold_ms, MAX(what = 'hold') AS held
FROM spans GROUP BY call_id
""",
    ),
    (
        "writing",
        """
CREATE TEMP TABLE w AS
SELECT call_id, MIN(CASE WHEN type = 'MessageSent' AND json_extract(body, '$.by') <> '' THEN ms END)
  - MAX(CASE WHEN type = 'ContactAssigned' THEN ms END) AS writing_ms
FROM e WHERE call_id IN (SELECT call_id FROM c WHERE written IS NOT NULL) GROUP BY call_id
""",
    ),
    (
        "texts",
        """
CREATE TEMP TABLE m AS
SELECT call_id, SUM(state IN ('queued', 'sent', 'delivered')) AS texts, SUM(state = 'failed') AS failed FROM (
  SELECT call_id, json_extract(body, '$.state') AS state,
    ROW_NUMBER() OVER (PARTITION BY call_id, json_extract(body, '$.message_id') ORDER BY seq DESC) AS back
  FROM e WHERE type = 'MessageSent'
) WHERE back = 1 GROUP BY call_id
""",
    ),
    (
        "contacts with all that is known",
        """
CREATE TEMP TABLE k AS
SELECT c.call_id, c.number, c.began, c.callback, c.written, c.menu, c.page, c.booked, c.missed, c.transfers,
  date((c.began + 9 * 3600000) / 1000, 'unixepoch') AS day,
  COALESCE(a.agent, '') AS agent,
  CASE WHEN c.written IS NULL THEN c.joined IS NOT NULL ELSE c.wait_s > 0 END AS answered,
  CASE WHEN c.written IS NULL THEN c.joined - c.entered ELSE CAST(ROUND(c.wait_s * 1000) AS INTEGER) END AS wait_ms,
  CASE WHEN c.written IS NULL THEN t.talk_ms ELSE w.writing_ms END AS talk_ms,
  COALESCE(t.hold_ms, 0) AS hold_ms, COALESCE(t.held, 0) AS held, c.wrap_ms,
  c.ended - c.entered AS gone_ms, c.entered IS NOT NULL AS wanted, c.by_department, c.reason,
  c.screens > 1 OR c.gave AS served, c.shown, c.took, c.kept,
  COALESCE(m.texts, 0) AS texts, COALESCE(m.failed, 0) AS texts_failed,
  (SELECT json_extract(body, '$.score') FROM l WHERE l.call_id = c.call_id AND type = 'RatingGiven') AS score,
  COALESCE((SELECT json_extract(body, '$.category') FROM l WHERE l.call_id = c.call_id AND type = 'RecordKept'),
           (SELECT json_extract(body, '$.draft.category') FROM l WHERE l.call_id = c.call_id
             AND type = 'RecordDrafted'), '') AS category
FROM c LEFT JOIN a USING (call_id) LEFT JOIN t USING (call_id) LEFT JOIN w USING (call_id) LEFT JOIN m USING (call_id)
""",
    ),
    ("people", "CREATE INDEX temp.k_person ON k (number, category, began)"),
)
_INDEXES: Final = ("CREATE INDEX temp.l_line ON l (call_id)", "CREATE INDEX temp.m_line ON m (call_id)")

# Each field as it is defined, of one row of k.
FIELDS: Final[dict[str, str]] = {
    "contacts": "NOT callback",
    "offered": "NOT callback AND (answered OR (wanted AND NOT by_department))",
    "answered": "NOT callback AND answered",
    "abandoned": "NOT callback AND NOT answered AND wanted AND NOT booked AND reason = 'caller_hung_up' "
    "AND gone_ms > :short_ms",
    "short_abandoned": "NOT callback AND NOT answered AND wanted AND NOT booked AND reason = 'caller_hung_up' "
    "AND gone_ms <= :short_ms",
    "booked": "NOT callback AND NOT answered AND booked",
    "unserved": "NOT callback AND NOT answered AND wanted AND NOT booked AND NOT by_department "
    "AND reason <> 'caller_hung_up'",
    "level_base": "NOT callback AND (answered OR (wanted AND NOT booked AND NOT by_department "
    "AND NOT (reason = 'caller_hung_up' AND gone_ms <= :short_ms)))",
    "level_in": "NOT callback AND answered "
    "AND wait_ms <= CASE WHEN written IS NULL THEN :target_ms ELSE :written_ms END",
    "waited": "NOT callback AND answered",
    "wait_ms": "CASE WHEN NOT callback AND answered THEN wait_ms ELSE 0 END",
    "abandon_ms": "CASE WHEN NOT callback AND NOT answered AND wanted AND NOT booked AND NOT by_department "
    "AND reason = 'caller_hung_up' AND gone_ms > :short_ms THEN gone_ms ELSE 0 END",
    "callbacks": "booked",
    "menus": "NOT callback AND menu",
    "pages": "NOT callback AND page",
    "contained": "NOT callback AND NOT wanted AND NOT by_department AND served",
    "dropped": "NOT callback AND NOT wanted AND NOT by_department AND NOT served",
    "forwarded": "NOT callback AND NOT answered AND by_department",
    "handled": "answered",
    "talk_ms": "CASE WHEN answered THEN talk_ms ELSE 0 END",
    "hold_ms": "CASE WHEN answered THEN hold_ms ELSE 0 END",
    "wrap_ms": "CASE WHEN answered THEN wrap_ms ELSE 0 END",
    "held": "answered AND held",
    "transfers": "transfers",
    "transferred": "transfers > 0",
    "missed": "missed",
    "texts": "texts",
    "texted": "texts > 0",
    "texts_failed": "texts_failed",
    "suggested": "answered AND shown",
    "used": "answered AND shown AND took",
    "rated": "score IS NOT NULL",
    "rating_sum": "COALESCE(score, 0)",
    "satisfied": "COALESCE(score, 0) >= 4",
    "recorded": "answered AND kept",
    "calls_back": "callback",
    "reached": "callback AND answered",
    "settled": "answered AND number <> '' AND category <> ''",
    "again": "answered AND number <> '' AND category <> '' AND EXISTS (SELECT 1 FROM k AS n WHERE n.number = k.number "
    "AND n.category = k.category AND n.answered AND (n.began, n.call_id) > (k.began, k.call_id) "
    "AND n.began <= k.began + 7 * 86400000)",
}
BY: Final = {"all": "''", "day": "day", "category": "category", "agent": "agent"}
"""What it is counted by."""


def counted(database: Path, tell: Callable[[str], None] = lambda _step: None) -> dict[str, Told]:
    """Everything, by all that ``BY`` names. Takes a minute or two for a month."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        for step, statement in _STEPS:
            tell(f"SQL by hand: {step}")
            connection.execute(statement)
            if step == "texts":
                for index in _INDEXES:
                    connection.execute(index)
        told: dict[str, Told] = {}
        for name, column in BY.items():
            tell(f"SQL by hand: by {name}")
            sums = ", ".join(f"COALESCE(SUM({field}), 0)" for field in FIELDS.values())
            rows = connection.execute(f"SELECT {column}, {sums} FROM k GROUP BY 1", _TARGETS)
            told[name] = {field: {} for field in FIELDS}
            for value, *numbers in rows:
                for field, number in zip(FIELDS, numbers, strict=True):
                    told[name][field][value] = number
        return told
    finally:
        connection.close()
