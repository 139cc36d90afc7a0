"""In what language a call is heard: line, menu, agent; and where there is no model."""

from __future__ import annotations

from typing import Any

import pytest

from core.bus.memory_bus import MemoryBus
from core.config import LanguageConfig
from core.errors import Refused
from core.events import CallStarted, Event, LanguageChanged
from server.languages import CallLanguage, Languages
from server.line import Line
from tests.fakes.pools import ScriptedPools

EN = LanguageConfig(language="en-US", model="small-en", lines=("1120", "1121"))
VI = LanguageConfig(language="vi", model="small-vi")


class Calls:
    """Calls of a node that is configured so; Vietnamese has no model."""

    def __init__(self, *configured: LanguageConfig) -> None:
        self.pools: Any = ScriptedPools("ko", "en-US")
        self.languages = Languages(self.pools, configured)
        self.events: list[Event] = []

    def call(self, called: str = "120", past: tuple[Event, ...] = ()) -> CallLanguage:
        return CallLanguage(Line("c1", self.events.append, MemoryBus(), past), self.languages, called)

    def told(self) -> list[tuple[str, bool, str, str]]:
        said = [event for event in self.events if isinstance(event, LanguageChanged)]
        return [(event.language, event.heard, event.by, event.model) for event in said]


@pytest.fixture
def calls() -> Calls:
    return Calls(EN, VI)


async def test_the_number_called_decides_first(calls: Calls) -> None:
    """Of the usual language nothing is told."""
    for called, language in (("120", "ko"), ("1120", "en-US"), ("", "ko")):
        call = calls.call(called)
        await call.begin()
        assert call.language == language
        assert call.pool is calls.pools.get(language)
    assert calls.told() == [("en-US", True, "line", "model-en-US")]


async def test_then_the_menu_then_the_agent_who_has_the_last_word(calls: Calls) -> None:
    """Ears hear of each change at once; what changes nothing is not told."""
    call = calls.call()
    turned: list[Any] = []
    await call.begin()
    with call.follow(turned.append):
        await call.menu("en")
        await call.menu("en")
        await call.menu("vi")
        await call.choose("ko")
        await call.menu("en")
    await call.choose("en")
    assert turned == [calls.pools.get("en-US"), None, calls.pools.get("ko")]
    assert calls.told() == [
        ("en-US", True, "menu", "model-en-US"),
        ("vi", False, "menu", ""),
        ("ko", True, "agent", "model-ko"),
        ("en-US", True, "agent", "model-en-US"),
    ]


async def test_a_menu_may_speak_what_nobody_configured(calls: Calls) -> None:
    """It is told that nobody hears it; an agent cannot choose it."""
    call = calls.call()
    await call.menu("mn")
    assert calls.told() == [("mn", False, "menu", "")]
    assert call.pool is None
    with pytest.raises(Refused) as refused:
        await call.choose("mn")
    assert refused.value.code == "no_language"
    assert [(one.language, one.heard) for one in calls.languages.offered()] == [
        ("ko", True),
        ("en-US", True),
        ("vi", False),
    ]


async def test_without_further_languages_nothing_changes() -> None:
    """Nothing is offered, told or refused but an agent's wish."""
    calls = Calls()
    call = calls.call("1120")
    await call.begin()
    await call.menu("en")
    assert (call.language, call.may_change, calls.languages.offered()) == ("ko", False, ())
    with pytest.raises(Refused):
        await call.choose("en")
    assert calls.events == []


async def test_a_node_that_takes_a_call_over_goes_on_in_its_language(calls: Calls) -> None:
    """And the agent's word still is the last one; what is no longer heard is told."""
    chosen = LanguageChanged(seq=2, language="en-US", heard=True, by="agent", model="small-en")
    call = calls.call("120", (CallStarted(seq=1), chosen))
    await call.begin()
    await call.menu("vi")
    assert (call.language, calls.told()) == ("en-US", [])
    gone = calls.call("120", (CallStarted(seq=1), LanguageChanged(seq=2, language="vi", heard=True, by="menu")))
    await gone.begin()
    assert calls.told() == [("vi", False, "menu", "")]


async def test_a_node_that_has_no_languages_any_more_hears_its_own() -> None:
    """And says so."""
    calls = Calls()
    call = calls.call("120", (CallStarted(seq=1), LanguageChanged(seq=2, language="en-US", heard=True, by="agent")))
    await call.begin()
    assert [told[:2] for told in calls.told()] == [("ko", True)]
