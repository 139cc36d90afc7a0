"""Issues past and present, over HTTP."""

from __future__ import annotations

from core.store.knowledge import IssueRecord
from tests.fakes.admin_site import NOW, AdminSite


async def test_issues_are_listed_and_taken_note_of(site: AdminSite) -> None:
    for number in range(3):
        await site.store.knowledge.put_issue(
            IssueRecord(issue_id=f"i{number}", terms=("단수",), calls=9, usual=0.4, since=NOW.replace(minute=number))
        )
    page = await site.get("issues?limit=2", by="supervisor")
    assert ([one["issue_id"] for one in page["issues"]], page["more"]) == (["i2", "i1"], True)
    before = page["issues"][-1]["since"].replace("+", "%2B")
    rest = await site.get(f"issues?before={before}", by="supervisor")
    assert ([one["issue_id"] for one in rest["issues"]], rest["more"]) == (["i0"], False)
    await site.post("issues/i1/seen", by="supervisor")
    assert site.knowing.seen == [("i1", "supervisor")]
    assert (await site.ask("POST", "issues/none/seen", by="supervisor"))[0] == 404
    assert (await site.ask("GET", "issues?before=yesterday", by="supervisor"))[0] == 400
