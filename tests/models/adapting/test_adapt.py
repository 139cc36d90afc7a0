"""A model folder with new words, and what is heard with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from models import shelf
from models.adapting.adapt import adapted
from models.adapting.trying import Try, recall, tries
from models.adapting.wanted import listed
from models.kaldi import folder
from models.korean.lexicon import lexicon
from models.label import Label, read_label
from tests.models.kaldi.small_model import LEXICON, written


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A model of ours, of a dozen words."""
    model = written(tmp_path / "small")
    (model / "source/network.npz").write_bytes(b"as it was")
    return model


def test_the_new_folder(small: Path, tmp_path: Path) -> None:
    """Words, forms, class and label; the old folder stays as it is."""
    before = {file: file.read_bytes() for file in small.rglob("*") if file.is_file()}
    words = listed(["도시재생과", "교통행정과", "한빛 복지관"])
    added = adapted(small, tmp_path / "new", words.wanted, [("여권", "분실")], pronounce=lexicon)
    assert [name.text for name in added.names] == ["도시재생과", "한빛 복지관"]
    assert [name.text for name in added.known] == ["교통행정과"]
    found, classes = folder.read_source(tmp_path / "new")
    assert {"도시재생과로", "도시재생과에서", "한빛", "복지관이요", "분실"} <= set(found)
    assert added.words == len(found) - len(LEXICON)
    assert classes["department"] == ("교통행정과", "주차관리과", "도시재생과")
    info = shelf.find(str(tmp_path / "new"))
    assert "adapted from small: 2 names" in info.label
    assert (tmp_path / "new/source/network.npz").read_bytes() == b"as it was"
    assert read_label(tmp_path / "new") != Label()
    assert {file: file.read_bytes() for file in small.rglob("*") if file.is_file()} == before


def test_again_on_what_came_out(small: Path, tmp_path: Path) -> None:
    """A new word stands where words stand that were added before."""
    adapted(small, tmp_path / "one", listed(["도시재생과"]).wanted, [], pronounce=lexicon)
    again = adapted(tmp_path / "one", tmp_path / "two", listed(["도시재생과", "세정과"]).wanted, [], pronounce=lexicon)
    assert [name.text for name in again.names] == ["세정과"]
    assert folder.read_source(tmp_path / "two")[1]["department"][-1] == "세정과"


def test_nothing_to_add(small: Path, tmp_path: Path) -> None:
    """Or a model that is not ours: one line, and nothing is written."""
    with pytest.raises(BadInput, match="knows all 1 words already"):
        adapted(small, tmp_path / "new", listed(["주차관리과"]).wanted, [], pronounce=lexicon)
    (small / folder.CLASSES).unlink()
    with pytest.raises(ModelFault, match="not made by this product"):
        adapted(small, tmp_path / "new", listed(["도시재생과"]).wanted, [], pronounce=lexicon)
    assert not (tmp_path / "new").exists()


def test_tries_and_recall() -> None:
    """Every class has its sentences, of many names a sample; spaces don't matter."""
    names = listed(["도시재생과", "한빛로", "새솔동", "김서연", "한빛상품권"]).wanted
    said = tries(names)
    assert len(said) == 15
    assert Try("도시재생과", "도시재생과로 연결해 주세요") in said
    assert Try("김서연", "김서연이라고 합니다") in said
    assert {one.name for one in tries(names, most=2)} < {name.text for name in names}
    assert recall([Try("한빛 복지관", ""), Try("도로과", "")], ["한 빛복지관 어디", "도로가"]) == 0.5
    assert recall([], []) == 0.0
