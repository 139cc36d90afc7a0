"""The guideline for telephone menus of the Korea Communications Commission (방통위 ARS 가이드라인, 2009-11-25).

0 = a person, # = back, * = again are not the menu's to give away. Three levels at best, five at most; what is used most
comes first; what costs money says so first; who waits for more than 30 seconds is offered a call back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ars.menu_files.finding import Path
from ars.menu_files.lint.rule import Flaw, Look, error, levels, situations, warning
from ars.menu_files.lint.ways import is_offered
from ars.model import CALLBACK, CAPTIONS, LANGUAGE, WAIT, BookCallback, Screen, Speak

GOOD_DEPTH: Final = 3
GREATEST_DEPTH: Final = 5
MOST_CHOICES: Final = 9
LONGEST_WAIT_S: Final = 30


def depth(look: Look) -> Iterator[Flaw]:
    """How many keys lie before a screen."""
    for id, level in levels(look.menu).items():
        if level <= GOOD_DEPTH or id not in look.own:
            continue
        says = (
            f"is {level} levels below the start screen; the guideline wants {GOOD_DEPTH}, and {GREATEST_DEPTH} at most"
        )
        make = error if level > GREATEST_DEPTH else warning
        yield make("guideline-depth", ("screens", id), says)


def order(look: Look) -> Iterator[Flaw]:
    """The most used first, where the file tells how often."""
    for id, screen in look.screens():
        before: tuple[int, int] | None = None
        for place, choice in enumerate(screen.choices):
            if choice.uses is None:
                continue
            if before is not None and choice.uses > before[1]:
                says = f"is {choice.uses}, more than that of choices[{before[0] + 1}]; put the most used first"
                yield error("guideline-order", ("screens", id, "choices", place, "uses"), says)
            before = place, choice.uses


def number_of_choices(look: Look) -> Iterator[Flaw]:
    """At most nine at a time."""
    for id, screen in look.screens():
        if len(screen.choices) <= MOST_CHOICES:
            continue
        used = frozenset(name for c in screen.choices for name in (c.when, c.unless) if name)
        most = max((sum(is_offered(c, now) for c in screen.choices) for now in situations(look.menu, used)), default=0)
        if most > MOST_CHOICES:
            says = f"offers {most} at the same time; the guideline and the keys allow {MOST_CHOICES}"
            yield error("guideline-choices", ("screens", id, "choices"), says)


def fee(look: Look) -> Iterator[Flaw]:
    """What it costs is said before the service."""
    for id, screen in look.screens():
        if screen.paid and not screen.fee:
            yield error("guideline-fee", ("screens", id), "is paid but has no 'fee': say first what it costs")
        if screen.fee and not screen.paid:
            yield warning("fee-unpaid", ("screens", id, "fee"), "is there, but 'paid = true' is not")


def callback(look: Look) -> Iterator[Flaw]:
    """A call back instead of a long wait."""
    wait = look.menu.wait
    if not wait.callback:
        says = "is false; who waits for more than 30 s must be offered a call back"
        yield error("guideline-callback", ("wait", "callback"), says)
    if wait.callback_after_s > LONGEST_WAIT_S:
        says = f"is {wait.callback_after_s}; the call back must be offered after {LONGEST_WAIT_S} s at the latest"
        yield error("guideline-callback", ("wait", "callback_after_s"), says)
    waiting = look.menu.screens.get(WAIT)
    if waiting is not None and WAIT in look.own and not _offers_callback(waiting):
        says = f"has no choice that goes to {CALLBACK}: who waits must be offered a call back"
        yield error("guideline-callback", ("screens", WAIT), says)


def _offers_callback(screen: Screen) -> bool:
    return any(
        choice.go == CALLBACK or any(isinstance(do, BookCallback) for do in choice.do) for choice in screen.choices
    )


def captions_and_languages(look: Look) -> Iterator[Flaw]:
    """Who hears badly or speaks another language finds the way on the first screen, by key too."""
    for id in dict.fromkeys(start.screen for start in look.menu.start):
        screen = look.menu.screens.get(id)
        if screen is None:
            continue
        path: Path = ("screens", id)
        goes = {choice.go for choice in screen.choices}
        if CAPTIONS not in goes:
            yield warning(
                "no-captions", path, f'is a start screen without a key for captioned calls (go = "{CAPTIONS}")'
            )
        if len(look.menu.languages) > 1 and LANGUAGE not in goes and not _speaks(screen):
            yield warning("no-languages", path, f'is a start screen without a key for languages (go = "{LANGUAGE}")')


def _speaks(screen: Screen) -> bool:
    return any(isinstance(do, Speak) for choice in screen.choices for do in choice.do)


RULES: Final = (depth, order, number_of_choices, fee, callback, captions_and_languages)
