"""The alerts of one call."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.alerts.call_alerts import HALF_LIFE_S, MOST_ALERTS, MOST_EVIDENCE, QUIET_S, CallAlerts
from agent_assist.alerts.rules import AlertRules
from agent_assist.desk_assist import AlertStep, StepName
from core.errors import Refused
from core.events import AlertChanged

RULES = AlertRules()
SWEARING = "야 이 씨발놈아"
MILD = "이 멍청한 사람아"
FIRE = "집에 불이 났어요"


class Call:
    """Says sentences one after the other."""

    def __init__(self) -> None:
        self.alerts = CallAlerts(RULES, call_id="call-1", entry_for={"emergency": "119"}.get)
        self.said = 0

    def says(self, text: str, at: float = 0.0) -> tuple[AlertChanged, ...]:
        self.said += 1
        return self.alerts.heard("caller", f"caller-{self.said}", at, at + 2, text)

    def step(self, step: StepName, reason: str = "", alert: str = "alert-1") -> AlertChanged:
        return self.alerts.step(alert, AlertStep(step=step, reason=reason), "lee")


def test_strong_words_alert_at_once_with_their_evidence() -> None:
    call = Call()
    (alert,) = call.says(SWEARING, 12.0)
    assert (alert.alert_id, alert.kind, alert.state, alert.call_id) == ("alert-1", "abuse", "raised", "call-1")
    assert (alert.utterance, alert.start, alert.end) == ("caller-1", 12.0, 14.0)
    assert alert.words == ("씨발",)
    (evidence,) = call.alerts.evidence("alert-1")
    assert SWEARING[evidence.finding.start : evidence.finding.end] == "씨발"


def test_mild_words_add_up_and_fade() -> None:
    call = Call()
    assert call.says(MILD, 0) == ()
    assert call.says(MILD, 5) == ()
    (alert,) = call.says(MILD, 10)
    assert alert.kind == "abuse"
    assert len(call.alerts.evidence("alert-1")) == 3
    patient = Call()
    assert all(patient.says(MILD, at * 2 * HALF_LIFE_S) == () for at in range(10))


def test_more_of_it_is_the_same_alert_once_an_utterance() -> None:
    call = Call()
    call.says(SWEARING, 0)
    (more,) = call.says("미친 새끼가 닥치고 지랄이야", 5)
    assert (more.alert_id, more.utterance, more.start) == ("alert-1", "caller-2", 5)
    assert more.words[0] == "씨발"
    assert len(more.words) > 2
    assert len(call.alerts.alerts) == 1


def test_a_final_does_not_count_again_what_its_partial_had() -> None:
    alerts = CallAlerts(RULES)
    assert alerts.heard("caller", "caller-1", 0, 1, MILD) == ()
    assert alerts.heard("caller", "caller-1", 0, 2, MILD) == ()
    assert alerts.heard("caller", "caller-1", 0, 3, MILD) == ()


def test_what_a_node_before_had_raised_goes_on_under_its_id() -> None:
    call = Call()
    call.says(SWEARING, 0)
    call.says("너 죽여버린다", 3)
    before = {**{alert.alert_id: alert for alert in call.alerts.alerts}, "alert-1": call.step("warned")}
    again = CallAlerts(RULES, call_id="call-1", past=before, entry_for={"abuse": "manual"}.get)
    assert {alert.alert_id: alert for alert in again.alerts} == before
    assert again.entry("alert-1") == "manual"
    (more,) = again.heard("caller", "caller-9", 9, 10, SWEARING)
    assert (more.alert_id, more.state, more.steps) == ("alert-1", "handling", ("warned",))
    assert again.step("alert-1", AlertStep(step="dismissed", reason="노래 가사"), "lee").state == "dismissed"
    (fire,) = again.heard("caller", "caller-10", 20, 21, FIRE)
    assert fire.alert_id == "alert-3"


def test_kinds_are_alerts_of_their_own() -> None:
    call = Call()
    both = call.says(f"{SWEARING} 너 죽여버린다")
    assert {alert.kind for alert in both} == {"abuse", "threat"}
    assert len({alert.alert_id for alert in both}) == 2


def test_the_procedure_step_by_step() -> None:
    call = Call()
    call.says(SWEARING)
    with pytest.raises(Refused, match=r"필요한 안내.* / "):
        call.step("ended", "욕설")
    warned = call.step("warned")
    assert (warned.state, warned.steps, warned.by) == ("handling", ("warned",), "lee")
    with pytest.raises(Refused, match="이미"):
        call.step("warned")
    assert call.step("warned_again").steps == ("warned", "warned_again")
    with pytest.raises(Refused, match="사유"):
        call.step("ended")
    ended = call.step("ended", "욕설이 이어짐")
    assert (ended.state, ended.reason, ended.steps[-1]) == ("closed", "욕설이 이어짐", "ended")
    with pytest.raises(Refused):
        call.step("closed")


def test_a_step_of_no_alert() -> None:
    with pytest.raises(Refused, match="alert-9") as refused:
        Call().step("warned", alert="alert-9")
    assert refused.value.code == "not_found"


def test_after_a_false_alarm_the_same_words_are_quiet_for_a_while_others_are_not() -> None:
    call = Call()
    call.says(SWEARING, 0)
    assert call.step("dismissed", "농담").state == "dismissed"
    assert call.says(SWEARING, 10) == ()
    (other,) = call.says("개새끼야", 11)
    assert other.alert_id == "alert-2"
    call.step("closed", alert="alert-2")
    (again,) = call.says(SWEARING, QUIET_S + 60)
    assert again.alert_id == "alert-3"


def test_the_entry_on_top_while_the_alert_is_open() -> None:
    call = Call()
    call.says(FIRE)
    assert call.alerts.entry("alert-1") == call.alerts.entry_of("emergency") == "119"
    call.step("closed")
    assert call.alerts.entry("alert-1") == ""
    assert call.alerts.entry_of("abuse") == ""
    assert call.alerts.entry("alert-7") == ""


def test_a_call_without_end_is_bounded() -> None:
    call = Call()
    call.says(SWEARING, 0)
    for number in range(2 * MOST_EVIDENCE):
        call.says(f"{SWEARING} {number}", number)
    assert len(call.alerts.evidence("alert-1")) == MOST_EVIDENCE
    for number in range(MOST_ALERTS + 5):
        at = (number + 1) * 2 * QUIET_S
        open_ = [alert for alert in call.alerts.alerts if alert.state == "raised"]
        if open_:
            call.step("closed", alert=open_[0].alert_id)
        call.says(SWEARING, at)
    assert len(call.alerts.alerts) == MOST_ALERTS
    assert call.alerts.dropped > 0


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([SWEARING, MILD, FIRE, "너 죽여버린다", "네 알겠습니다"]),
            st.tuples(st.integers(1, 4), st.sampled_from(["warned", "warned_again", "time_notice", "ended", "closed"])),
        ),
        max_size=25,
    )
)
def test_one_alert_of_a_kind_is_open_at_a_time(deeds: list[str | tuple[int, StepName]]) -> None:
    call = Call()
    for at, deed in enumerate(deeds):
        if isinstance(deed, str):
            call.says(deed, at * 3.0)
        else:
            with suppress(Refused):
                call.step(deed[1], "사유", f"alert-{deed[0]}")
        open_ = [alert.kind for alert in call.alerts.alerts if alert.state in {"raised", "handling"}]
        assert len(open_) == len(set(open_))
