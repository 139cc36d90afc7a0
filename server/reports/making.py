"""A report as a file: composed from the statistics, drawn as a page, printed, or written as a workbook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, tzinfo

from core.store.statistics import StatisticsStore
from records.report.composing import Step, Wanted, composed
from records.report.content import Report
from records.report.drawing import drawn
from records.report.jobs import KINDS, Format, Made
from server.reports.printing import Printer


class Making:
    """Makes reports. ``await making(wanted, "pdf")``."""

    def __init__(
        self, store: StatisticsStore, printer: Printer, *, zone: tzinfo, centre: str, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._printer = printer
        self._zone = zone
        self._centre = centre
        self._clock = clock

    @property
    def prints(self) -> bool:
        """Whether PDFs can be made here."""
        return self._printer.ready

    async def __call__(self, wanted: Wanted, format: Format, step: Step = lambda *_: None) -> Made:
        """The file. Raises ``BadInput``, ``StoreFault``, ``EnvironmentFault``."""
        report = await composed(
            self._store,
            wanted,
            zone=self._zone,
            now=self._clock(),
            centre=self._centre,
            step=lambda done, of: step(done, of + 1),
        )
        if format == "xlsx":
            body = await asyncio.to_thread(_workbook, report)
        else:
            page = await asyncio.to_thread(drawn, report)
            body = page.encode() if format == "html" else await self._printer.pdf(page)
        days = f"{wanted.first}" if wanted.first == wanted.last else f"{wanted.first}_{wanted.last}"
        return Made(name=f"상담통계_{days}.{format}", kind=KINDS[format], body=body)


def _workbook(report: Report) -> bytes:
    from records.report.workbook import workbook  # the library of workbooks takes a while to load

    return workbook(report)
