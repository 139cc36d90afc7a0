"""``minwon models adapt``: from a list and a database to a model that hears the names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from core.home import Home, open_home
from core.store.entry import Entry
from core.store.sql_store import open_store
from models import shelf
from models.adapting.wanted import WordList, listed
from server import adapting
from server.adapting import Adapted, adapt, in_words
from server.city_words import CityWords, gathered, of_records
from tests.models.kaldi import small_model
from tests.models.test_sherpa_files import STREAMING, transducer
from tests.models.test_sherpa_files import folder as sherpa_folder
from tests.server.test_cli import Terminal, one_line, terminal

__all__ = ["terminal"]

DEPARTMENTS = tuple(
    f"{first}{second}과"
    for first in ("도시", "청년", "미래", "녹색", "마을", "평생", "수변")
    for second in ("재생", "활력", "상생")
)


def quiet(step: str, parts: int) -> Callable[[], None]:
    """Nobody watches."""
    return lambda: None


def city(*words: str) -> CityWords:
    """These words and no phrases."""
    return CityWords(listed(words), ())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A model of ours, of a dozen words."""
    return small_model.written(tmp_path / "small")


@pytest.mark.slow
def test_invented_departments_are_heard(small: Path, tmp_path: Path) -> None:
    """Twenty names that the model never heard: none before, nine of ten afterwards; the shelf has the new model."""
    done = adapt(shelf.find(str(small)), city(*DEPARTMENTS[:20], "2팀"), tmp_path / "shelf", "ko-city", quiet)
    assert (done.names, done.sentences, done.before) == (20, 60, 0.0)
    assert done.after >= 0.9
    assert shelf.find("ko-city", shelves=[tmp_path / "shelf"]).path == Path(done.path)
    said = in_words(done)
    assert "line 21: 2팀: has digits" in said
    assert "in 0 % before, in " in said


def test_the_shelf_stays_as_it_was(small: Path, tmp_path: Path) -> None:
    """A name that is taken, a model without lexicon, nothing to add: one line."""
    info, there = shelf.find(str(small)), tmp_path / "shelf"
    adapt(info, city("도시재생과"), there, "ko-city", quiet, measure=False)
    with pytest.raises(ModelFault, match="is there already"):
        adapt(info, city("청년활력과"), there, "ko-city", quiet)
    with pytest.raises(BadInput, match="is no name for a model"):
        adapt(info, city("청년활력과"), there, "../ko", quiet)
    with pytest.raises(BadInput, match="nothing to add"):
        adapt(info, city("교통행정과"), there, "ko-other", quiet)
    shutil.rmtree(small / "source")
    with pytest.raises(ModelFault, match=r"of your 2 it knows 1.*--grammar"):
        adapt(info, city("청년활력과", "교통행정과"), there, "ko-other", quiet)
    (small / "graph/words.txt").unlink()
    with pytest.raises(ModelFault, match=r"in words that it knows: try .*--grammar"):
        adapt(info, city("청년활력과"), there, "ko-other", quiet)
    (small / "graph/Gr.fst").unlink()
    with pytest.raises(ModelFault, match="nor does its static graph take run-time grammars"):
        adapt(info, city("청년활력과"), there, "ko-other", quiet)
    assert [entry.name for entry in there.iterdir()] == ["ko-city"]


