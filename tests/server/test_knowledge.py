"""`minwon kb`: a table goes in, comes out the same, and brings cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import Config
from core.errors import BadInput
from core.home import Home, open_home
from agent_assist.knowledge.exporting import as_csv
from server.knowledge import export_file, import_file, in_words, sample_entries, suggester

CONFIG = Config()
TABLE = "번호,제목,부서,키워드\n7,여권 재발급,민원여권과,여권;여권 다시\n8,대형폐기물 배출,자원순환과,장롱;매트리스\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
async def test_a_table_is_imported_in_the_encodings_of_korean_offices(
    home: Home, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "kb.csv"
    file.write_text(TABLE, encoding)
    summary = await import_file(file, CONFIG, home, dry_run=False)
    assert summary.imported == 2
    suggest = await suggester(CONFIG, home)
    assert [card.id for card in suggest("여권을 다시 만들고 싶어요")] == ["7"]


async def test_a_dry_run_changes_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "kb.csv"
    file.write_text(TABLE, "utf-8")
    summary = await import_file(file, CONFIG, home, dry_run=True)
    assert "2건" in in_words(summary)
    assert len((await suggester(CONFIG, home))("장롱을 버리려고요")) > 0  # still the sample's answer
    assert "번호" in await exported(home, tmp_path)
    assert "여권 재발급,민원여권과" not in await exported(home, tmp_path)


async def exported(home: Home, tmp_path: Path) -> str:
    file = tmp_path / "out.csv"
    await export_file(file, CONFIG, home)
    return file.read_bytes().decode("utf-8-sig")


async def test_what_is_exported_is_imported_the_same(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    file.write_text(as_csv(sample_entries()), "utf-8-sig", newline="")
    summary = await import_file(file, CONFIG, home, dry_run=False)
    assert summary.rejected == ()
    assert await exported(home, tmp_path) == as_csv(sample_entries())


async def test_a_file_that_is_not_there_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.csv"):
        await import_file(tmp_path / "nowhere.csv", CONFIG, home, dry_run=False)


async def test_small_talk_brings_no_card(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    suggest = await suggester(CONFIG, home)
    assert "sample" in capsys.readouterr().err
    assert suggest("네 안녕하세요") == []
