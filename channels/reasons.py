"""Why a message did not arrive, in words for the agent: what happened, and what she can do. The catalogue."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = {
    # Of ours.
    "unreachable": (
        "문자 사업자와 연결되지 않아 보냈는지 확인하지 못했습니다. 말로 안내하거나 잠시 뒤 다시 보내세요.",
        "The provider was not reached, so it may not have been sent. Tell the caller by voice, or send it again.",
    ),
    "in_doubt": (
        "보내는 도중에 연결이 끊겨 갔는지 알 수 없습니다. 고객에게 물어보고, 못 받았으면 다시 보내세요.",
        "The connection broke while it was sent. Ask the caller whether it came, and send it again if it did not.",
    ),
    "restarted": (
        "프로그램이 다시 시작되어 링크 문자를 보내지 못했습니다. 링크를 다시 보내세요.",
        "The program was restarted before the link was sent. Send the link again.",
    ),
    "too_late": (
        "너무 오래 기다려 보내지 않았습니다. 아직 필요하면 다시 보내세요.",
        "It waited too long and was not sent. Send it again if it is still needed.",
    ),
    "no_report": (
        "보냈지만 하루 동안 도착 여부를 확인하지 못했습니다.",
        "It was sent, but for a day nobody could say whether it arrived.",
    ),
    "opted_out": (
        "문자를 받지 않겠다고 하신 분이라 자동으로 보내지 않았습니다. 필요하면 말로 안내하세요.",
        "This person wants no texts, so none was sent by itself. Tell her by voice if it is needed.",
    ),
    "message_field": (
        "채우지 못한 빈칸이 있어 자동으로 보내지 않았습니다. 필요하면 직접 보내세요.",
        "A field could not be filled in, so it was not sent by itself. Send it by hand if it is needed.",
    ),
    "messages_number": (
        "이 번호로 한 시간에 보낼 수 있는 문자를 다 보내어 보내지 않았습니다. 말로 안내하세요.",
        "This number had got all texts that one may get within an hour. Tell the caller by voice.",
    ),
    "messages_number_day": (
        "이 번호로 하루에 보낼 수 있는 문자를 다 보내어 보내지 않았습니다. 말로 안내하세요.",
        "This number had got all texts that one may get within a day. Tell the caller by voice.",
    ),
    "messages_agent_day": (
        "하루에 보낼 수 있는 문자를 다 보내어 보내지 않았습니다. 관리자에게 알리세요.",
        "All texts that one person or rule may send within a day were sent. Tell the supervisor.",
    ),
    "messages_total_day": (
        "센터가 하루에 보낼 수 있는 문자를 다 보내어 보내지 않았습니다. 관리자에게 알리세요.",
        "All texts that the centre may send within a day were sent. Tell the supervisor.",
    ),
    # The gateway turned it down.
    "bad_request": (
        "문자 사업자가 메시지 형식을 거절했습니다. 번호와 내용을 확인하고, 계속되면 전산 담당자에게 알리세요.",
        "The provider refused the message as malformed. Check number and text; if it goes on, tell the engineer.",
    ),
    "not_allowed": (
        "문자 서비스 인증에 실패했습니다. 말로 안내하고 전산 담당자에게 알리세요(키, 서버 시계).",
        "The provider refused our keys. Tell the caller by voice, and tell the engineer (keys, the server's clock).",
    ),
    "no_service": (
        "문자 서비스를 찾을 수 없습니다. 말로 안내하고 전산 담당자에게 알리세요(서비스 ID).",
        "The provider does not know our service. Tell the caller by voice, and tell the engineer (service id).",
    ),
    # The carrier could not deliver it.
    "no_subscriber": (
        "없는 번호입니다. 고객에게 번호를 다시 확인하세요.",
        "There is no such number. Ask the caller for it again.",
    ),
    "switched_off": (
        "상대 휴대전화가 꺼져 있거나 신호가 닿지 않습니다. 잠시 뒤 다시 보내거나 말로 안내하세요.",
        "The phone is switched off or out of reach. Send it again later, or tell the caller by voice.",
    ),
    "phone_full": (
        "상대 휴대전화의 메시지함이 가득 찼거나 일시적인 문제가 있습니다. 말로 안내하세요.",
        "The phone's memory is full, or it has a passing problem. Tell the caller by voice.",
    ),
    "suspended": (
        "이용이 정지된 휴대전화입니다. 다른 번호를 물어보세요.",
        "The phone's service is suspended. Ask for another number.",
    ),
    "rejected": (
        "수신이 거부되었거나 스팸으로 차단되었습니다. 고객에게 차단 설정을 확인해 달라고 하세요.",
        "It was rejected or blocked as spam. Ask the caller to look at the phone's block list.",
    ),
    "sender_not_registered": (
        "발신번호가 등록되지 않아 차단되었습니다. 전산 담당자에게 알리세요(발신번호 사전등록).",
        "It was blocked because our sender's number is not registered. Tell the engineer.",
    ),
    "unwritable": (
        "보낼 수 없는 문자가 들어 있습니다. 그림문자와 특수문자를 빼고 다시 보내세요.",
        "It holds signs that cannot be sent. Take out emoji and special signs, and send it again.",
    ),
    "not_delivered": (
        "통신사가 전달하지 못했습니다. 번호를 확인하고 다시 보내거나 말로 안내하세요.",
        "The carrier could not deliver it. Check the number and send it again, or tell the caller by voice.",
    ),
}
_CODE: Final = re.compile(r" \[[0-9A-Za-z]{1,8}\]$")


def in_words(name: str, code: str = "") -> str:
    """The Korean sentence, behind it the provider's code in brackets for the engineer."""
    return f"{_WORDS[name][0]} [{code}]" if code else _WORDS[name][0]


def in_english(reason: str) -> str:
    """A sentence of this catalogue in English, with its code; any other as it is."""
    korean = _CODE.sub("", reason)
    english = next((english for known, english in _WORDS.values() if known == korean), korean)
    return english + reason[len(korean) :]
