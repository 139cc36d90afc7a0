"""A grade that does not flicker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.events import Grade
from telephony.contract import LegSound
from telephony.grading import BETTER_AFTER, WORSE_AFTER, Grader
from telephony.leg_quality import NO_RTP, Heard

FINE, GONE = Heard(), Heard(one_way=True)


class Stream:
    """Two seconds after two seconds of a leg."""

    def __init__(self) -> None:
        self.sound = replace(NO_RTP, buffer_ms=20.0, codec="PCMA")

    def next(self, lost: int = 0) -> LegSound:
        self.sound = replace(
            self.sound,
            packets=self.sound.packets + 100 - lost,
            lost=self.sound.lost + lost,
            bursts=self.sound.bursts + (lost > 0),
        )
        return self.sound


def grades(grader: Grader, stream: Stream, lost: list[int]) -> list[Grade | None]:
    told = [grader.look(stream.next(one), FINE) for one in lost]
    return [one.grade if one is not None else None for one in told]


def test_good_is_said_once_after_a_few_seconds() -> None:
    assert grades(Grader(), Stream(), [0] * 6) == [None, "good", None, None, None, None]


def test_worse_after_two_looks_better_after_the_window_and_three() -> None:
    grader, stream = Grader(), Stream()
    assert grades(grader, stream, [0] * 5)[1] == "good"
    assert grades(grader, stream, [0] * 3 + [40, 40])[-2:] == [None, "poor"]
    told = grades(grader, stream, [0] * 12)
    assert told.count("good") == 1
    assert told.index("good") >= BETTER_AFTER - 1


def test_one_bad_look_is_forgotten() -> None:
    grader, stream = Grader(), Stream()
    grades(grader, stream, [0] * 30)
    assert grades(grader, stream, [10, 0, 0, 0]) == [None, None, None, None]


def test_silence_and_its_end_are_told_at_once() -> None:
    grader, stream = Grader(), Stream()
    grades(grader, stream, [0] * 5)
    gone = grader.at_once(GONE)
    assert gone is not None and (gone.grade, gone.causes) == ("none", ("one_way",))
    assert grader.at_once(GONE) is None
    back = grader.at_once(FINE)
    assert back is not None and back.grade == "good"


def test_the_whole_life_keeps_what_was_the_matter() -> None:
    grader, stream = Grader(), Stream()
    grades(grader, stream, [0] * 50)
    grader.at_once(GONE)
    grader.at_once(FINE)
    grades(grader, stream, [0] * 50)
    life = grader.whole(FINE)
    assert (life.grade, life.causes, life.loss) == ("fair", ("one_way",), 0.0)
    assert life.mos > 4.3


def test_a_leg_from_which_nothing_ever_came() -> None:
    grader = Grader()
    grader.at_once(GONE)
    assert grader.whole(GONE).grade == "none"


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=60))
def test_what_is_told_differs_from_what_was_told(looks: list[tuple[int, bool]]) -> None:
    grader, stream, last = Grader(), Stream(), None
    since = WORSE_AFTER
    for lost, echo in looks:
        told = grader.look(stream.next(lost), Heard(echo=echo))
        since += 1
        if told is not None:
            assert (told.grade, told.causes) != last
            assert since >= WORSE_AFTER  # never twice within four seconds
            last, since = (told.grade, told.causes), 0
