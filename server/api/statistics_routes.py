"""The addresses of statistics. Roles come from the table that enforces them."""

from __future__ import annotations

from typing import Any, Final, cast, get_args

from core.store.statistics import DIMENSIONS
from records.routes import statistics as room
from records.statistics.buckets import Cut
from records.statistics.live import LiveFigures
from records.statistics.measures import MEASURES
from records.statistics.question import Answer as Told
from records.statistics.question import Compare
from records.statistics.rising import Risen
from server.api.records_routes import office
from server.api.routes import Answer, Given

_NOBODY: Final = cast(room.StatisticsHouse, None)  # the table alone is looked at, nobody asks
_ROLES: Final = {route.path: route.roles for route in room.statistics_routes(_NOBODY)}
_DAY: Final = {"type": "string", "format": "date"}
_TEXT: Final = {"type": "string", "maxLength": 200}
_SPAN: Final = (
    Given("first", "First local day; left out: the last one.", _DAY),
    Given("last", "Last local day, included; left out: today.", _DAY),
)
_WHERE: Final = tuple(
    Given(dimension, "Only contacts with this value; may be given several times. '' = unknown.", _TEXT)
    for dimension in DIMENSIONS
)
QUESTION: Final = (
    Given("measures", f"Ids of figures, with commas: {', '.join(each.id for each in MEASURES)}.", _TEXT),
    *_SPAN,
    Given("cut", "How time is cut; '' = not at all.", {"type": "string", "enum": list(get_args(Cut))}),
    Given("by", "One line for each value of it.", {"type": "string", "enum": list(DIMENSIONS)}),
    Given("under", "With by=category: the node whose children are shown.", _TEXT),
    Given("compare", "With which days.", {"type": "string", "enum": list(get_args(Compare))}),
    Given("most", "So many values at most; the others in one line, '*'.", {"type": "integer", "maximum": 500}),
    *_WHERE,
)
_HERS: Final = "An agent sees her own contacts alone; other agents' are `not_allowed`."
_WIDE: Final = "A crossing without kept sums over more than 31 days (`too_wide`)."


def _route(path: str, name: str, summary: str, answer: Answer, **more: Any) -> Any:
    return office("GET", path, name, summary, answer, _ROLES[path], **more)


STATISTICS: Final = (
    _route(
        "statistics/measures", "StatisticsMeasures", "Every figure with its formula.", Answer("All.", room.Measures)
    ),
    _route("statistics/today", "StatisticsToday", "Which day it is in the city.", Answer("Today.", room.Today)),
    _route(
        "statistics/live", "StatisticsLive", "Today's and this moment's figures.", Answer("As of now.", LiveFigures)
    ),
    _route(
        "statistics/values",
        "StatisticsValues",
        "Values of a dimension.",
        Answer("All that were ever counted.", room.Values),
        query=(Given("dimension", "Which.", {"type": "string", "enum": list(DIMENSIONS)}),),
    ),
    _route(
        "statistics/query",
        "StatisticsQuery",
        "Figures, by time and by one dimension, compared.",
        Answer("One line for each bucket and value, with what each figure was made from.", Told),
        query=QUESTION,
        refused=_WIDE,
        forbidden=_HERS,
    ),
    _route(
        "statistics/query.csv",
        "StatisticsTable",
        "The same as a table; noted in the audit log.",
        Answer("UTF-8 with BOM, RFC 4180.", content="text/csv"),
        query=QUESTION,
        refused=_WIDE,
        forbidden=_HERS,
    ),
    _route(
        "statistics/contacts",
        "StatisticsContacts",
        "The contacts behind a figure; noted in the audit log.",
        Answer("Newest first.", room.ContactsPage),
        query=(
            Given("measure", "The figure.", _TEXT),
            Given("part", "Its upper or its lower sum.", {"type": "string", "enum": ["numerator", "denominator"]}),
            *_SPAN,
            Given("bucket", "Only those of this bucket of an answer.", _TEXT),
            Given("after", "What `next` of the page before said.", _TEXT),
            Given("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 200}),
            *_WHERE,
        ),
        forbidden=_HERS,
    ),
    _route(
        "statistics/rising",
        "StatisticsRising",
        "Topics that rise more than chance explains.",
        Answer("The surest first.", Risen),
        query=(
            Given("kind", "Categories or words.", {"type": "string", "enum": ["category", "word"]}),
            *_SPAN,
        ),
    ),
)
