"""The radar over all live calls: it hears what each call is about, and looks up now and then.

A word is news when more calls of the last ten minutes speak of it than chance explains, given how it usually is at this
hour of this weekday and how it was today; with so many words looked at, chance gets little credit. Words of the same
calls are one issue.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from agent_assist.radar.issue import Burst, Issue, strongest_first
from agent_assist.radar.live import Key, Live
from agent_assist.radar.settings import RadarSettings
from agent_assist.radar.usual import ALL, Usual, enough
from core.count_tail import log_tail
from core.events import IssueChanged
from core.personal import without_personal_number
from core.store.knowledge import TermRate

Answer = Callable[[Sequence[str]], tuple[str, str] | None]
"""Terms -> id and title of the entry that answers."""
QUOTES: Final = 3
_TIDY_EVERY: Final = timedelta(minutes=10)


class Radar:
    """One a node."""

    def __init__(
        self,
        rates: Sequence[TermRate] = (),
        *,
        districts: Collection[str] = (),
        settings: RadarSettings | None = None,
        mask: Callable[[str], str] = without_personal_number,
        answer: Answer | None = None,
    ) -> None:
        """``rates``: as ``rates`` gave them. ``mask`` takes personal numbers out of a quote."""
        self._settings = settings or RadarSettings()
        self._usual = Usual(rates, self._settings)
        self._live = Live(self._settings)
        self._districts = frozenset(districts)
        self._mask = mask
        self._answer = answer
        self._touched: set[Key] = set()
        self._issues: dict[str, Issue] = {}
        self._made = 0
        self._tidied: datetime | None = None
        self._dropped_issues = 0

    @property
    def dropped(self) -> int:
        """Terms, calls, rates and issues that found no room."""
        return self._live.dropped + self._usual.dropped + self._dropped_issues

    def heard(self, at: datetime, call_id: str, text: str, terms: Sequence[str], district: str = "") -> None:
        """An utterance of a caller: its content words, and the district if one is known."""
        places = [term for term in terms if term in self._districts]
        district = district or (places[0] if places else "")
        topics = dict.fromkeys(term for term in terms if term and term not in self._districts)
        self._move(at)
        before = self._live.calls
        fresh = self._live.add(call_id, text, list(topics)[: self._settings.most_terms], district)
        self._usual.count([*fresh, ALL] if self._live.calls > before else fresh, self._now)
        self._touched.update(fresh)

    def tick(self, at: datetime) -> tuple[IssueChanged, ...]:
        """Look up: what is new, what grew (at most every 30 s), what is over. Every few seconds."""
        self._move(at)
        open_ = self._bursting()
        bursts = [
            burst for key in self._touched | open_ if (burst := self._burst(key, is_open=key in open_)) is not None
        ]
        self._touched.clear()
        self._gather(strongest_first(bursts))
        self._usual.move(self._now, self._bursting())
        return tuple(change for issue in list(self._issues.values()) if (change := self._told(issue)) is not None)

    def seen(self, issue_id: str, agent_id: str) -> IssueChanged | None:
        """A supervisor has seen it; None if it is over."""
        issue = self._issues.get(issue_id)
        if issue is None:
            return None
        if issue.state == "rising":
            issue.state, issue.by = "seen", agent_id
        return self._said(issue)

    def rates(self, at: datetime) -> tuple[TermRate, ...]:
        """Usual rates that have changed in the last hours, to be stored."""
        self._move(at)
        return self._usual.changed(self._now)

    @property
    def _now(self) -> datetime:
        assert self._live.now is not None
        return self._live.now

    def _move(self, at: datetime) -> None:
        self._live.move(at, self._bursting())
        self._usual.move(self._now)
        if self._tidied is None or self._now - self._tidied >= _TIDY_EVERY:
            self._tidied = self._now
            self._live.tidy()

    def _bursting(self) -> set[Key]:
        return {key for issue in self._issues.values() for key in issue.keys}

    def _burst(self, key: Key, *, is_open: bool) -> Burst | None:
        """Whether this is more than usual, or still is."""
        calls = self._live.of(key)
        count, of = len(calls), self._live.calls
        if count < self._settings.least_calls:
            return None
        today = self._live.past(key)
        if self._usual.calls(today[1]) < self._settings.least_known:
            return None
        known = self._usual.known(key, self._now, today)
        usual = known.expected(of)
        if count < (self._settings.still_ratio if is_open else self._settings.least_ratio) * usual:
            return None
        chance = log_tail(count, known.shape, of / (of + known.calls))
        if not is_open and not enough(chance, len(self._live), self._settings):
            return None
        return Burst(key, frozenset(calls), usual, chance, next(iter(calls.values())))

    def _gather(self, bursts: Sequence[Burst]) -> None:
        """Each burst to its issue, or to a new one."""
        for issue in self._issues.values():
            issue.bursts.clear()
            issue.calls = {call_id for key in issue.keys for call_id in self._live.of(key)}
        for burst in bursts:
            if (its := self._issue_of(burst)) is not None:
                its.add(burst)
                its.unusual_at = self._now

    def _issue_of(self, burst: Burst) -> Issue | None:
        """The issue that this burst belongs to; None if there is no room for another."""
        for issue in self._issues.values():
            if issue.takes(burst, self._settings.same_calls):
                return issue
        if len(self._issues) >= self._settings.most_issues:
            self._dropped_issues += 1
            return None
        self._made += 1
        made = Issue(f"issue-{self._now:%Y%m%d-%H%M%S}-{self._made}", burst.since)
        self._issues[made.id] = made
        return made

    def _told(self, issue: Issue) -> IssueChanged | None:
        """What is to be said of it now."""
        if self._now - issue.unusual_at >= self._settings.over_after:
            del self._issues[issue.id]
            issue.state = "over"
            return self._said(issue)
        what = (issue.terms(), self._calls_of(issue))
        early = issue.told_at is not None and self._now - issue.told_at < self._settings.update_every
        if early or not issue.bursts or what == issue.told:
            return None
        return self._said(issue)

    def _said(self, issue: Issue) -> IssueChanged:
        terms = issue.terms() or _terms_of(issue.told)
        issue.told, issue.told_at = (terms, self._calls_of(issue)), self._now
        found = self._answer(terms) if self._answer is not None else None
        return IssueChanged(
            issue_id=issue.id,
            terms=terms,
            district=self._district(issue),
            calls=self._calls_of(issue),
            usual=round(issue.usual(), 2),
            since=issue.since,
            quotes=self._quotes(issue, terms),
            entry_id=found[0] if found else "",
            entry_title=found[1] if found else "",
            state=issue.state,
            by=issue.by,
            at=self._now,
        )

    def _calls_of(self, issue: Issue) -> int:
        """Calls that spoke of its strongest word; of a quiet one, of any."""
        if not issue.bursts:
            return len(issue.calls)
        return len(strongest_first(issue.bursts.values())[0].calls)

    def _district(self, issue: Issue) -> str:
        terms = {key[0] for key in issue.keys}
        named = self._live.districts(sorted(issue.calls), terms)
        if not named:
            return ""
        district = max(named, key=lambda each: (named[each], each))
        enough_calls = named[district] >= self._settings.least_calls / 2
        return district if enough_calls and named[district] >= self._settings.of_district * sum(named.values()) else ""

    def _quotes(self, issue: Issue, terms: Sequence[str]) -> tuple[str, ...]:
        """What callers said, those first that say most of it; each text once, numbers masked."""
        wanted = set(terms)
        said = [(len(found & wanted), text) for text, found in self._live.texts(sorted(issue.calls)) if found & wanted]
        said.sort(key=lambda each: (-each[0], len(each[1])))
        quotes: dict[str, None] = {}
        for _, text in said:
            quotes.setdefault(_short(self._mask(text), self._settings.quote_length))
            if len(quotes) == QUOTES:
                break
        return tuple(quotes)


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _terms_of(told: object) -> tuple[str, ...]:
    match told:
        case (tuple() as terms, int()):
            return terms
        case _:
            return ()
