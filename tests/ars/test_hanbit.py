"""The shipped menu of the invented city: right by the linter, by the guideline and by the city's own facts."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pytest

from ars.effects import Effect, SendText, ToQueue
from ars.inputs import HungUp, Joined, Key, Push, Silence
from ars.menu import step
from ars.menu_files.menu_file import Loaded, load, menu_of, shipped
from ars.model import CAPTIONS, CLOSED, JOIN, LANGUAGES, Menu, Screen, Send, Words, is_open
from ars.state import Sent, State, Stop, begin
from ars.view import Around
from ars.voice import speech
from core.city import City
from core.city import load as load_city

OPEN = dt.datetime(2026, 11, 26, 10, 0)
"""A Thursday, when agents answer and the offices are open."""
NIGHT = dt.datetime(2026, 11, 26, 23, 0)
NATIONAL = {"119"}
"""Numbers that every city shares."""
SOURCES: dict[str, tuple[int, ...]] = {
    "arrears": (89, 91),
    "bus": (47,),
    "bus-card": (47,),
    "bus-complaint": (42,),
    "bus-lines": (41, 44),
    "car-tax": (84, 85, 86),
    "cars": (52, 53, 54, 55),
    "clinic": (123,),
    "complaint": (30,),
    "dementia": (129, 130),
    "disability": (45, 114),
    "electronics": (63,),
    "emergency-aid": (93, 94, 96),
    "family": (21, 100, 107, 128),
    "family-papers": (6, 8),
    "fine-object": (35,),
    "fine-pay": (34,),
    "food-permit": (122,),
    "garbage": (64, 65, 66),
    "hours": (15, 28, 202),
    "id-card": (16,),
    "kiosks": (4, 28),
    "leak": (77,),
    "leak-done": (77,),
    "lost": (43,),
    "medical": (124, 192),
    "moving-in": (17, 18),
    "noise": (134, 135, 136, 137),
    "parking-done": (32,),
    "parking-lots": (37, 38),
    "parking-report": (32,),
    "passport": (11, 14, 15),
    "passport-lost": (12, 13),
    "pension": (110,),
    "repair": (139, 140),
    "resident-copy": (1, 3),
    "senior-care": (113,),
    "senior-jobs": (111,),
    "seniors": (110, 111, 113),
    "stray-dog": (165,),
    "tax-pay": (88, 89, 90),
    "towed": (36,),
    "vaccine": (119, 121),
    "waste": (59, 60),
    "waste-done": (59, 62),
    "water-bill": (74, 75),
    "water-quality": (79,),
    "water-settle": (76,),
}
"""The entries of the consultation database that a screen's facts are taken from."""
TEXTS = {
    "arrears": 91,
    "bus-card": 47,
    "bus-complaint": 42,
    "bus-lines": 41,
    "car-tax": 85,
    "cars": 52,
    "clinic": 123,
    "dementia": 129,
    "disability": 45,
    "electronics": 63,
    "emergency-aid": 93,
    "family": 100,
    "family-papers": 8,
    "fine-object": 35,
    "fine-pay": 34,
    "food-permit": 122,
    "garbage": 64,
    "id-card": 16,
    "kiosks": 4,
    "medical": 124,
    "moving-in": 17,
    "noise": 135,
    "parking-lots": 37,
    "passport": 11,
    "passport-lost": 13,
    "pension": 110,
    "resident-copy": 1,
    "senior-care": 113,
    "senior-jobs": 111,
    "stray-dog": 165,
    "tax-pay": 90,
    "towed": 36,
    "vaccine": 119,
    "water-bill": 74,
    "water-quality": 79,
}
"""Messages that are an entry's own."""
MONEY = re.compile(r"\d[\d,]*(?:만(?: \d천)?|천)? ?원")
FIGURE = re.compile(r"\d[\d,]*")


@cache
def loaded() -> Loaded:
    path = shipped("hanbit")
    assert path is not None
    return load(path)


@cache
def menu() -> Menu:
    return menu_of(loaded(), "hanbit.toml")


@cache
def entries() -> dict[int, dict[str, str]]:
    source = files("agent_assist").joinpath("knowledge", "hanbit.csv").read_text("utf-8-sig")
    return {int(row["번호"]): row for row in csv.DictReader(source.splitlines())}


@cache
def city() -> City:
    return load_city()


def own() -> dict[str, Screen]:
    return {id: screen for id, screen in menu().screens.items() if not id.startswith("@")}


def known(*numbers: int) -> str:
    return " ".join(entries()[number][column] for number in numbers for column in ("제목", "절차", "본문", "문자"))


def korean(screen: Screen) -> Iterator[str]:
    """Everything that a Korean caller reads or hears on it."""
    for words in (screen.title, screen.text, screen.say, screen.fee):
        yield words.get("ko", "")
    for field in screen.fields:
        yield field.label["ko"]
        yield from (option.label["ko"] for option in field.options)
    for choice in screen.choices:
        yield choice.hint.get("ko", "")


