"""Numbers and days as official papers write them: Decree 30/2020/NĐ-CP, Appendix I, part I, section II.3 and II.4."""

from datetime import date

ROOM = "\u00a0" * 8
"""Room to write by hand; blanks that no line breaks at."""

_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def written_number(number: str) -> str:
    """A paper's number, with a leading 0 below 10."""
    number = number.strip()
    return f"{int(number):02d}" if number.isdecimal() else number


def number_and_symbol(number: str | None, symbol: str) -> str:
    """ "05/BC-UBND", or with room for the number that the clerk has not given yet."""
    written = written_number(number) if number and number.strip() else ROOM
    return f"{written}/{symbol.strip()}"


def number_line(number: str | None, symbol: str) -> str:
    blank = "" if not (number and number.strip()) else " "
    return f"Số:{blank}{number_and_symbol(number, symbol)}"


def day_phrase(day: date | None, year: int | None = None) -> str:
    """ "ngày 05 tháng 02 năm 2019": a leading 0 for days below 10 and for months 1 and 2, not for the others."""
    if day is None:
        return f"ngày{ROOM}tháng{ROOM}năm{ROOM if year is None else f' {year}'}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def reference(
    *, kind: str, number: str | None, symbol: str, day: date | None, year: int | None = None, issuer: str
) -> str:
    """How another paper or an annex names a paper: "Báo cáo số 05/BC-UBND ngày ... của ..."."""
    blank = " " if number and number.strip() else ""
    return f"{kind} số{blank}{number_and_symbol(number, symbol)} {day_phrase(day, year)} của {issuer}"


def filled_reference(text: str, *, number: str, symbol: str, day: date) -> str:
    """A reference that was made with rooms for number and day, with these in their rooms."""
    text = text.replace(f"số{number_and_symbol(None, symbol)}", f"số {number_and_symbol(number, symbol)}")
    return text.replace(day_phrase(None, day.year), day_phrase(day))


def roman(number: int) -> str:
    """I to LXXXIX: annexes of one paper."""
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written
