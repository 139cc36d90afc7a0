"""Texts and pictures that people send us."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Section

TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Day = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Weekdays = Annotated[str, Meta(pattern=r"^[1-7]{0,7}$")]
Minutes = Annotated[float, Meta(gt=0)]
Hours = Annotated[float, Meta(gt=0)]


class InboxConfig(Section, frozen=True, kw_only=True):
    """Texts and pictures coming in by webhook or SMPP: who may send them, and who answers them by when."""

    secret: str = ""
    """What webhooks in our own shape are signed with, at /hooks/texts/minwon; several apart by blanks: any of them is
    taken, so that one can be changed. '' = none are taken. Better kept apart, in `secret_file`."""
    secret_file: str = ""
    """A file with the secrets, one a line, mode 0600; relative to this file."""
    sinch_secret: str = ""
    """The same for the Conversation API of Sinch, at /hooks/texts/sinch. Better kept apart, in `sinch_secret_file`."""
    sinch_secret_file: str = ""
    """A file with the secrets, one a line, mode 0600; relative to this file."""
    per_minute: Annotated[int, Meta(ge=1)] = 600
    """Webhooks that are taken from one address within a minute; more are told to come again later."""
    most_mb: Annotated[int, Meta(ge=1, le=100)] = 24
    """The largest webhook; pictures travel in it as base64, which adds a third."""
    pictures: Annotated[int, Meta(ge=0, le=20)] = 5
    """Pictures of one message that are taken."""
    reply_hours: Hours = 72.0
    """So long after a text of ours a message is taken as the reply to it."""
    rating_hours: Hours = 72.0
    """So long after a text that asks for a rating a number from 1 to 5 is taken as one."""
    queue: Annotated[str, Meta(examples=["tax"])] = ""
    """The queue whose agents answer, as in [[agents]]; '' = everybody."""
    per_agent: Annotated[int, Meta(ge=1, le=50)] = 3
    """Written contacts that owe an answer, at most so many with one agent."""
    answer_minutes: Minutes = 10.0
    """By then a message should be answered; what is not is shown as overdue."""
    return_minutes: Minutes = 15.0
    """What an agent has not answered by then goes back and to another."""
    alert_minutes: Minutes = 30.0
    """What nobody has answered by then is an alert to supervisors."""
    close_hours: Hours = 24.0
    """An answered contact in which nobody has written for so long is closed."""
    opens: TimeOfDay = "09:00"
    """When agents begin to answer; the same as `closes` = around the clock."""
    closes: TimeOfDay = "18:00"
    """From then on people are told when we are back."""
    days: Weekdays = "12345"
    """Days of the week on which agents answer: 1 = Monday."""
    holidays: Annotated[tuple[Day, ...], Meta(examples=[["2027-01-01"]])] = ()
    """Days on which nobody answers."""
    closed_text: str = (
        "[{centre}] 지금은 상담 시간이 아닙니다. {back}부터 차례로 답해 드리겠습니다. 급한 일은 전화로 알려 주세요."
    )
    """What is answered then, once a day: {centre} = `web.centre`, {back} = when we are back; '' = nothing."""
