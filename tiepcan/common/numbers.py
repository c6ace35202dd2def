"""Numbers as Vietnamese officers read them: "1.234", "43,5 %"."""

from fractions import Fraction


def grouped(number: int) -> str:
    """1234 as "1.234"."""
    return f"{number:,}".replace(",", ".")


def percent(share: Fraction | float) -> str:
    """A share as "43,5%", one decimal at most, rounded half up; a whole number has none."""
    tenths = int(Fraction(share) * 1000 + Fraction(1, 2))
    whole, tenth = divmod(tenths, 10)
    return f"{grouped(whole)},{tenth}%" if tenth else f"{grouped(whole)}%"
