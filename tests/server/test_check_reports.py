"""What `minwon check` says of PDFs and mail: a line each, and never a fault."""

from __future__ import annotations

from pathlib import Path

from core.config import MailConfig
from server.check import examine
from server.check_reports import report_findings
from tests.server.test_check import a_config, states

CITY = MailConfig(host="mail.hanbit.go.kr", sender="callcentre@hanbit.go.kr", domains=("hanbit.go.kr",))


def test_a_site_that_prints_and_sends() -> None:
    pdf, mail = report_findings(CITY, "/usr/bin/chromium")
    assert pdf == ("pdf", "ok", "reports are printed by /usr/bin/chromium")
    assert mail == ("mail", "ok", "reports go by mail.hanbit.go.kr:587 to hanbit.go.kr")


def test_what_is_missing_is_a_note_with_what_to_do() -> None:
    (_, pdf, advice), (_, mail, setting) = report_findings(MailConfig(), "")
    assert (pdf, mail) == ("note", "note")
    assert "apt-get install chromium" in advice
    assert "mail.host" in setting
    _, nobody = report_findings(MailConfig(host="mail.hanbit.go.kr", sender="a@hanbit.go.kr"), "")
    assert "mail.domains" in nobody[2]


async def test_the_check_has_both_lines(tmp_path: Path) -> None:
    report = await examine(a_config(tmp_path / "home"))
    assert states(report, "mail") == {"note"}
    assert len(states(report, "pdf")) == 1
