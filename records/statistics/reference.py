"""docs/statistics.md: what every figure means, written from the figures themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from records.statistics.measures import MEASURES, Group, Measure

_GROUPS: Final[Mapping[Group, str]] = {
    "volume": "인입과 응답 / Volume",
    "reach": "대기 / Reaching an agent",
    "handling": "처리 / Handling",
    "quality": "품질 / Quality",
    "self_service": "보이는 ARS와 콜백 / Visual ARS and callbacks",
    "texts": "문자 / Texts",
    "records": "카드와 기록 / Cards and records",
}
_HEAD: Final = """\
# 통계 / Statistics

Every contact, by telephone, text or chat, is counted by itself, from its events alone: a second after it ended, and
again whenever its line grows (a record, a rating, a delivery). Nobody writes lists. This page says what each figure
means; its tables are written from the code (`python -m records.statistics`).

## How it is kept

- A **fact** is one row per contact (`statistics_facts`): where it belongs (channel, queue, language, department,
  category, district, agent) and what happened, as whole numbers. A contact counts at the local hour in which it began.
- A **cell** is the sum of facts of an hour, a day or a month, of all contacts or of one value of a dimension, or of
  two crossed (`statistics_cells`). So a year of 7.3 million contacts opens by adding some thousand rows.
- Every figure is a sum of fields over a sum of fields. Weeks are made of days, years of months, a department's figure
  of the department's sums. The contacts behind a figure are those that add to its upper or its lower sum.
- Store and counter: the transaction that stores events notes which contacts ended or changed
  (`statistics_due`); the counter takes them from there and changes facts and cells by difference, in one transaction.
  A killed node counts nothing twice and loses nothing; nodes that share a database share the work.
- Crossings with kept cells: department x category, department x district, category x district, department x queue,
  department x language, the channel with everything; agent x category by whole months. Anything else is summed from
  the facts: for one agent over any span, otherwise over 31 days at most (`too_wide` says so). By the hour: all,
  channel, queue, language, department.
- **Checked**: `minwon statistics recompute --check` draws all facts from the stored events anew, adds all cells up from
  the facts anew, and says every difference; without `--check` it mends them. Run it after a change of `[statistics]`.
  `minwon bench month` counts a simulated month three ways (live, recomputed, SQL by hand over the events' JSON).
- Contacts whose events are gone by age keep their facts; days whose facts are gone keep their cells, in which nobody
  is. A contact that changes after its fact is gone is not counted again (`minwon_statistics_late_total`).

## Agents' time

Hours ready, ringing, talking, in wrap-up and away by reason are added up by day as they are lived (`agent_times`, every
15 s; a killed node loses that much at most, and while it is down nobody is staffed). "상담사 시간" in /records and
`GET /records/api/statistics/agent-time` show them: **staffed** = ready + ringing + talking + wrap-up; **signed in** =
staffed + away while signed in; **occupancy** = (talk + hold + wrap-up) / staffed; **utilisation** = the same / signed
in. States are no contact's events, so `recompute` does not touch them. A wrap-up that is open when a node dies ends
with its last known moment (10 s apart) at the next start, and is in the figures.

## Rules

- **Day and hour** are the city's (`statistics.timezone`). An hour that a clock set back brings twice has two buckets
  (`T01`, `T01+`), one that is left out has none: nothing is lost, nothing counted twice.
- **Wanting an agent** begins with the queue, with the first ring of an agent's telephone, or with what was written.
  The wait ends when an agent is there. A clock that was set back takes no time away: no time is below zero.
- **Abandoned**: the caller hung up before an answer, later than `short_abandon_s` (5 s) of waiting. Earlier it is a
  slip, and in no rate. Who leaves the queue for a booked callback has not given up. Nobody there, a fault, the end of
  the day, a text without an answer: **unserved**, which counts against the service level as an abandoned call does.
- **Service level**: of the usual formulas the strict one: answered within `target_s` (20 s; texts and chats
  `written_target_s`, 10 min) over answered + abandoned + unserved. Waits that the exchange keeps to itself (SIPREC,
  forks) are in neither sum.
- **The agent** of a contact is the last who had it. Time is the agent's from joining to passing on or the end; hold is
  hers, the caller's own hold is talk. A blind transfer ends her time at once. A supervisor who takes over is the last
  agent; that is no transfer.
- **Wrap-up** comes as `WrapUpEnded` on the contact's line when the agent leaves wrap-up, with the time she asked for.
- **Category, department, district** are the kept record's; before it is kept the draft's category and the used card's
  department; '' = unknown. A contact counts for its category and for all above it.
- **First-contact resolution**: a handled contact is *not* resolved when the same person (by the keyed hash of the
  number) comes again with the same category within 7 days of its beginning, and an agent has it. Withheld numbers and
  unknown categories are in neither sum. The last 7 days may still change and are shown as provisional.
- **Contained** in the visual ARS: got beyond the first screen, sent a form or a picture, and wanted no agent.
  **Ended at once**: none of it.
- Merged written contacts and spam are no contacts. What needed no answer ("thanks") ended at once.
- **Compared** with last week: seven days earlier. With last year: 364 days earlier, so that Mondays meet Mondays; by
  month and year, the calendar's year before.
- **Rising topics**: categories and words of the last days against the same weekdays of up to eight earlier windows: the
  tail of the negative binomial, counts scaled by how much they really scatter, false ones held at 1 % by
  Benjamini-Hochberg; at least 10 contacts and 1.3 times what was expected. No significance, no news.

## Who sees what

An agent sees figures and contacts of her own. A supervisor sees all, also by agent; where supervisors see their team
alone (`sign_in.supervisors_see`), agents and contacts of her team and what nobody had. Looking at agents, opening the
contacts behind a figure and taking a table away is noted in the audit log. Open data never goes by agent.

## Figures

`÷` is the quotient of the two sums; the fields are columns of `statistics_facts` and described in
`core/store/statistics.py`. Times are kept in milliseconds.
"""
_TAIL: Final = """
## Over HTTP

`GET /records/api/statistics/query?measures=answered,asa&first=2026-11-01&last=2026-11-30&cut=day&by=department`
and the like: [api/openapi.json](api/openapi.json). `statistics/query.csv` is the same as a table, with both sums beside
each figure; `statistics/contacts` opens a figure; `statistics/rising` what rises; `statistics/live` this moment.
"""


def as_markdown(measures: Iterable[Measure] = MEASURES) -> str:
    """The page."""
    lines = [_HEAD]
    known = list(measures)
    for group, title in _GROUPS.items():
        lines += [f"### {title}", "", "| id | | how it is computed | fields | source |", "|---|---|---|---|---|"]
        lines += [_row(measure) for measure in known if measure.group == group]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n" + _TAIL


def _row(measure: Measure) -> str:
    top = _sum(measure.numerator)
    fields = f"{top} ÷ {_sum(measure.denominator)}" if measure.denominator else top
    return (
        f"| `{measure.id}` | {measure.ko}<br>{measure.en} ({measure.unit}) | {measure.formula_ko}<br>"
        f"{measure.formula_en} | {fields} | {measure.source} |"
    )


def _sum(fields: Iterable[str]) -> str:
    words = " + ".join(f"`{name}`" for name in fields).replace("+ `-", "- `")
    return f"({words})" if " " in words else words