def levels() -> dict[str, int]:
    """Keys to press until a screen is there."""
    found = {start.screen: 0 for start in menu().start}
    waiting = list(found)
    while waiting:
        id = waiting.pop(0)
        screen = menu().screens[id]
        for target in [choice.go for choice in screen.choices] + [screen.then]:
            if target and target not in found:
                found[target] = found[id] + 1
                waiting.append(target)
    return found


def test_no_finding_of_the_linter() -> None:
    assert loaded().findings == ()


def test_it_is_a_whole_menu() -> None:
    assert len(own()) >= 45
    assert menu().languages == LANGUAGES
    assert {CAPTIONS, "@language", "book"} <= {choice.go for choice in menu().screens["main"].choices}
    assert {start.screen for start in menu().start} == {"main", "night"}


def test_nothing_is_more_than_three_keys_away() -> None:
    there = levels()
    assert max(there.values()) <= 3
    assert set(own()) - set(there) <= set(menu().pushable) | {"handed-over"}, "the rest is sent by agents"


def test_few_choices_with_short_labels() -> None:
    for id, screen in own().items():
        services = {CAPTIONS, "@language", JOIN}
        assert sum(choice.go not in services for choice in screen.choices) <= 6, id
        for choice in screen.choices:
            assert len(choice.label["ko"]) <= 14, (id, choice.label["ko"])


def test_every_number_is_the_citys() -> None:
    departments = {department.id: department.phone for department in city().departments}
    districts = {f"dong-{district.id}": district.phone for district in city().districts}
    duty = {"duty": city().night_duty}
    real = departments | districts | duty
    for id, contact in menu().contacts.items():
        assert contact.phone in NATIONAL or contact.phone == real[id], id
    assert menu().phone == city().hotline


def test_numbers_in_texts_are_the_citys() -> None:
    phones = {d.phone for d in city().departments} | {d.phone for d in city().districts}
    phones |= {city().hotline, city().night_duty}
    for id, message in menu().messages.items():
        for text in message.text.values():
            assert set(re.findall(r"070-[\d-]+", text)) <= phones, id


def test_names_are_the_citys() -> None:
    for department in city().departments:
        if department.id in menu().contacts:
            assert menu().contacts[department.id].name == {"ko": department.name, "en": department.name_en}


def test_closed_on_the_citys_holidays() -> None:
    assert {(h.date, h.name["ko"]) for h in menu().holidays} == {(h.date, h.name) for h in city().holidays}
    christmas = dt.datetime(2026, 12, 25, 10, 0)
    assert not is_open(menu(), "agents", christmas)
    assert is_open(menu(), "agents", OPEN)
    assert begin("v", menu(), christmas).here.id == "night"


@pytest.mark.parametrize("id", sorted(SOURCES))
def test_facts_are_those_of_the_consultation_entries(id: str) -> None:
    """Every sum of money and every figure."""
    source = known(*SOURCES[id])
    screen = own()[id]
    for text in korean(screen):
        for sum_of_money in MONEY.findall(text):
            assert sum_of_money in source, sum_of_money
        for figure in FIGURE.findall(text):
            assert figure in FIGURE.findall(source), f"{figure} in: {text}"


def test_every_screen_that_tells_a_sum_names_its_source() -> None:
    for id, screen in own().items():
        if any(MONEY.search(text) for text in korean(screen)):
            assert id in SOURCES or all(choice.go in SOURCES for choice in screen.choices), id


@pytest.mark.parametrize(("message", "entry"), sorted(TEXTS.items()))
def test_texts_are_those_of_the_consultation_entries(message: str, entry: int) -> None:
    assert menu().messages[message].text["ko"] == entries()[entry]["문자"]


def test_texts_are_short_and_can_be_sent() -> None:
    """As many bytes as a short message may have, filled in like the longest real ones."""
    values = {
        "centre": menu().title["ko"],
        "link": "https://minwon.hanbit.example/v/" + "A" * 22,
        "phone": menu().phone,
        "date": "2026-12-31",
        "plate": "12가 3456",
        "line": "9999",
    }
    for id, message in menu().messages.items():
        for language, text in message.text.items():
            sent = text.format_map(values).encode("euc-kr")  # raises for a letter that no message can carry
            assert len(sent) <= 90, (id, language, len(sent))


def test_the_link_says_who_sends_it() -> None:
    """Else it looks like smishing."""
    for text in menu().messages["link"].text.values():
        assert text.startswith("[") and "{link}" in text
        assert "{centre}" in text or menu().title["ko"] in text


def test_each_message_is_sent_somewhere() -> None:
    sent = {
        do.message
        for screen in menu().screens.values()
        for dos in (screen.on_submit, screen.on_show, *(choice.do for choice in screen.choices))
        for do in dos
        if isinstance(do, Send)
    }
    assert sent | {"link"} == set(menu().messages)


def at(id: str, now: dt.datetime) -> State:
    """A visit that an agent's push, or its own start, has brought to this screen, with the ear free."""
    state = begin("v", menu(), now, has_number=True)
    if state.here.id == id:
        return state
    return step(state, Push(Stop(id=id)), now - dt.timedelta(minutes=1))[0]


