"""Codes of printed tables: short, hard to guess, and told from a mistyped one."""

import re
import secrets

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
"""Without 0, 1, I and O, which look alike on paper, and without U: thirty-one, a prime, so that the check letter tells any one wrong letter."""
_LENGTH = 8
PREFIX = "TC"


def _last_letter(letters: str) -> str:
    """A check letter: one wrong letter, or two that changed places, give another (sum weighted by place)."""
    total = sum((place + 1) * _LETTERS.index(letter) for place, letter in enumerate(letters))
    return _LETTERS[total % len(_LETTERS)]


def new_code() -> str:
    """Seven letters by chance (35 bits), and the one that checks them."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH - 1))
    return letters + _last_letter(letters)


def spelled(code: str) -> str:
    """As it is printed: TC-7K3M-92QF."""
    return f"{PREFIX}-{code[:4]}-{code[4:]}"


def typed(text: str) -> str:
    """The code that somebody typed, whatever case, blanks and dashes; empty when it cannot be one."""
    letters = re.sub(r"[^0-9A-Z]", "", text.upper())
    letters = letters.removeprefix(PREFIX) if len(letters) == _LENGTH + len(PREFIX) else letters
    if len(letters) != _LENGTH or any(letter not in _LETTERS for letter in letters):
        return ""
    return letters if _last_letter(letters[:-1]) == letters[-1] else ""
