"""How far a written contact is: rules only. The live service and the store's projection move by this one table.

| state    | who has it | who has the last word | what is owed                                            |
|----------|------------|-----------------------|---------------------------------------------------------|
| waiting  | nobody     | the person            | an agent                                                |
| assigned | an agent   | the person            | an answer, or one that arrives                          |
| answered | an agent   | the agent             | nothing; the person may write back, the answer may fail |
| closed   |            |                       | nothing; who writes opens a new one                     |
"""

from __future__ import annotations

from typing import Final, Literal

from core.errors import IllegalStep

WrittenState = Literal["waiting", "assigned", "answered", "closed"]
WrittenStep = Literal["receive", "assign", "give_back", "answer", "fail", "close"]

STEPS: Final[dict[tuple[WrittenState, WrittenStep], WrittenState]] = {
    ("waiting", "receive"): "waiting",
    ("waiting", "assign"): "assigned",
    ("waiting", "fail"): "waiting",  # of one who has given it back meanwhile
    ("waiting", "close"): "closed",  # advertising, a mistake, or nothing to answer
    ("assigned", "receive"): "assigned",
    ("assigned", "assign"): "assigned",  # handed to a colleague, or taken over
    ("assigned", "give_back"): "waiting",
    ("assigned", "answer"): "answered",
    ("assigned", "fail"): "assigned",
    ("assigned", "close"): "closed",
    ("answered", "receive"): "assigned",
    ("answered", "assign"): "answered",
    ("answered", "answer"): "answered",
    ("answered", "fail"): "assigned",  # the answer did not arrive: it is owed again
    ("answered", "close"): "closed",
}
"""State x step -> state. What is missing is illegal."""


def after(state: WrittenState, step: WrittenStep) -> WrittenState:
    """The state behind that step. Raises ``IllegalStep`` where the table has none."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise IllegalStep("written contact", state, step) from None


def possible(state: WrittenState, step: WrittenStep) -> bool:
    """Whether the table has that step."""
    return (state, step) in STEPS
