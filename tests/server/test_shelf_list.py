"""What is on the shelves, what can be fetched, what uses what."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import Config, LanguageConfig, SttConfig
from core.errors import BadInput, Refused
from core.home import Home
from server import models_here
from server.shelf_list import in_words, rows
from server.shelf_remove import removable, remove
from tests.fakes.small_models import VOSK_FILES, snapshot, write_model

CONFIG = Config(
    stt=SttConfig(model="mine"),
    languages=(
        LanguageConfig(language="en", model="vosk-model-small-en-us-0.15", lines=("1120", "1121")),
        LanguageConfig(language="vi", model="gone"),
        LanguageConfig(language="ru", model="mine"),
    ),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a model in use, a free one, and half of one."""
    home = Home(tmp_path)
    for name in ("mine", "free", "vosk-model-small-uz-0.22"):
        write_model(home.models / name)
    write_model(home.models / "half", {"am/final.mdl": VOSK_FILES["am/final.mdl"]})
    (home.models / ".arriving/x").mkdir(parents=True)
    return home


def test_everything_is_listed_once(home: Home) -> None:
    """Here, broken, missing though used, and to be had."""
    found = {row.name: row for row in rows(CONFIG, home)}
    assert len(found) == len(rows(CONFIG, home))
    assert found["mine"].used_by == ("stt.model", "languages: ru")
    assert (found["mine"].state, found["free"].used_by, found["free"].languages) == ("installed", (), ())
    assert (found["half"].state, "conf/mfcc.conf is missing" in found["half"].says) == ("broken", True)
    assert (found["gone"].state, found["gone"].used_by) == ("missing", ("languages: vi",))
    wanted = found["vosk-model-small-en-us-0.15"]
    assert (wanted.state, wanted.used_by) == ("missing", ("languages: en (line 1120, 1121)",))
    assert "is not on this machine; run: minwon models fetch" in wanted.says
    uzbek = found["vosk-model-small-uz-0.22"]
    assert (uzbek.state, uzbek.languages, uzbek.licence) == ("installed", ("uz",), "Apache-2.0")
    assert found["ko-hanbit"].state == "installed"
    assert found["sherpa-onnx-whisper-small"].state == "available"
    assert "x" not in found


def test_what_a_bundle_carries(home: Home) -> None:
    """Every usable model of this home, labelled or not; none that comes inside the product, none that is broken."""
    (home.models / "elsewhere").symlink_to(write_model(home.root / "disk/big"))
    names = ["elsewhere", "free", "mine", "vosk-model-small-uz-0.22"]
    assert models_here.brought(home) == [home.models / name for name in names]


def test_in_words(home: Home) -> None:
    """Facts in one line, what is known below it, never wider than the terminal."""
    text = in_words(rows(CONFIG, home), 100)
    assert "  mine  vosk  16000 Hz  0 MB  used by stt.model, languages: ru" in text
    assert "  gone  MISSING, used by languages: vi" in text
    assert text.index("On this machine") < text.index("  free  ") < text.index("models fetch NAME brings")
    assert max(len(line) for line in text.splitlines() if line.startswith(" " * 6)) < 100


def test_what_nobody_uses_can_be_removed(home: Home) -> None:
    """At once and whole."""
    before = snapshot(home.models)
    remove(removable("free", CONFIG, home))
    remove(removable("half", CONFIG, home))
    after = snapshot(home.models)
    assert after == {
        name: content for name, content in before.items() if not name.startswith(("free", "half", ".arriving"))
    } | {name: content for name, content in before.items() if name.startswith(".arriving")}


@pytest.mark.parametrize("name", ["", "ko-hanbit", "../models/free", ".arriving", "nothing"])
def test_what_can_not_be_removed(home: Home, name: str) -> None:
    """The product's own, what is elsewhere, what is not there."""
    with pytest.raises(BadInput, match="only what was fetched or imported can be removed"):
        removable(name, CONFIG, home)


def test_what_is_used_stays(home: Home) -> None:
    """It is told by what."""
    with pytest.raises(Refused, match=r"mine is used by stt\.model, languages: ru: change that setting first"):
        removable("mine", CONFIG, home)
