"""A small menu that has one of everything, for the tests of this room."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ars.menu_files.menu_file import menu_of, read
from ars.model import Menu

SMALL: Final = """
id = "small"
title = { ko = "한빛시 작은 콜센터", en = "Hanbit's small call centre" }
phone = "031-0000-0120"
languages = ["ko", "en"]
agents = "day"
satisfaction = "rate"
pushable = ["office", "parking", "rate"]

[[start]]
screen = "main"
when = "day"

[[start]]
screen = "night"

[schedules.day]
name = { ko = "평일 9시부터 18시까지", en = "weekdays from 9 to 18" }
hours = [{ opens = "09:00", closes = "18:00" }]

[schedules.lunch]
name = { ko = "점심시간", en = "lunch time" }
hours = [{ opens = "12:00", closes = "13:00" }]

[[holidays]]
date = 2099-01-01
name = { ko = "신정", en = "New Year's Day" }

[contacts.parking]
name = { ko = "주차관리과", en = "Parking department" }
phone = "031-0000-2345"
hours = { ko = "평일 9시부터 18시까지", en = "weekdays from 9 to 18" }
place = "hall"

[places.hall]
name = { ko = "한빛시청", en = "Hanbit City Hall" }
address = { ko = "한빛시 한빛대로 1", en = "1 Hanbit-daero, Hanbit" }
latitude = 37.5
longitude = 127.0
streets = [{ name = { ko = "한빛대로", en = "Hanbit-daero" }, points = [[-200, 0], [200, 0]], wide = true }]
landmarks = [{ name = { ko = "한빛공원", en = "Hanbit Park" }, at = [80, 60] }]

[messages.link]
text = { ko = "[{centre}] 화면으로 보기: {link}", en = "[{centre}] See it on your phone: {link}" }

[messages.waste]
text = { ko = "[{centre}] {item} 수거 신청 방법: {link}", en = "[{centre}] How to have {item} collected: {link}" }

[screens.main]
title = { ko = "무엇을 도와드릴까요?", en = "How can we help you?" }
choices = [
  { digit = "1", icon = "document", label = { ko = "민원서류", en = "Documents" }, go = "documents", uses = 900 },
  { digit = "2", icon = "car", label = { ko = "불법 주차 신고", en = "Report illegal parking" }, go = "parking", uses = 500 },
  { digit = "3", icon = "trash", label = { ko = "대형 폐기물", en = "Bulky waste" }, go = "waste", uses = 300 },
  { digit = "8", icon = "captions", label = { ko = "자막 통화", en = "Captioned call" }, go = "@captions" },
  { digit = "9", icon = "globe", label = { ko = "언어 · Language", en = "Language · 언어" }, go = "@language" },
]

[screens.documents]
title = { ko = "민원서류", en = "Documents" }
text = { ko = "주민등록등본은 무인발급기에서 받으실 수 있습니다.", en = "Resident certificates come from the machines." }

[[screens.documents.choices]]
digit = "1"
icon = "phone"
label = { ko = "담당자와 통화", en = "Talk to an agent" }
do = [{ do = "transfer" }]
unless = "lunch"

[[screens.documents.choices]]
digit = "1"
icon = "phone"
label = { ko = "순서가 되면 전화 받기", en = "Call me back" }
go = "@callback"
when = "lunch"

[[screens.documents.choices]]
digit = "2"
icon = "map"
label = { ko = "시청 오시는 길", en = "The way to City Hall" }
go = "office"

[screens.office]
title = { ko = "시청 오시는 길", en = "The way to City Hall" }
contact = "parking"
place = "hall"
links = [{ label = { ko = "시청 누리집", en = "The city's website" }, url = "https://city.example/" }]

[screens.parking]
title = { ko = "불법 주차 신고", en = "Report illegal parking" }
minutes = 10
fields = [
  { id = "where", label = { ko = "장소", en = "Place" }, hint = { ko = "예: 한빛대로 1 앞", en = "such as 1 Hanbit-daero" } },
  { id = "plate", label = { ko = "차량번호", en = "Number plate" }, longest = 10 },
  { id = "picture", kind = "photo", label = { ko = "사진", en = "Photograph" }, required = false },
  { id = "agreed", kind = "consent", label = { ko = "개인정보 수집 동의", en = "I agree that my data are used" } },
]
submit = { ko = "신고하기", en = "Report" }
then = "thanks"

[screens.waste]
title = { ko = "대형 폐기물", en = "Bulky waste" }
paid = true
fee = { ko = "수수료는 2,000원부터입니다.", en = "The fee is 2,000 won or more." }
fields = [
  { id = "item", kind = "choice", label = { ko = "무엇을 버리시나요?", en = "What is it?" }, options = [
    { value = "chair", label = { ko = "의자", en = "Chair" } },
    { value = "table", label = { ko = "탁자", en = "Table" } },
  ] },
  { id = "day", kind = "date", label = { ko = "버리시는 날", en = "Day" } },
  { id = "pin", kind = "digits", shortest = 4, longest = 4, secret = true, label = { ko = "비밀번호", en = "PIN" } },
]
submit = { ko = "신청하기", en = "Apply" }
on_submit = [{ do = "send", message = "waste" }]
then = "thanks"

[screens.thanks]
title = { ko = "접수되었습니다", en = "Thank you" }
text = { ko = "처리 결과는 문자로 알려 드립니다.", en = "We will text you the result." }

[screens.rate]
title = { ko = "상담이 도움이 되셨나요?", en = "Did we help you?" }
fields = [{ id = "helped", kind = "yes_no", label = { ko = "도움이 되었습니다", en = "It helped" } }]
submit = { ko = "보내기", en = "Send" }
then = "@over"

[screens.night]
title = { ko = "지금은 상담 시간이 아닙니다", en = "We are closed now" }
text = { ko = "급한 일은 당직실로 연결해 드립니다.", en = "Urgent matters go to the night duty." }
choices = [
  { digit = "1", icon = "phone", label = { ko = "당직실 연결", en = "Night duty" }, do = [{ do = "transfer", contact = "parking" }] },
  { digit = "2", icon = "document", label = { ko = "민원서류 안내", en = "About documents" }, go = "documents" },
  { digit = "8", icon = "captions", label = { ko = "자막 통화", en = "Captioned call" }, go = "@captions" },
  { digit = "9", icon = "globe", label = { ko = "언어 · Language", en = "Language · 언어" }, go = "@language" },
]
"""  # noqa: E501


def small_menu(**changes: Any) -> Menu:
    """The menu; ``changes`` replace its sections: ``small_menu(agents="")``."""
    menu = menu_of(read(SMALL.encode()), "small.toml")
    return msgspec.structs.replace(menu, **changes)


def open_menu() -> Menu:
    """The menu at any hour of any day, for tests that have no clock of their own: its day screen, agents always."""
    day = small_menu().start[0]
    return small_menu(agents="", satisfaction="", start=(msgspec.structs.replace(day, when=""),))
