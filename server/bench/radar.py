"""Bench ``radar``: simulated days with incidents: how many the issue radar finds, how soon, how often it cries wolf.

Every figure stands beside the floor's in the same run: an alert whenever a word reaches N calls in ten minutes.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from agent_assist.radar.radar import Radar
from agent_assist.radar.settings import RadarSettings
from server.bench.city_day import City, Incident, SpokenCall, district_names
from server.bench.figures import Figure, Report, percentile
from server.bench.stage import Stage

CALLS: Final = 20_000
WEEKS: Final = 3
"""Same weekdays before, from which the radar learns what is usual."""
SEEDS: Final = (1, 2, 3, 4, 5)
"""Days that are judged."""
ONSET: Final = 8
"""An incident counts, and has begun, when it has made so many calls in ten minutes."""
WINDOW: Final = timedelta(minutes=10)
TICK: Final = timedelta(seconds=5)
RECALL: Final = 0.9
PRECISION: Final = 0.8
DELAY_S: Final = 60.0
FLOORS: Final = (8, 30)
_DAY: Final = date(2026, 11, 30)
_AFTER: Final = timedelta(minutes=30)
"""An incident's last calls may still be the reason for an alert so long after it."""


class Alert(msgspec.Struct, frozen=True):
    """Something was told to the supervisors."""

    at: datetime
    terms: tuple[str, ...]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One day."""

    incidents: int
    """With at least ``ONSET`` calls in ten minutes."""
    found: int
    alerts: int
    true: int
    """Alerts that are of an incident, smaller ones too."""
    repeated: int
    """Of those: an incident told once more as if it were another."""
    delays: list[float]
    """Seconds from the onset to the alert; negative = before it."""


async def measure(stage: Stage) -> Report:
    """Five days of 20,000 calls, three weeks learnt before each."""
    days: list[Judged] = []
    floors: dict[int, list[Judged]] = {limit: [] for limit in FLOORS}
    seconds, heard, rates = 0.0, 0, 0
    for seed in SEEDS:
        stage.tell(f"day {seed} of {len(SEEDS)}")
        city = City(seed, CALLS)
        calls = city.day(_DAY)
        radar, spent, before = await asyncio.to_thread(trained, city)
        began = time.perf_counter()
        alerts = await asyncio.to_thread(radar_alerts, radar, calls)
        seconds, heard = seconds + spent + time.perf_counter() - began, heard + before + len(calls)
        rates = max(rates, len(radar.rates(calls[-1].at + TICK)))
        days.append(judged(city.incidents, calls, alerts))
        for limit, floor in floors.items():
            floor.append(judged(city.incidents, calls, floor_alerts(calls, limit)))
    return Report(
        figures=(
            *_figures("", days, bounded=True),
            Figure(name="calls heard a second", value=heard / seconds, unit="/s"),
            *(figure for limit, floor in floors.items() for figure in _figures(f"floor {limit}: ", floor)),
        ),
        notes=(
            f"{len(SEEDS)} simulated days of about {CALLS} calls with "
            f"{days[0].incidents} incidents each that make at least {ONSET} calls in 10 minutes; "
            f"what is usual was learnt from the same weekday of {WEEKS} weeks before ({rates} rates)",
            f"delay: from the incident's {ONSET}th call within 10 minutes to the alert; below 0 = it came before",
            "floor N: an alert whenever a word reaches N calls in 10 minutes, and again after it fell to half of that",
        ),
    )


def _figures(name: str, days: Sequence[Judged], *, bounded: bool = False) -> Iterable[Figure]:
    def bound(value: float) -> float | None:
        return value if bounded else None

    incidents, alerts = sum(day.incidents for day in days), sum(day.alerts for day in days)
    true, delays = sum(day.true for day in days), [delay for day in days for delay in day.delays]
    found = sum(day.found for day in days)
    return (
        Figure(name=f"{name}recall", value=found / incidents, unit="", bound=bound(RECALL), at_least=True),
        Figure(name=f"{name}precision", value=true / max(alerts, 1), unit="", bound=bound(PRECISION), at_least=True),
        Figure(name=f"{name}delay, p50", value=percentile(delays, 0.5), unit="s"),
        Figure(name=f"{name}delay, p95", value=percentile(delays, 0.95), unit="s", bound=bound(DELAY_S)),
        Figure(name=f"{name}false alarms a day", value=(alerts - true) / len(days), unit=""),
        Figure(name=f"{name}told twice a day", value=sum(day.repeated for day in days) / len(days), unit=""),
    )


def trained(city: City) -> tuple[Radar, float, int]:
    """A radar after some weeks, the seconds that took and how many calls it heard. Its rates went through the store's
    form, as they do on a node that is restarted every week."""
    seconds, heard = 0.0, 0
    radar = Radar(districts=district_names(), settings=RadarSettings())
    kept = {}
    for week in range(WEEKS, 0, -1):
        calls = city.day(_DAY - timedelta(weeks=week), quiet=True)
        began = time.perf_counter()
        for number, call in enumerate(calls):
            _hear(radar, call)
            if number % 500 == 0:
                radar.tick(call.at)
                kept.update({(rate.term, rate.district, rate.slot): rate for rate in radar.rates(call.at)})
        night = calls[0].at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1, seconds=30)
        kept.update({(rate.term, rate.district, rate.slot): rate for rate in radar.rates(night)})
        radar = Radar(tuple(kept.values()), districts=district_names(), settings=RadarSettings())
        seconds, heard = seconds + time.perf_counter() - began, heard + len(calls)
    return radar, seconds, heard


def radar_alerts(radar: Radar, calls: Sequence[SpokenCall]) -> list[Alert]:
    """What the radar tells of these calls: new issues only. It looks up every five seconds, as on a node."""
    alerts: list[Alert] = []
    known: set[str] = set()
    at = calls[0].at
    for call in calls:
        while at + TICK <= call.at:
            at += TICK
            for issue in radar.tick(at):
                if issue.issue_id not in known:
                    known.add(issue.issue_id)
                    alerts.append(Alert(issue.at, issue.terms))
        _hear(radar, call)
    return alerts


def _hear(radar: Radar, call: SpokenCall) -> None:
    for terms in call.utterances:
        radar.heard(call.at, call.call_id, " ".join(terms), terms, call.district)


def floor_alerts(calls: Sequence[SpokenCall], limit: int) -> list[Alert]:
    """A fixed threshold for every word."""
    heard: dict[str, deque[datetime]] = {}
    up: set[str] = set()
    alerts: list[Alert] = []
    for call in calls:
        for term in dict.fromkeys(term for terms in call.utterances for term in terms):
            times = heard.setdefault(term, deque())
            times.append(call.at)
            while times[0] < call.at - WINDOW:
                times.popleft()
            if len(times) >= limit and term not in up:
                up.add(term)
                alerts.append(Alert(call.at, (term,)))
            elif len(times) <= limit / 2:
                up.discard(term)
    return alerts


def judged(incidents: Sequence[Incident], calls: Sequence[SpokenCall], alerts: Sequence[Alert]) -> Judged:
    """An alert is of an incident if it names its first word or two others of its words, while its calls come."""
    counted = found = true = repeated = 0
    delays: list[float] = []
    its: set[int] = set()
    for incident in incidents:
        times = [call.at for call in calls if call.incident == incident.name]
        if not times:
            continue
        until = times[-1] + _AFTER
        of_it = [
            number
            for number, alert in enumerate(alerts)
            if times[0] <= alert.at <= until and number not in its and _names(alert, incident)
        ]
        its.update(of_it)
        true += len(of_it)
        repeated += max(0, len(of_it) - 1)
        begun = onset(times)
        if begun is not None:
            counted += 1
            found += bool(of_it)
            delays.extend((alerts[number].at - begun).total_seconds() for number in of_it[:1])
    return Judged(incidents=counted, found=found, alerts=len(alerts), true=true, repeated=repeated, delays=delays)


def onset(times: Sequence[datetime]) -> datetime | None:
    """When the calls were first so many within ten minutes."""
    for first, last in zip(times, times[ONSET - 1 :], strict=False):
        if last - first <= WINDOW:
            return last
    return None


def _names(alert: Alert, incident: Incident) -> bool:
    common = [term for term in incident.terms if term in alert.terms]
    return bool(common) and (common[0] == incident.terms[0] or len(common) >= min(2, len(alert.terms)))
