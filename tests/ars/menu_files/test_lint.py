"""The linter: each rule on a small menu that is right but for one thing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ars.menu_files.finding import Finding
from ars.menu_files.lint import Around, lint
from ars.menu_files.lint.rule import levels, situations
from ars.menu_files.lint.words import complete_languages, width
from ars.menu_files.menu_file import load, read, shipped
from tests.ars.small import SMALL, small_menu

NEW_SCREEN = '\n[screens.{id}]\ntitle = {{ ko = "새 화면", en = "New" }}\n{more}\n'


def findings(text: str, around: Around | None = None) -> list[Finding]:
    loaded = read(text.encode(), around or Around())
    assert loaded.menu is not None, loaded.findings
    return list(loaded.findings)


def changed(*pairs: tuple[str, str]) -> str:
    text = SMALL
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


def with_screen(id: str, more: str = "", leads: str = "pushable") -> str:
    """One more screen, which agents can push."""
    text = SMALL + NEW_SCREEN.format(id=id, more=more)
    return text.replace('pushable = ["office"', f'pushable = ["{id}", "office"') if leads == "pushable" else text


def line_with(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if fragment in line)


def test_the_small_menu_is_right() -> None:
    assert findings(SMALL) == []


def test_the_shipped_menu_is_right() -> None:
    hanbit = shipped("hanbit")
    assert hanbit is not None
    assert load(hanbit).findings == ()


CHOICE = '{ digit = "%s", label = { ko = "새것", en = "New" }, go = "%s"%s }'
CASES: list[tuple[str, str, str, str]] = [
    # code, the menu, what the finding says, what its line holds
    (
        "unknown-target",
        changed(('go = "waste"', 'go = "wast"')),
        "screens.main.choices[3].go names 'wast', which is no screen; did you mean 'waste'?",
        'go = "wast"',
    ),
    (
        "unknown-target",
        changed(('then = "@over"', 'then = "nowhere"')),
        "names 'nowhere', which is no screen",
        "nowhere",
    ),
    ("unknown-target", changed(('screen = "night"', 'screen = "nigth"')), "did you mean 'night'?", '"nigth"'),
    ("unknown-target", changed(('when = "day"', 'when = "days"')), "no schedule; did you mean 'day'?", '"days"'),
    ("unknown-target", changed(('when = "lunch"', 'when = "lnch"')), "did you mean 'lunch'?", '"lnch"'),
    ("unknown-target", changed(('unless = "lunch"', 'unless = "lnch"')), "did you mean 'lunch'?", '"lnch"'),
    (
        "unknown-target",
        changed(('agents = "day"', 'agents = "night"')),
        "agents names 'night', which is no",
        "agents =",
    ),
    ("unknown-target", changed(('tion = "rate"', 'tion = "rat"')), "satisfaction names 'rat'", 'tion = "rat"'),
    ("unknown-target", changed(('["office", ', '["offfice", ')), "pushable[1] names 'offfice'", "offfice"),
    ("unknown-target", changed(('contact = "parking"\n', 'contact = "park"\n')), "no contact; did", 'contact = "park"'),
    ("unknown-target", changed(('contact = "parking" }', 'contact = "x9" }')), "is no contact; known are", '"x9"'),
    ("unknown-target", changed(('place = "hall"\n\n', 'place = "hell"\n\n')), "contacts.parking.place names", '"hell"'),
    ("unknown-target", changed(('message = "waste"', 'message = "wast"')), "is no message; did you mean", '"wast"'),
    ("situation-screen", changed(('go = "waste"', 'go = "@wait"')), "names '@wait'", 'go = "@wait"'),
    ("situation-screen", changed(('then = "@over"', 'then = "@booked"')), "book_callback", '"@booked"'),
    ("reserved-id", with_screen('"@wat"', leads=""), "minwon's own screens; did you mean '@wait'?", "@wat"),
    ("bad-id", with_screen('"My Screen"', leads=""), "must be named with small letters", "My Screen"),
    (
        "bad-id",
        changed(("[messages.waste]", '[messages."a b"]'), ('"waste" }]\n', '"a b" }]\n')),
        'messages."a b"',
        "a b",
    ),
    ("unreachable", with_screen("lost", leads=""), "screens.lost is shown to nobody", "[screens.lost]"),
    (
        "duplicate-digit",
        changed(('{ digit = "2", icon = "car"', '{ digit = "1", icon = "car"')),
        "screens.main.choices[2].digit is 1, as is that of choices[1]",
        'icon = "car"',
    ),
    ("duplicate-digit", changed(('unless = "lunch"\n', "\n")), "both can be offered", 'digit = "1"'),
    ("duplicate-digit", changed(('when = "lunch"', 'when = "day"')), "both can be offered", 'digit = "1"'),
    (
        "never-offered",
        changed(('unless = "lunch"', 'unless = "lunch"\nwhen = "lunch"')),
        "screens.documents.choices[1] is never offered",
        "[[screens.documents.choices]]",
    ),
    ("start-conditional", changed(('screen = "night"', 'screen = "night"\nwhen = "lunch"')), "last start", "[[start]]"),
    ("start-hidden", changed(('when = "day"', "")), "start[1] is without 'when'", "[[start]]"),
    ("no-way", changed(('screen = "night"', 'screen = "thanks"')), "while no agent is there", "[screens.thanks]"),
    ("no-agents-hours", changed(('agents = "day"', "")), "queued day and night", ""),
    (
        "endless",
        SMALL + '[screens."@wait"]\ntitle = {ko = "가", en = "a"}\non_show = [{ do = "transfer" }]\n'
        'choices = [{digit = "1", label = {ko = "가", en = "a"}, go = "@callback"}]\n',
        "leads to '@wait' again",
        "on_show",
    ),
    # words
    ("no-korean", changed(('languages = ["ko", "en"]', 'languages = ["en"]')), "is without 'ko'", "languages"),
    ("duplicate-language", changed(('["ko", "en"]', '["ko", "en", "en"]')), "twice", "languages"),
    (
        "missing-korean",
        changed(('ko = "민원서류", en = "Documents" }\ntext', 'en = "Documents" }\ntext')),
        "no Korean",
        "Doc",
    ),
    ("missing-korean", changed(('{ ko = "의자", en = "Chair" }', '{ ko = " ", en = "Chair" }')), "options[1]", "Chair"),
    ("missing-translation", changed((', en = "Chair"', "")), "no words in 'en'", "의자"),
    ("missing-translation", changed((', en = "Apply"', "")), "screens.waste.submit has no", "신청하기"),
    ("missing-translation", changed((', en = "Hanbit City Hall"', "")), "places.hall.name has no", "한빛시청"),
    (
        "missing-translation",
        changed(('["ko", "en"]', '["ko", "en", "vi"]')),
        "title has no words in 'vi'",
        "한빛시 작은",
    ),
    ("markup", changed(('ko = "의자"', 'ko = "<b>의자</b>"')), "'<b>'", "<b>"),
    ("markup", changed(('ko = "의자"', 'ko = "의자&nbsp;"')), "'&nbsp;'", "&nbsp;"),
    ("control-character", changed(('ko = "의자"', 'ko = "의\\u0007자"')), "U+0007", "u0007"),
    ("control-character", changed(('ko = "의자"', 'ko = "의\\u202e자"')), "U+202E", "u202e"),
    ("control-character", changed(('ko = "의자"', 'ko = "의\\n자"')), "U+000A", "의\\n자"),
    ("long-label", changed(('ko = "의자"', f'ko = "{"의자" * 13}"')), "is 26 characters long", "의자의자"),
    (
        "missing-prompt",
        changed(('ko = "접수되었습니다"', 'ko = "…"'), ('ko = "처리 결과는 문자로 알려 드립니다."', 'ko = "!"')),
        "nothing that can be said",
        "[screens.thanks]",
    ),
    ("bad-link", changed(("https://city.example/", "https://:80/")), "no address", "https://:80/"),
    ("bad-link", changed(("https://city.example/", "https://a@city.example/")), "no address", "a@city"),
    ("bad-link", changed(("https://city.example/", "https://[city/")), "no address", "[city"),
    # forms
    ("no-options", changed(('id = "day", kind = "date"', 'id = "day", kind = "choice"')), "without options", '"day"'),
    (
        "too-many-options",
        changed(
            (
                '    { value = "table"',
                "".join(f'{{ value = "v{n}", label = {{ ko = "가", en = "a" }} }},\n' for n in range(8))
                + '    { value = "table"',
            )
        ),
        "options are 10; the keys 1 to 9 allow 9",
        "options = [",
    ),
    (
        "options-unused",
        changed(
            (
                'id = "day", kind = "date"',
                'id = "day", kind = "date", options = [{ value = "a", label = { ko = "가", en = "a" } }]',
            )
        ),
        "for kind 'choice'",
        '"day"',
    ),
    ("duplicate-option", changed(('value = "table"', 'value = "chair"')), "is 'chair', as an earlier", "탁자"),
    ("duplicate-field", changed(('id = "day"', 'id = "item"')), "is 'item', as an earlier", '"date"'),
    (
        "required-photo",
        changed(('"Photograph" }, required = false', '"Photograph" }')),
        "must not be required",
        "photo",
    ),
    ("secret-not-keyed", changed(("longest = 10 }", "longest = 10, secret = true }")), "can't be keyed", '"plate"'),
    ("own-number", changed(("longest = 10 }", "longest = 10, own_number = true }")), "for kind 'phone'", '"plate"'),
    ("shortest", changed(("longest = 10 }", "longest = 10, shortest = 11 }")), "more than longest, 10", '"plate"'),
    ("open-digits", changed(("longest = 10 }", 'kind = "digits" }')), "how many digits", '"plate"'),
    (
        "choices-on-form",
        changed(("minutes = 10", "choices = [%s]" % (CHOICE % ("1", "main", "")))),
        "two things",
        "choices = [",
    ),
    ("missing-then", changed(('then = "@over"\n', "")), "a form without 'then'", "[screens.rate]"),
    (
        "no-form",
        changed(("[screens.thanks]\n", '[screens.thanks]\nthen = "main"\n')),
        "thanks.then is for forms",
        "then =",
    ),
    ("join-without-code", changed(('[{ do = "transfer" }]', '[{ do = "join_page" }]')), "field 'code'", "join_page"),
    (
        "callback-without-number",
        changed(
            ('[{ do = "send", message = "waste" }]', '[{ do = "book_callback" }]'),
            ("{item} 수거", "수거"),
            ("How to have {item} collected", "How to"),
        ),
        "field 'number'",
        "book_callback",
    ),
    # messages
    ("message-too-long", changed(("{item} 수거", "가" * 1000)), "bytes long (EUC-KR); a message takes 2000", "가가가"),
    ("unknown-placeholder", changed(("{item} 수거", "{itm} 수거")), "did you mean 'item'?", "{itm}"),
    ("unknown-placeholder", changed(("{item} 수거", "{pin 수거")), "a single '{' or '}'", "{pin 수거"),
    (
        "unknown-placeholder",
        changed(("화면으로 보기: {link}", "화면으로 보기: {link} {item}")),
        "nothing fills",
        "{link} {item}",
    ),
    (
        "unknown-placeholder",
        changed(('[{ do = "transfer" }]', '[{ do = "send", message = "waste" }]')),
        "screens.documents.choices[1].do[1] does not fill",
        "{item} 수거",
    ),
    ("secret-in-message", changed(("{item} 수거", "{pin} 수거")), "secret field 'pin'", "{pin}"),
    ("no-link", changed(("화면으로 보기: {link}", "화면으로 보기")), "does not hold {link}", "화면으로 보기"),
    ("no-link-message", changed(("[messages.link]", "[messages.other]")), "has no 'link'", "[messages.other]"),
    # hours
    (
        "overlapping-hours",
        changed(
            (
                '[{ opens = "09:00", closes = "18:00" }]',
                '[{ opens = "09:00", closes = "18:00" },\n{ opens = "17:59", closes = "20:00", days = [5, 6] }]',
            )
        ),
        "overlaps with hours[1]",
        "17:59",
    ),
    ("no-days", changed(('opens = "12:00"', 'days = [], opens = "12:00"')), "is empty; 1 is Monday", "days = []"),
    (
        "hours-zone",
        changed(('"12:00", closes = "13:00"', '"12:00+09:00", closes = "13:00+09:00"')),
        "local time",
        "+09:00",
    ),
    (
        "duplicate-holiday",
        changed(
            (
                "[contacts.parking]",
                '[[holidays]]\ndate = 2099-01-01\nname = { ko = "또", en = "x" }\n[contacts.parking]',
            )
        ),
        "which is there already",
        "date = 2099-01-01",
    ),
    # the guideline
    ("guideline-order", changed(("uses = 300", "uses = 501")), "is 501, more than that of choices[2]", "uses = 501"),
    (
        "guideline-fee",
        changed(('fee = { ko = "수수료는 2,000원부터입니다.", en = "The fee is 2,000 won or more." }\n', "")),
        "is paid but has no 'fee'",
        "[screens.waste]",
    ),
    ("fee-unpaid", changed(("paid = true\n", "")), "'paid = true' is not", "fee ="),
    ("guideline-callback", SMALL + "[wait]\ncallback = false\n", "wait.callback is false", "callback = false"),
    ("guideline-callback", SMALL + "[wait]\ncallback_after_s = 31\n", "is 31", "callback_after_s"),
    (
        "guideline-callback",
        SMALL + '[screens."@wait"]\ntitle = { ko = "기다림", en = "Wait" }\n',
        "has no choice",
        "@wait",
    ),
    ("no-captions", SMALL.replace('go = "@captions"', 'go = "@search"'), "captioned calls", "[screens.main]"),
    ("no-languages", SMALL.replace('go = "@language"', 'go = "@search"'), "key for languages", "[screens.main]"),
]


@pytest.mark.parametrize(("code", "text", "says", "line"), CASES)
def test_each_mistake_is_found_on_its_line(code: str, text: str, says: str, line: str) -> None:
    found = [finding for finding in findings(text) if finding.code == code]
    assert [finding for finding in found if says in finding.message], findings(text)
    if line:
        lines = text.split("\n")
        assert any(line in lines[finding.line - 1] for finding in found if says in finding.message), found


WARNINGS = {
    "never-offered", "no-agents-hours", "long-label", "open-digits", "no-link-message",
    "duplicate-holiday", "fee-unpaid", "no-captions", "no-languages",
}  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, text, _says, _line in CASES])
def test_only_what_callers_would_suffer_from_is_an_error(code: str, text: str) -> None:
    levels_found = {finding.level for finding in findings(text) if finding.code == code}
    assert levels_found == {"warning" if code in WARNINGS else "error"}


def chain(length: int) -> str:
    """Screens below the main one, each a key deeper."""
    text = SMALL.replace('go = "@language" },', 'go = "d1" },', 1)
    for level in range(1, length + 1):
        more = f"choices = [{CHOICE % ('1', f'd{level + 1}', '')}]" if level < length else ""
        text += NEW_SCREEN.format(id=f"d{level}", more=more)
    return text


@pytest.mark.parametrize(("length", "level"), [(3, None), (4, "warning"), (5, "warning"), (6, "error")])
def test_the_guideline_wants_three_levels_and_allows_five(length: int, level: str | None) -> None:
    found = {finding.path: finding.level for finding in findings(chain(length)) if finding.code == "guideline-depth"}
    assert found.get(f"screens.d{length}") == level
    assert "screens.d3" not in found


def test_levels_are_keys_from_the_start_and_a_form_is_none() -> None:
    reached = levels(small_menu())
    assert (reached["main"], reached["night"], reached["documents"], reached["office"]) == (0, 0, 1, 2)
    assert reached["thanks"] == reached["waste"] == 1
    assert "rate" not in reached


def test_more_than_nine_choices_at_a_time_are_too_many() -> None:
    choices = [CHOICE % (digit, "main", "") for digit in "1234567891"]
    text = with_screen("many", f"choices = [{', '.join(choices)}]")
    assert [f.code for f in findings(text)] == ["duplicate-digit", "guideline-choices"]
    apart = [CHOICE % (digit, "main", ', when = "lunch"') for digit in "12345"]
    apart += [CHOICE % (digit, "main", ', unless = "lunch"') for digit in "12345"]
    assert findings(with_screen("many", f"choices = [{', '.join(apart)}]")) == []


def test_one_key_may_be_given_to_choices_of_different_hours() -> None:
    hours = 'hours = [{ opens = "18:00", closes = "20:00" }]\n'
    evening = SMALL.replace("[schedules.lunch]", f"[schedules.evening]\n{hours}[schedules.lunch]")
    first, second = (CHOICE % ("1", "main", f', when = "{name}"') for name in ("day", "evening"))
    more = f"choices = [{first}, {second}]"
    text = evening.replace('["office"', '["hours", "office"') + NEW_SCREEN.format(id="hours", more=more)
    assert findings(text) == []
    assert [f.code for f in findings(text.replace('opens = "18:00"', 'opens = "17:00"'))] == ["duplicate-digit"]


def test_holidays_close_what_does_not_say_otherwise() -> None:
    menu = small_menu()
    names = frozenset({"day", "lunch"})
    assert situations(menu, names) == {frozenset(), frozenset({"day"}), frozenset({"day", "lunch"})}
    always = SMALL.replace("[schedules.lunch]", "[schedules.lunch]\non_holidays = true")
    loaded = read(always.encode()).menu
    assert loaded is not None
    assert situations(loaded, names) == situations(menu, names) | {frozenset({"lunch"})}


def test_holidays_that_are_over_are_told_when_the_day_is_known() -> None:
    around = Around(today=dt.date(2099, 1, 2))
    assert [(f.level, f.code) for f in findings(SMALL, around)] == [("warning", "old-holidays")]
    assert findings(SMALL, Around(today=dt.date(2099, 1, 1))) == []


def test_icons_and_recordings_are_looked_for_where_they_are_known() -> None:
    icons = frozenset({"document", "car", "trash", "captions", "globe", "phone"})
    assert [(f.code, f.level) for f in findings(SMALL, Around(icons=icons))] == [("unknown-icon", "warning")]
    assert findings(SMALL, Around(icons=icons | {"map"})) == []
    text = changed(("[screens.thanks]\n", '[screens.thanks]\nprompt = "thanks"\n'))
    assert findings(text) == []
    there = Around(recordings=frozenset({"thanks.ko.wav"}))
    assert [(f.code, f.level) for f in findings(text, there)] == [("missing-recording", "warning")]
    assert "thanks.en.wav" in findings(text, there)[0].message


def test_our_own_screens_are_not_the_engineers_to_mend() -> None:
    menu = small_menu(languages=("ko", "en", "vi"))
    own = [id for id in menu.screens if not id.startswith("@")]
    assert any(f.path.startswith('screens."@') for f in lint(menu, lambda _path: 1)) is False
    menu = small_menu(screens={**menu.screens, "@over": menu.screens["thanks"].__class__(title={"ko": ""})})
    assert any("@over" in f.path for f in lint(menu, lambda _path: 1))
    assert not any("@over" in f.path for f in lint(menu, lambda _path: 1, own=own))


def test_complete_languages_are_those_without_a_gap() -> None:
    assert complete_languages(small_menu()) == ("ko", "en")
    text = SMALL.replace(', en = "Chair"', "")
    menu = read(text.encode()).menu
    assert menu is not None
    assert complete_languages(menu) == ("ko",)


def test_latin_letters_are_half_as_wide() -> None:
    assert width("가나다") == 3
    assert width("abcd") == 2


def test_a_large_menu_is_checked_whole(tmp_path: Path) -> None:
    text = SMALL
    for number in range(2000):
        more = f"choices = [{CHOICE % ('1', f'n{number + 1}' if number < 1999 else 'nowhere', '')}]"
        text += NEW_SCREEN.format(id=f"n{number}", more=more)
    text = text.replace('["office"', '["n0", "office"')
    file = tmp_path / "large.toml"
    file.write_text(text, "utf-8")
    assert [f.code for f in load(file).findings] == ["unknown-target"]
