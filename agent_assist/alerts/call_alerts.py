"""The alerts of one call: findings add up by kind, one alert of a kind is open at a time, and gets on step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from agent_assist.alerts.alert_states import OPEN, next_state
from agent_assist.alerts.rules import BAR, AlertRules, Finding
from agent_assist.desk_assist import AlertStep
from core.errors import Refused
from core.events import AlertChanged, AlertKind, Speaker

HALF_LIFE_S: Final = 120.0
"""Seconds of the call after which mild words count half."""
QUIET_S: Final = 120.0
"""After an alert was dismissed or closed, the very same words raise no other one for so long."""
MOST_ALERTS: Final = 50
"""Of one call; more are counted, not raised."""
MOST_EVIDENCE: Final = 50
"""Findings kept of one alert; the first and the last matter most, so the middle is not kept."""
MOST_WORDS: Final = 10
"""Different words shown with an alert."""
MOST_UTTERANCES: Final = 200
"""Utterances whose words are remembered, so that a final does not count again what its partial had."""
_ENOUGH: Final = BAR - 1e-9


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One finding with its place in the call."""

    speaker: Speaker
    utterance: str
    start: float
    """Of the utterance, seconds since the call began."""
    end: float
    finding: Finding


class _Kind:
    """What was heard of one kind."""

    def __init__(self) -> None:
        self.sum = 0.0
        self.at = 0.0
        self.waiting: list[Evidence] = []
        """Too little for an alert so far."""
        self.open: str = ""

    def add(self, weight: float, at: float) -> None:
        self.sum = self.sum * 0.5 ** (max(0.0, at - self.at) / HALF_LIFE_S) + weight
        self.at = max(self.at, at)