def test_without_a_synthesiser_the_model_is_there_all_the_same(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put on the shelf before it is measured: that the measuring failed is told, and no more."""
    monkeypatch.setenv("PATH", str(tmp_path))
    done = adapt(shelf.find(str(small)), city("도시재생과"), tmp_path / "shelf", "ko-city", quiet)
    assert shelf.find("ko-city", shelves=[tmp_path / "shelf"]).name == done.model
    assert "not measured: espeak-ng is missing" in in_words(done)


def test_hot_words_of_a_transducer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sherpa-onnx's transducers take the names as phrases, in a copy; a CTC model says that it takes none."""
    monkeypatch.setattr(adapting, "try_out", lambda info: None)  # these files are no networks
    (tmp_path / "zipformer").mkdir()
    sherpa_folder(tmp_path / "zipformer", transducer(STREAMING))
    info = shelf.find(str(tmp_path / "zipformer"))
    done = adapt(info, city("도시재생과", "한빛 복지관"), tmp_path / "shelf", "ko-hot", quiet, measure=False)
    assert (Path(done.path) / "hotwords.txt").read_text(encoding="utf-8") == "도시재생과\n한빛 복지관\n"
    assert not (info.path / "hotwords.txt").exists()
    (tmp_path / "ctc").mkdir()
    sherpa_folder(tmp_path / "ctc", {"model.onnx": STREAMING})
    with pytest.raises(BadInput, match="takes no hot words"):
        adapt(shelf.find(str(tmp_path / "ctc")), city("도시재생과"), tmp_path / "shelf", "ctc-hot", quiet)
    assert [entry.name for entry in (tmp_path / "shelf").iterdir()] == ["ko-hot"]


def test_words_of_records() -> None:
    """Departments and people by their class, long words of entries without one, phrases of Hangul words only."""
    entry = Entry(id="1", title="등본·초본 인터넷 발급(정부24)", keywords=("한빛사랑상품권", "QR 결제"))
    found = of_records(["민원여권과", "제2청사"], ["오지훈"], [entry, entry])
    assert [(name.text, name.kind) for name in found.names.wanted] == [
        ("민원여권과", "department"),
        ("오지훈", "person"),
        ("인터넷", "other"),
        ("한빛사랑상품권", "other"),
    ]
    assert found.names.unusable[0].text == "제2청사"
    assert found.phrases == (("등본", "초본", "인터넷", "발급"), ("한빛사랑상품권",), ("결제",))


async def test_list_and_database_together(tmp_path: Path) -> None:
    """Either alone, both as one, neither: advice."""
    home: Home = open_home(tmp_path / "home")
    file = tmp_path / "words.txt"
    file.write_text("도시재생과\n세정과\n", encoding="utf-8")
    with pytest.raises(BadInput, match="--words FILE, --kb, or both"):
        await gathered(None, None, home)
    with pytest.raises(BadInput, match="kb import"):
        await gathered(None, "", home)
    store = await open_store("", home)
    await store.put_entries([Entry(id="1", title="지방세 납부", department="세정과", person="오지훈")])
    await store.close()
    both = await gathered(file, "", home)
    assert [name.text for name in both.names.wanted] == ["도시재생과", "세정과", "오지훈", "지방세"]
    assert both.phrases == (("지방세", "납부"),)
    assert (await gathered(file, None, home)).phrases == ()


def test_on_the_command_line(terminal: Terminal, small: Path, tmp_path: Path) -> None:
    """One JSON line or sentences, one step a line on stderr; one line of advice where it can't be."""
    (tmp_path / "words.txt").write_text("도시재생과\n", encoding="utf-8")
    words = ("models", "adapt", str(small), "--words", str(tmp_path / "words.txt"), "--no-measure", "--out")
    status, out, err = terminal.minwon(*words, "ko-city", "--json")
    assert (status, json.loads(out)["names"], json.loads(out)["sentences"]) == (0, 1, 0)
    assert "minwon: language model" in err
    assert 'use it: [stt] model = "ko-two"' in terminal.minwon(*words, "ko-two")[1]
    assert "is there already" in one_line(terminal.minwon(*words, "ko-two")[2])
    assert "--words FILE, --kb, or both" in one_line(terminal.minwon("models", "adapt", "--out", "ko-three")[2])


def test_long_lists_are_cut_in_print() -> None:
    """Twenty lines, and how many more."""
    unusable = listed(["도로과", *(f"{number}팀" for number in range(30))]).unusable
    done = Adapted(model="m", path="/m", names=1, known=0, unusable=unusable, words=3, megabytes=1.0, seconds=1.0)
    assert "... and 10 more" in in_words(done)
    assert "spoken sentences" not in in_words(done)
    assert WordList((), ()) == listed([])
