"""`minwon models ...` as people meet it: what it prints, one line of advice, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models import catalog
from tests.fakes import vosk_variants
from tests.fakes.archive_server import page, serving, whole
from tests.fakes.small_models import below, snapshot, write_model, zip_of
from tests.server.test_cli import Terminal, one_line, terminal

__all__ = ["terminal"]

NAME = "vosk-model-small-vn-0.4"


def test_fetch_list_and_remove(terminal: Terminal) -> None:
    """From a mirror; the checksum of the first time is told."""
    with serving(whole(zip_of(below(NAME)))) as mirror:
        status, out, err = terminal.minwon("models", "fetch", NAME, "--url", mirror.url, "--untried")
        assert (status, out.startswith(f"{NAME} is there: ")) == (0, True)
        assert "is recorded from now on" in err
        assert "was there already" in terminal.minwon("models", "fetch", NAME, "--url", mirror.url, "--untried")[1]
        assert json.loads(terminal.minwon("models", "fetch", NAME, "--json")[1])["already"]
    status, out, _ = terminal.minwon("models", "list", "--json")
    row = next(row for row in map(json.loads, out.splitlines()) if row["name"] == NAME)
    assert (row["state"], row["languages"], row["used_by"]) == ("installed", ["vi"], [])
    assert f"  {NAME}  vi  vosk  16000 Hz  0 MB  not used" in terminal.minwon("models", "list")[1]
    assert terminal.minwon("models", "remove", NAME, stdin="n\n")[0] == 130
    assert terminal.minwon("models", "remove", NAME, "--yes")[:2] == (0, f"{NAME} is deleted\n")
    assert "only what was fetched" in one_line(terminal.minwon("models", "remove", NAME, "--yes")[2])


def test_import_export_and_verify(terminal: Terminal, tmp_path: Path) -> None:
    """By hand to another machine; what can't be loaded is said by verify."""
    write_model(tmp_path / "brought")
    status, out, _ = terminal.minwon(
        "models", "import", str(tmp_path / "brought"), "--name", "m", "--language", "en", "--untried"
    )
    assert (status, out) == (0, f"m is there: {tmp_path}/home/models/m\n")
    status, out, _ = terminal.minwon("models", "export", "m", str(tmp_path / "m.zip"))
    assert status == 0
    assert "there: minwon models import m.zip" in out
    status, out, _ = terminal.minwon("models", "import", str(tmp_path / "m.zip"), "--name", "n", "--json", "--untried")
    assert json.loads(out)["path"] == f"{tmp_path}/home/models/n"
    status, _, err = terminal.minwon("models", "verify", "n")
    assert status == 1
    assert "Vosk can't load the speech model" in one_line(err)


def test_graph_and_acoustic_model_that_do_not_fit_together(terminal: Terminal, tmp_path: Path) -> None:
    """libvosk dies of it, in a child; the shelf is as before."""
    broken = vosk_variants.with_half_a_graph(tmp_path / "broken")
    write_model(tmp_path / "home/models/first")
    before = snapshot(tmp_path / "home/models")
    status, _, err = terminal.minwon("models", "import", str(broken))
    assert status == 1
    assert "graph and acoustic model do not fit together" in err.splitlines()[-1]
    assert "the speech model broken" in err.splitlines()[-1]
    assert snapshot(tmp_path / "home/models") == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fetch", "nothing"), "the catalogue has no speech model 'nothing'"),
        (("import", "/nothing.zip"), "/nothing.zip is not there"),
        (("export", "nothing", "x.zip"), "there is no speech model 'nothing'"),
        (("verify", NAME), f"run: minwon models fetch {NAME}"),
        (("remove", "ko-hanbit"), "only what was fetched or imported can be removed"),
    ],
)
def test_wrong_words(terminal: Terminal, words: tuple[str, ...], says: str) -> None:
    """One line."""
    status, out, err = terminal.minwon("models", *words)
    assert (status, out) == (1, "")
    assert says in one_line(err)


def test_a_page_instead_of_an_archive(terminal: Terminal, tmp_path: Path) -> None:
    """One line at last; the shelf is as before."""
    write_model(tmp_path / "home/models/first")
    before = snapshot(tmp_path / "home/models")
    with serving(page("Sign in")) as proxy:
        status, _, err = terminal.minwon("models", "fetch", NAME, "--url", proxy.url)
    assert status == 1
    assert "a web page comes instead of an archive (Sign in)" in err.splitlines()[-1]
    assert snapshot(tmp_path / "home/models") == before


def test_every_offer_stands_in_the_manual() -> None:
    """docs/models.md has them all, in the catalogue's order, with language, size and licence."""
    manual = Path(__file__).parents[2] / "docs/models.md"
    lines = [line for line in manual.read_text("utf-8").splitlines() if line.startswith("| `")]
    expected = [
        f"| `{offer.name}` | {' '.join(offer.languages)} | {offer.engine}{f' ({offer.kind})' if offer.kind else ''} | "
        f"{f'{offer.size / 1e6:.0f} MB' if offer.size else 'not known'} | {offer.licence} |"
        for offer in catalog.offers().values()
    ]
    assert [line for line in lines if line in expected] == expected
