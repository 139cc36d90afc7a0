"""A report as a page that prints: official Korean form, A4, charts as SVG. Loads nothing from anywhere.

Numbering follows the order of items in official documents: 1., 가., 1) (행정업무의 운영 및 혁신에 관한 규정 시행규칙
제2조). Jinja2 escapes everything; a name that the template does not know is an error.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from core.charts import Chart, sheet
from records.report.content import Report, written
from records.report.wording import definition, official, official_days
from records.statistics.question import Span

LETTERS: Final = "가나다라마바사아자차카타파하"
SIGNERS: Final = ("담당", "팀장", "과장")
_FONT: Final = '"Noto Serif CJK KR", "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", sans-serif'


def drawn(report: Report) -> str:
    """The page."""
    return _template().render(
        report=report,
        days=official_days(Span(report.first, report.last)),
        made=f"{official(report.made.date())} {report.made:%H:%M}",
        letters=LETTERS,
        signers=SIGNERS,
        font=_FONT,
        centre_css=_in_css(report.centre),
        drawn=_picture,
        written=written,
        definition=definition,
    )


def _picture(chart: Chart) -> str:
    """As a picture of its own: its styles touch nothing else of the page."""
    svg = sheet([chart], label=chart.title)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _in_css(text: str) -> str:
    """Within a string of CSS."""
    return "".join(letter if letter.isalnum() or letter in " ·()-" else " " for letter in text)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("records.report", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
