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