class CallAlerts:
    """All alerts of one call. Knows no clock: times are the call's audio time."""

    def __init__(
        self,
        rules: AlertRules,
        *,
        call_id: str = "",
        past: Mapping[str, AlertChanged] = MappingProxyType({}),
        entry_for: Callable[[AlertKind], str | None] | None = None,
    ) -> None:
        """``past``: what a node before us had raised (``standing_alerts``); what is open goes on, without its evidence.
        ``entry_for``: the id of the entry to show on top at a kind (119, suicide line), if the city has one."""
        self._rules = rules
        self._call_id = call_id
        self._entry_for = entry_for
        self._kinds: dict[AlertKind, _Kind] = {}
        self._alerts = dict(past)
        self._evidence: dict[str, list[Evidence]] = {}
        for alert in past.values():
            if alert.state in OPEN:
                self._kinds.setdefault(alert.kind, _Kind()).open = alert.alert_id
                self._evidence[alert.alert_id] = []
        self._heard: dict[str, set[tuple[str, str]]] = {}
        self._quiet: dict[tuple[AlertKind, str, str], float] = {}
        self.dropped = 0
        """Alerts that were not raised because there were too many."""

    @property
    def alerts(self) -> tuple[AlertChanged, ...]:
        """Every alert as it stands, the oldest first."""
        return tuple(self._alerts.values())

    def heard(self, speaker: Speaker, utterance: str, start: float, end: float, text: str) -> tuple[AlertChanged, ...]:
        """An utterance, or more of it (partial, then final: the same words count once). At most one change a kind."""
        known = self._known(utterance)
        fresh: dict[AlertKind, list[Evidence]] = {}
        for finding in self._rules.hear(speaker, text):
            if (finding.rule, finding.phrase) in known or self._is_quiet(finding, start):
                continue
            known.add((finding.rule, finding.phrase))
            fresh.setdefault(finding.kind, []).append(
                Evidence(speaker=speaker, utterance=utterance, start=start, end=end, finding=finding)
            )
        changes = (self._take(kind, evidence) for kind, evidence in fresh.items())
        return tuple(change for change in changes if change is not None)

    def step(self, alert_id: str, step: AlertStep, agent_id: str) -> AlertChanged:
        """A step of the procedure. ``Refused`` if there is no such alert or the step is not possible now."""
        alert = self._alerts.get(alert_id)
        if alert is None:
            raise Refused(f"알림 '{alert_id}'이(가) 없습니다 / there is no alert '{alert_id}'", code="not_found")
        procedure = self._rules.procedure(alert.kind)
        state = next_state(alert.state, step.step, alert.steps, procedure, step.reason)
        steps = alert.steps if step.step in {"dismissed", "closed"} else (*alert.steps, step.step)
        changed = self._put(
            msgspec.structs.replace(
                alert, state=state, steps=steps, by=agent_id, reason=step.reason.strip() or alert.reason
            )
        )
        if state not in OPEN:
            self._shut(alert)
        return changed

    def evidence(self, alert_id: str) -> tuple[Evidence, ...]:
        """What an alert rests on, with the place of every word: for the record, and for ``AlertLessons``."""
        return tuple(self._evidence.get(alert_id, ()))

    def entry(self, alert_id: str) -> str:
        """The entry to show on top while it is open; '' = none."""
        alert = self._alerts.get(alert_id)
        return self.entry_of(alert.kind) if alert is not None and alert.state in OPEN else ""

    def entry_of(self, kind: AlertKind) -> str:
        """The entry that belongs on top at an alert of this kind; '' = the city has none."""
        return (self._entry_for(kind) or "") if self._entry_for is not None else ""

    def _known(self, utterance: str) -> set[tuple[str, str]]:
        known = self._heard.setdefault(utterance, set())
        while len(self._heard) > MOST_UTTERANCES:
            self._heard.pop(next(iter(self._heard)))
        return known

    def _is_quiet(self, finding: Finding, at: float) -> bool:
        until = self._quiet.get((finding.kind, finding.rule, finding.phrase))
        return until is not None and at < until

    def _take(self, kind: AlertKind, evidence: list[Evidence]) -> AlertChanged | None:
        heard = self._kinds.setdefault(kind, _Kind())
        heard.add(sum(each.finding.weight for each in evidence), evidence[0].start)
        if heard.open:
            return self._more(self._alerts[heard.open], evidence)
        heard.waiting = [*heard.waiting, *evidence][-MOST_EVIDENCE:]
        if heard.sum < _ENOUGH:
            return None
        if len(self._alerts) >= MOST_ALERTS:
            self.dropped += 1
            return None
        since = evidence[0].start - HALF_LIFE_S
        found = [each for each in heard.waiting if each in evidence or each.start >= since]
        heard.waiting = []
        alert_id = heard.open = f"alert-{len(self._alerts) + 1}"
        self._evidence[alert_id] = found
        return self._put(
            AlertChanged(
                call_id=self._call_id,
                alert_id=alert_id,
                kind=kind,
                speaker=evidence[-1].speaker,
                utterance=evidence[-1].utterance,
                start=evidence[-1].start,
                end=evidence[-1].end,
                words=_words(found),
            )
        )

    def _more(self, alert: AlertChanged, evidence: list[Evidence]) -> AlertChanged:
        """Further evidence of an open alert: the same alert, said once more with the newest utterance."""
        kept = self._evidence[alert.alert_id]
        kept.extend(evidence)
        del kept[MOST_EVIDENCE // 2 : len(kept) - MOST_EVIDENCE // 2]
        last = evidence[-1]
        return self._put(
            msgspec.structs.replace(
                alert,
                speaker=last.speaker,
                utterance=last.utterance,
                start=last.start,
                end=last.end,
                words=tuple(dict.fromkeys((*alert.words, *_words(evidence))))[:MOST_WORDS],
            )
        )

    def _shut(self, alert: AlertChanged) -> None:
        heard = self._kinds[alert.kind]
        heard.open, heard.sum, heard.waiting = "", 0.0, []
        for each in self._evidence[alert.alert_id]:
            self._quiet[each.finding.kind, each.finding.rule, each.finding.phrase] = alert.end + QUIET_S

    def _put(self, alert: AlertChanged) -> AlertChanged:
        self._alerts[alert.alert_id] = alert
        return alert


def _words(evidence: list[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.finding.words for each in evidence))[:MOST_WORDS]
