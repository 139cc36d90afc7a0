"""Words of written contacts: to whom they belong, and to nobody else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.written_sight import may_read, seen
from core.agent import Agent
from core.events import Channel, Party, Written, WrittenChanged, now, to_json
from core.written import WrittenState

KIM = Agent(id="kim", name="김하늘")
BOSS = Agent(id="boss", name="정감독", roles=("supervisor",))
SECRETS = ("장롱", "01028410091", "홍길동", "call-7")


def changed(state: WrittenState, agent_id: str, channel: Channel = "text") -> WrittenChanged:
    at = now()
    written = Written(
        contact_id="text-1", channel=channel, party=Party(number="01028410091", name="홍길동"), reply_to="call-7",
        opened=at, since=at, state=state, agent_id=agent_id, last_text="장롱을 버리려고요", last_at=at,
        topic="대형폐기물", owed_since=at,
    )  # fmt: skip
    return WrittenChanged(written=written, overdue_at=at)


def test_hers_and_a_supervisors_are_whole() -> None:
    assert seen(KIM, hers := changed("assigned", "kim")) == hers
    assert seen(BOSS, theirs := changed("assigned", "lee")) == theirs
    assert may_read(KIM, changed("closed", "kim").written)


def test_of_one_that_waits_she_has_what_she_needs_to_choose() -> None:
    waiting = changed("waiting", "")
    told = seen(KIM, waiting)
    assert (told.written.party, told.written.topic) == (Party(number="0091"), "대형폐기물")
    assert (told.written.owed_since, told.overdue_at) == (waiting.written.owed_since, waiting.overdue_at)
    assert seen(KIM, changed("waiting", "", "chat")).written.party == Party(), "a chat's handle is a name"


@given(
    st.sampled_from(["waiting", "assigned", "answered", "closed"]), st.sampled_from(["", "lee"]),
    st.sampled_from(["text", "chat"]),
)  # fmt: skip
def test_no_word_number_or_name_of_others_leaves_the_house(
    state: WrittenState, agent_id: str, channel: Channel
) -> None:
    line = to_json(seen(KIM, changed(state, agent_id, channel))).decode()
    assert not [secret for secret in SECRETS if secret in line]
    assert seen(KIM, changed(state, agent_id, channel)).hidden
    if agent_id or state == "closed":
        assert "0091" not in line and "대형폐기물" not in line
