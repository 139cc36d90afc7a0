"""Statistics over the REST API: the office's questions and answers."""

from __future__ import annotations

from aiohttp import web

from records.routes.statistics import Measures, StatisticsAnswers, StatisticsHouse
from records.statistics.live import LiveFigures
from records.statistics.question import Answer
from server.rest.door import Caller, RestRoute


class StatisticsApi:
    """The addresses of statistics."""

    def __init__(self, house: StatisticsHouse) -> None:
        self._answers = StatisticsAnswers(house)

    async def measures(self, request: web.Request, caller: Caller) -> Measures:
        """Every figure with its formula, and what it can be broken down by."""
        return await self._answers.measures(request, caller.agent)

    async def query(self, request: web.Request, caller: Caller) -> Answer:
        """Figures of days, by bucket and value, compared."""
        return await self._answers.query(request, caller.agent)

    async def live(self, request: web.Request, caller: Caller) -> LiveFigures:
        """Today and now."""
        return await self._answers.live(request, caller.agent)


def statistics_routes(house: StatisticsHouse) -> tuple[RestRoute, ...]:
    """The table."""
    api = StatisticsApi(house)
    return (
        RestRoute("GET", "statistics", "statistics:read", api.query),
        RestRoute("GET", "statistics/measures", "statistics:read", api.measures),
        RestRoute("GET", "statistics/live", "statistics:read", api.live),
    )
