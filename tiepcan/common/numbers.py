"""Numbers as Vietnamese officers read them: "1.234", "43,5 %"."""

from fractions import Fraction


def whole_number(written: str) -> int | None:
    """A whole number of at most nine digits, as people type it ("1.234"); None for anything else.

    `str.isdigit` would let "²" through, which is no number to `int`.
    """
    plain = written.strip().replace(".", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else None


def grouped(number: int) -> str:
    """1234 as "1.234"."""
    return f"{number:,}".replace(",", ".")


def one_decimal(number: Fraction) -> str:
    """A number with one decimal, rounded half up: "43,5", "50,0"; for columns, where all lines look alike."""
    whole, tenth = divmod(int(number * 10 + Fraction(1, 2)), 10)
    return f"{grouped(whole)},{tenth}"


def percent(share: Fraction | float) -> str:
    """A share as "43,5%"; a whole number of percents without its decimal, as sentences have it."""
    return f"{one_decimal(Fraction(share) * 100).removesuffix(',0')}%"


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")


def in_words(number: int) -> str:
    """A whole number below a thousand milliards as papers spell it: 500000 is "năm trăm nghìn".

    Raises ValueError beyond. Our own: libraries spell 1, 4 and 5 behind tens otherwise than State papers do.
    """
    if not 0 <= number < 10**12:
        raise ValueError(f"{number} is not spelled.")
    if number == 0:
        return _DIGITS[0]
    parts: list[str] = []
    for group in range(3, -1, -1):
        three = number // 1000**group % 1000
        if three:
            parts.append(_three_in_words(three, whole=bool(parts)) + _GROUPS[group])
    return " ".join(parts)


def _three_in_words(number: int, *, whole: bool) -> str:
    """A number below 1000; `whole`: something stands before it, so that its hundreds are said though they are none."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens == 0 and ones:
        said.append(f"lẻ {_DIGITS[ones]}" if said else _DIGITS[ones])
        return " ".join(said)
    if tens:
        said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones:
        if ones == 5:
            said.append("lăm")
        elif tens > 1 and ones == 1:
            said.append("mốt")
        elif tens > 1 and ones == 4:
            said.append("tư")
        else:
            said.append(_DIGITS[ones])
    return " ".join(said)