@pytest.mark.parametrize("id", sorted(own()))
def test_every_screen_reaches_a_person(id: str) -> None:
    """By 0, or by # and 0 where 0 is a figure."""
    for keys in ("0", "#0"):
        state = at(id, OPEN)
        effects: tuple[Effect, ...] = ()
        for key in keys:
            state, effects = step(state, Key(key), OPEN)
        if ToQueue("") in effects:
            return
    pytest.fail("nobody answers")


@pytest.mark.parametrize("id", sorted(own()))
def test_at_night_0_tells_when_somebody_is_there(id: str) -> None:
    state, _ = step(at(id, NIGHT), Key("0"), NIGHT)
    if state.here.id == id:  # 0 was a figure
        state, _ = step(step(at(id, NIGHT), Key("#"), NIGHT)[0], Key("0"), NIGHT)
    assert state.here.id == CLOSED


@pytest.mark.parametrize("id", sorted(own()))
def test_every_screen_has_words_for_ear_and_eye(id: str) -> None:
    for language in ("ko", "en"):
        state = begin("v", menu(), OPEN, language=language)
        pieces = speech(step(state, Push(Stop(id=id)), OPEN)[0], Around(), OPEN)
        assert pieces and all(piece.text.strip() and piece.language == language for piece in pieces)
    for words in every_words(own()[id]):
        assert words["ko"].strip() and words["en"].strip()
        assert not re.search("[가-힣]", words["en"].replace("12가 3456", "")), words["en"]


def every_words(screen: Screen) -> Iterator[Words]:
    yield screen.title
    yield from (words for words in (screen.text, screen.say, screen.fee, screen.submit) if words)
    for choice in screen.choices:
        yield choice.label
        if choice.hint:
            yield choice.hint
    for field in screen.fields:
        yield field.label
        yield from ([field.hint] if field.hint else [])
        yield from (option.label for option in field.options)


def test_what_is_heard_is_short_enough() -> None:
    """A quarter of a minute at seven syllables a second, fee and choices apart: longer, and an ear forgets."""
    for id, screen in own().items():
        heard = screen.say.get("ko") or screen.title["ko"] + screen.text.get("ko", "")
        assert len(re.findall("[가-힣0-9]", heard)) <= 100, (id, len(re.findall("[가-힣0-9]", heard)))


def test_start_screens_speak_all_languages() -> None:
    for id in ("main", "night", "book", "urgent", "medical", "duty", "hours"):
        for words in (own()[id].title, *(choice.label for choice in own()[id].choices)):
            assert set(words) == set(LANGUAGES), (id, words["ko"])


def pressed(id: str, keys: str) -> tuple[State, list[Effect]]:
    """A form filled in by the telephone alone; '_' is a silence."""
    state, done = at(id, OPEN), list[Effect]()
    for key in keys:
        state, effects = step(state, Silence() if key == "_" else Key(key), OPEN)
        done += effects
    return state, done


def test_moving_out_by_keys_alone() -> None:
    state, done = pressed("water-settle", "12345678" + "1234_" + "1201" + "01000001234")
    sent = next(effect for effect in done if isinstance(effect, Sent))
    assert dict(sent.values) == {
        "customer": "12345678",
        "meter": "1234",
        "date": "2026-12-01",
        "phone": "01000001234",
    }
    assert any(isinstance(effect, SendText) and effect.message == "settle-received" for effect in done)
    assert state.here.id == "settle-done"


def test_a_note_at_night_by_keys_alone() -> None:
    state, done = pressed("note", "2" + "1")  # waste; the number that calls
    assert dict(next(effect for effect in done if isinstance(effect, Sent)).values)["topic"] == "waste"
    assert state.here.id == "note-done"


def test_every_icon_is_drawn() -> None:
    icons = files("ars").joinpath("web", "icons")
    for id, screen in menu().screens.items():
        for choice in screen.choices:
            assert not choice.icon or icons.joinpath(f"{choice.icon}.svg").is_file(), (id, choice.icon)


def test_the_question_at_the_end() -> None:
    talking = begin("v", menu(), OPEN, has_number=True)
    talking = step(talking, Key("0"), OPEN)[0]
    over = step(step(talking, Joined(), OPEN)[0], HungUp(), OPEN)[0]
    assert over.here.id == "satisfaction"


def test_maps_have_streets_and_landmarks() -> None:
    for id, place in menu().places.items():
        assert len(place.streets) >= 2 and len(place.landmarks) >= 2, id
        for street in place.streets:
            assert all(abs(east) <= 800 and abs(north) <= 800 for east, north in street.points)
            assert any(street.name["ko"] == known_one.name for known_one in city().streets), street.name["ko"]
        for landmark in place.landmarks:
            assert max(map(abs, landmark.at)) <= 350


def test_addresses_are_in_the_citys_streets() -> None:
    district_of = {street.name: street.district for street in city().streets}
    names = {district.id: district.name for district in city().districts}
    for id, place in menu().places.items():
        street = next(street for street in district_of if f" {street} " in place.address["ko"])
        assert names[district_of[street]] in place.address["ko"], id
