"""`minwon check` looks at everything that a node needs, and changes nothing."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from core.config import (
    AgentConfig,
    ArsConfig,
    Config,
    ForksConfig,
    LanguageConfig,
    NodeConfig,
    SipConfig,
    SmsConfig,
    StoreConfig,
    SttConfig,
    WebConfig,
)
from core.home import Home, open_home
from core.store.entry import Entry
from core.store.sql_store import open_store
from models import shelf
from server.check import Report, examine, in_words
from server.check_speech import speech_findings
from stt import memory


def a_config(home: Path, **sections: object) -> Config:
    basis: dict[str, object] = {
        "node": NodeConfig(home=str(home)),
        "web": WebConfig(port=0),
        "sip": SipConfig(port=0),
        "agents": (AgentConfig(id="kim", name="김하늘", uri="sip:1@127.0.0.1", password_hash="scrypt$"),),
    }
    return Config(**(basis | sections))  # type: ignore[arg-type]


def states(report: Report, part: str) -> set[str]:
    return {finding.state for finding in report.findings if finding.part == part}


async def test_a_good_site_can_run(home: Home) -> None:
    store = await open_store("", open_home(home.root))
    await store.put_entries([Entry(id="1", title="여권")])
    await store.close()
    report = await examine(a_config(home.root))
    assert report.can_run
    assert states(report, "store") == {"ok"}
    assert "A node can run." in in_words(report)


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
async def test_a_taken_sip_port_is_a_fault(home: Home, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            holder.listen()
        port = holder.getsockname()[1]
        report = await examine(a_config(home.root, sip=SipConfig(port=port, workers=1)))
    assert not report.can_run
    assert any(str(port) in finding.says and "sip.port" in finding.says for finding in report.findings)


async def test_what_only_hinders_is_a_note(home: Home) -> None:
    report = await examine(a_config(home.root, agents=(AgentConfig(id="lee", name="이슬"),)))
    assert report.can_run
    assert states(report, "agents") == {"note"}
    assert states(report, "store") == {"note"}


async def test_a_database_that_is_away_is_a_fault_without_its_password(home: Home) -> None:
    url = "postgresql://minwon:geheim@127.0.0.1:9/minwon"
    report = await examine(a_config(home.root, store=StoreConfig(url=url)))
    assert states(report, "store") == {"fault"}
    assert "geheim" not in in_words(report)


async def test_models_of_languages_are_looked_up_on_the_homes_shelf(home: Home) -> None:
    """A language without a model, of another language, or of the main one again, is a note: calls go on."""
    shutil.copytree(shelf.find().path, home.models / "mine")
    here = LanguageConfig(language="ja", model="mine", workers=2, lines=("1121",))
    missing = LanguageConfig(language="en", model="vosk-model-small-en-us-0.15")
    again = LanguageConfig(language="ko", model="mine")
    report = await examine(a_config(home.root, stt=SttConfig(workers=1), languages=(here, missing, again)))
    found = [(finding.state, finding.says) for finding in report.findings if finding.part == "stt"]
    assert [state for state, _ in found] == ["ok", "ok", "note", "note", "note"]
    said = [says for _, says in found]
    assert said[0].startswith("ko: ko-hanbit, vosk, 8000 Hz, 1 decode worker; every line")
    assert said[1].startswith("ja: mine, vosk, 8000 Hz, 2 decode workers; line 1121, the menu and the desk choose it.")
    assert said[2] == "ja: the model mine says that it is of the language 'ko'"
    assert "minwon models fetch vosk-model-small-en-us-0.15" in said[3]
    assert "already" in said[4]


async def test_models_that_do_not_fit_into_memory(home: Home) -> None:
    """The main one is a fault, a further one a note."""
    languages = (LanguageConfig(language="en", model=""),)
    config = a_config(home.root, stt=SttConfig(workers=1), languages=languages)
    info = shelf.find()
    need = memory.need_mb(info)
    few = [state for state, _ in speech_findings(config, lambda _name: info, 1, need)]
    assert few == ["ok", "ok", "note", "note"], "the last: its label says Korean"
    none = [state for state, _ in speech_findings(config, lambda _name: info, 1, need - 1)]
    assert none[:2] == ["ok", "fault"]


async def test_a_broken_model_is_a_fault(home: Home, tmp_path: Path) -> None:
    report = await examine(a_config(home.root, stt=SttConfig(model=str(tmp_path))))
    assert states(report, "stt") == {"fault"}
    assert not report.can_run


async def test_an_outbox_is_a_note_for_nothing_is_sent(home: Home) -> None:
    report = await examine(a_config(home.root))
    assert report.can_run
    assert states(report, "sms") == {"note"}
    assert "sent to nobody" in in_words(report)


async def test_a_gateway_is_looked_for_and_its_key_not_shown(home: Home) -> None:
    with socket.socket() as gateway:
        gateway.bind(("127.0.0.1", 0))
        gateway.listen()
        url = f"http://127.0.0.1:{gateway.getsockname()[1]}"
        sms = SmsConfig(gateway="sens", url=url, sender="0330000120", service="s", access_key="a", secret_key="geheim")
        report = await examine(a_config(home.root, sms=sms))
        assert states(report, "sms") == {"ok"}
    away = await examine(a_config(home.root, sms=sms))
    assert away.can_run, "callers are served by voice"
    assert states(away, "sms") == {"note"}
    assert "can't be reached" in in_words(away)
    assert "geheim" not in in_words(away)


async def test_a_menu_that_cannot_be_used_is_a_fault_with_its_line(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text('id = "x"\ntitle = {', "utf-8")
    report = await examine(a_config(home.root, ars=ArsConfig(menu=str(file))))
    assert not report.can_run
    says = [finding.says for finding in report.findings if finding.part == "ars" and finding.state == "fault"]
    assert len(says) == 1 and "menu.toml:2" in says[0]


async def test_the_shipped_menu_runs_and_says_what_is_missing_around_it(home: Home) -> None:
    report = await examine(a_config(home.root, ars=ArsConfig(menu="hanbit")))
    assert report.can_run
    says = " ".join(finding.says for finding in report.findings if finding.part == "ars")
    assert "web.public_url" in says and "sip.outbound" in says
    whole = a_config(
        home.root,
        ars=ArsConfig(menu="hanbit"),
        web=WebConfig(port=0, public_url="https://120.city.example"),
        sip=SipConfig(port=0, outbound="sip:{number}@10.0.0.5"),
    )
    assert states(await examine(whole), "ars") == {"ok"}


async def test_the_doors_of_forks(home: Home) -> None:
    assert not states(await examine(a_config(home.root)), "forks"), "there are none"
    report = await examine(a_config(home.root, forks=ForksConfig(port=0, audiosocket_port=0)))
    assert states(report, "forks") == {"ok", "note"}
    missing = ForksConfig(port=0, certificate_file=str(home.root / "none.pem"), key_file=str(home.root / "none.pem"))
    assert "fault" in states(await examine(a_config(home.root, forks=missing)), "forks")
