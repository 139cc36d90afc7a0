"""An answer of the statistics page as a table: what is seen, nothing else."""

from __future__ import annotations

from records.report.content import Column, Table, table_of
from records.report.wording import bucket_name, value_name
from records.statistics.question import Answer


def table_seen(told: Answer) -> Table:
    """A row for each line, and all of them together."""
    by = told.question.by

    def name(value: str) -> str:
        return told.labels.get(value) or value_name(by or "", value)

    heads = ([Column("시기")] if told.question.cut else []) + ([Column("구분")] if by else [])
    rows = [
        (
            *((bucket_name(line.bucket),) if told.question.cut else ()),
            *((name(line.value),) if by else ()),
            *(figure.value for figure in line.figures),
        )
        for line in told.lines
    ]
    if heads:
        blank = ("",) * (len(heads) - 1)
        rows.append(("합계", *blank, *(figure.value for figure in told.total.figures)))
    return Table(title="통계", columns=table_of(told.measures, *heads), rows=tuple(rows), total=bool(heads))
