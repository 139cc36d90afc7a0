"""The rules of one call as it goes on. Pure: whoever drives it tells the time, in seconds since the call began.

reminders = Reminders(in_force(document.body))
changes = reminders.joined(3.2)
changes += reminders.heard(8.0, "agent", "상담사 김하늘입니다")   # when an utterance ended, in the call's time
await until(reminders.next_at); changes += reminders.tick(now_s)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agent_assist.reminders.phrases import said
from agent_assist.reminders.rule import Rule
from agent_assist.reminders.steps import State, Step, after, possible
from core.errors import Refused
from core.events import ReminderChanged, ReminderState, Speaker

WORDS_LAG_S: Final = 2.0
"""Words arrive that much later than they were said: so long nobody is reminded of what she is just saying."""
_SHOWN: Final[dict[State, ReminderState]] = {"due": "due", "met": "met", "dismissed": "dismissed"}


class Reminders:
    """Each rule once in a call. ``language``: of the agent's reminders, 'ko' or 'en'."""

    def __init__(self, rules: Sequence[Rule], language: str = "ko") -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._language = language
        self._state: dict[str, State] = dict.fromkeys(self._rules, "idle")
        self._until: dict[str, float] = {}
        """End of the time in which it may be said, for rules whose time runs; without an end, none."""

    @property
    def next_at(self) -> float | None:
        """When :meth:`tick` has something to say, in seconds since the call began; None = nothing runs."""
        return min((self._due_at(rule) for rule in self._rules.values() if self._running(rule)), default=None)

    def cards(self) -> tuple[str, ...]:
        """Entries that rules now want on the desk (``Suggestion.why`` 'rule'), in the order of the rules."""
        due = (rule.entry_id for rule in self._rules.values() if self._state[rule.id] == "due" and rule.entry_id)
        return tuple(dict.fromkeys(due))

    def joined(self, at_s: float) -> tuple[ReminderChanged, ...]:
        """Caller and agent hear each other. The first time counts."""
        for rule in self._rules.values():
            if rule.when == "from_join" and self._state[rule.id] == "idle":
                self._open(rule, at_s)
        return ()

    def heard(self, at_s: float, speaker: Speaker, text: str) -> tuple[ReminderChanged, ...]:
        """An utterance that ended at ``at_s``. What it changed."""
        changes: list[ReminderChanged] = []
        for rule in self._rules.values():
            if rule.speaker == speaker and self._counts(rule, at_s) and said(rule.phrases, text):
                changes += self._move(rule, "said")
            opens = rule.when == "after_phrase" and rule.after_speaker == speaker
            if opens and self._state[rule.id] == "idle" and said(rule.after, text):
                self._open(rule, at_s)
        return (*changes, *self.tick(at_s))

    def tick(self, at_s: float) -> tuple[ReminderChanged, ...]:
        """So late it is now. What became due."""
        changes: list[ReminderChanged] = []
        for rule in self._rules.values():
            until = self._until.get(rule.id)
            if self._state[rule.id] == "waiting" and until is not None and at_s >= self._due_at(rule):
                changes += self._move(rule, "time_up")
        return tuple(changes)

    def dismiss(self, rule_id: str) -> tuple[ReminderChanged, ...]:
        """The agent knows. Nothing when it was just settled; ``Refused`` ('no_reminder') for what never was due."""
        state = self._state.get(rule_id, "idle")
        if state in {"idle", "waiting", "passed"}:
            raise Refused(f"알림 '{rule_id}'이(가) 없습니다 / there is no reminder '{rule_id}'", code="no_reminder")
        return tuple(self._move(self._rules[rule_id], "dismiss")) if state == "due" else ()

    def _open(self, rule: Rule, at_s: float) -> None:
        self._move(rule, "open")
        if rule.negate or rule.within_s:
            self._until[rule.id] = at_s + rule.within_s

    def _counts(self, rule: Rule, at_s: float) -> bool:
        """Whether it matters if it is said now."""
        state = self._state[rule.id]
        if not possible(state, "said", negate=rule.negate):
            return False
        if state == "idle":
            return rule.earlier and rule.when == "after_phrase"
        return rule.negate or at_s <= self._until.get(rule.id, at_s)

    def _running(self, rule: Rule) -> bool:
        return self._state[rule.id] == "waiting" and rule.id in self._until

    def _due_at(self, rule: Rule) -> float:
        # What had to be said before was said or not: nothing is on its way any more.
        return self._until[rule.id] + (WORDS_LAG_S if rule.within_s else 0.0)

    def _move(self, rule: Rule, step: Step) -> list[ReminderChanged]:
        """The one place where a rule's state changes."""
        before = self._state[rule.id]
        state = self._state[rule.id] = after(before, step, negate=rule.negate)
        shown = _SHOWN.get(state)
        if shown is None or (state == "met" and before != "due"):  # said in time: nobody need hear of it
            return []
        return [ReminderChanged(rule_id=rule.id, text=rule.words(self._language), state=shown)]
