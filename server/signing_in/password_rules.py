"""Which passwords are good enough. Pure.

As NIST SP 800-63B section 3.1.1.2: length counts, no rules of letters and signs, no forced change; what everybody
guesses first is refused.
"""

from __future__ import annotations

from typing import Final

from core.errors import BadInput

LONGEST: Final = 256
"""Characters; more would only cost time."""
_COMMON: Final = frozenset(
    word
    for line in (
        "password passw0rd qwerty qwertyuiop asdfghjkl zxcvbnm iloveyou welcome admin administrator minwon letmein",
        "abc123 abcd1234 a123456 qwer qwer1234 1q2w3e4r 1q2w3e4r5t q1w2e3r4 asdf asdf1234 zaq12wsx test guest changeme",
        "default secret dkssud dkssudgktpdy gksrnr qlalfqjsgh alsdnjs tkfkdgo",
    )
    for word in line.split()
)
"""What is tried first, Korean words typed on a Latin keyboard among it; digits around them do not help."""
_ROWS: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
)


def fault_of(password: str, *, account_id: str, name: str, shortest: int) -> str:
    """What is wrong with it, as a code: 'too_short', 'too_long', 'own_name', 'common'; '' = it may be taken."""
    plain = password.casefold()
    if len(password) < shortest:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    if any(len(word) > 2 and word.casefold() in plain for word in (account_id, name)):
        return "own_name"
    return "common" if _is_common(plain) else ""


def require_good(password: str, *, account_id: str, name: str, shortest: int) -> None:
    """``BadInput`` with that code, in words."""
    if code := fault_of(password, account_id=account_id, name=name, shortest=shortest):
        raise BadInput(_WORDS[code].format(shortest=shortest, longest=LONGEST), code=code)


_WORDS: Final = {
    "too_short": "비밀번호는 {shortest}자 이상이어야 합니다. / A password has at least {shortest} characters.",
    "too_long": "비밀번호는 {longest}자까지입니다. / A password has at most {longest} characters.",
    "own_name": "비밀번호에 이름이나 아이디를 넣을 수 없습니다. / Leave your name out of the password.",
    "common": "누구나 먼저 짐작해 볼 비밀번호입니다. / Everybody would guess this password first.",
}


def _is_common(plain: str) -> bool:
    letters = plain.strip("0123456789!@#$%^&*.-_")
    if len(set(plain)) <= 2 or plain in _COMMON or letters in _COMMON:
        return True
    return any(plain in row or plain in row[::-1] for row in (each * 12 for each in _ROWS))
