"""The wall's words: two languages, every key that is said, every state and alarm that may come."""

from __future__ import annotations

import json
import re
import typing
from pathlib import Path

import agent_assist
from agent_assist.wall import rows
from core import events

WEB = Path(agent_assist.__file__).parent / "web"
SCRIPTS = sorted((WEB / "wall").glob("*.js"))
OFFICE = ("notice.js", "page.js")


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((WEB / "messages" / f"wall.{language}.json").read_text("utf-8"))
    return found


def test_both_languages_have_the_same_keys_in_one_order_and_the_same_blanks() -> None:
    korean, english = words("ko"), words("en")
    assert list(korean) == list(english)
    for key, text in korean.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", english[key])), key
        assert text.strip() and english[key].strip(), key


def test_every_key_that_is_said_is_there() -> None:
    catalogue, missing = words("ko"), []
    for script in (*SCRIPTS, *(WEB / "office" / name for name in OFFICE)):
        text = script.read_text("utf-8")
        said = re.findall(r"say\('([\w.]+)'", text) + re.findall(r"[?:] '([a-z_]+\.[\w.]+)'", text)
        missing += [
            (script.name, key) for key in said if key not in catalogue and not key.startswith(("help.$", "nav.$"))
        ]
    # The office's frame is not the wall's: only its notice and its small pieces are used here.
    assert [each for each in missing if each[0] not in OFFICE or each[1].startswith("page.")] == [
        ("page.js", "page.help")
    ]


def test_all_that_may_come_has_its_word() -> None:
    catalogue = words("ko")
    kinds = (
        ("state.", typing.get_args(events.AgentState)),
        ("state.short.", typing.get_args(events.AgentState)),
        ("stage.", typing.get_args(rows.CallStage)),
        ("mode.", typing.get_args(events.SupervisionMode)),
        ("grade.", typing.get_args(events.Grade)),
        ("cause.", typing.get_args(events.SoundCause)),
        ("alert.", typing.get_args(events.AlertKind)),
        ("alert.", typing.get_args(events.AlarmCode)),
        ("alert.", typing.get_args(rows.Trouble)),
        ("speaker.", typing.get_args(events.Speaker)),
        ("reason.", typing.get_args(events.MissReason)),
        ("transfer.", ("ringing", "talking", "conference", "done")),
        ("set.", ("ready", "away", "wrap_up", "signed_out")),
    )
    assert [prefix + value for prefix, values in kinds for value in values if prefix + value not in catalogue] == []


def test_nothing_is_markup_and_nothing_comes_from_elsewhere() -> None:
    for file in (*SCRIPTS, *(WEB / "wall").glob("*.css"), WEB / "wall.html", WEB / "wallboard.html"):
        text = file.read_text("utf-8")
        assert "innerHTML" not in text, file
        assert not re.search(r"https?://", text), file
