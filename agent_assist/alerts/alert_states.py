"""The life of an alert as a table, and what each step asks for.

raised --warned, time_notice--> handling --warned, warned_again, time_notice--> handling
raised, handling --ended, closed--> closed        raised, handling --dismissed--> dismissed

Which steps a kind has, and which must have gone before, is the procedure's word (``procedures.toml``); no step is taken
twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agent_assist.desk_assist import Procedure, StepName
from core.errors import Refused
from core.events import AlertChanged, AlertState, Event

_ON: Final[dict[StepName, AlertState]] = {
    "warned": "handling",
    "warned_again": "handling",
    "time_notice": "handling",
    "ended": "closed",
    "closed": "closed",
    "dismissed": "dismissed",
}
TABLE: Final[dict[AlertState, dict[StepName, AlertState]]] = {
    "raised": _ON,
    "handling": _ON,
    "dismissed": {},
    "closed": {},
}
REASON_NEEDED: Final[frozenset[StepName]] = frozenset({"ended", "dismissed"})
OPEN: Final[frozenset[AlertState]] = frozenset({"raised", "handling"})
_STATES: Final[dict[AlertState, str]] = {
    "raised": "새 알림",
    "handling": "조치 중",
    "dismissed": "오경보로 닫힘",
    "closed": "끝남",
}


def next_state(
    state: AlertState, step: StepName, taken: tuple[str, ...], procedure: Procedure, reason: str
) -> AlertState:
    """Where a step leads. ``Refused`` says in one line why it can't be taken."""
    reached = TABLE[state].get(step)
    if reached is None:
        raise Refused(
            f"이미 {_STATES[state]} 상태라 '{step}' 단계를 할 수 없습니다 / "
            f"'{step}' is not possible: the alert is {state}"
        )
    offered = next((each for each in procedure.steps if each.step == step), None)
    if offered is None:
        raise Refused(f"이 알림에는 '{step}' 단계가 없습니다 / '{step}' is no step for {procedure.kind}")
    if step in taken:
        raise Refused(f"'{offered.title}' 단계는 이미 했습니다 / '{step}' was taken already")
    if offered.needs and not set(offered.needs) & set(taken):
        raise Refused(
            f"'{offered.title}'에 앞서 필요한 안내가 있습니다: {_titles(procedure, offered.needs)} / "
            f"'{step}' needs one of these first: {', '.join(offered.needs)}"
        )
    if step in REASON_NEEDED and not reason.strip():
        raise Refused(f"'{offered.title}'의 사유를 적어 주세요 / a reason is needed for '{step}'")
    return reached


def _titles(procedure: Procedure, steps: tuple[StepName, ...]) -> str:
    return ", ".join(each.title for each in procedure.steps if each.step in steps)


def standing_alerts(line: Iterable[Event]) -> dict[str, AlertChanged]:
    """Every alert of a contact as its events left it, by id, the oldest first."""
    return {event.alert_id: event for event in line if isinstance(event, AlertChanged)}
