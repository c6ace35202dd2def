"""A cell's value as the text that a person reads."""

import datetime
import re
import unicodedata

from tiepcan.common.folding import composed

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_AS_TEXT = re.compile(r'="([^"]*)"')


def clean(text: str) -> str:
    """The text composed, trimmed, without invisible characters, each run of blanks one blank.

    Most cells are so already; whether they are is asked first, at a tenth of the price.
    """
    if is_clean(text) and not text.startswith(" ") and not text.endswith(" "):
        return text
    text = composed(_CONTROLS.sub(" ", text))
    if formula := _AS_TEXT.fullmatch(text):  # ="04" in a .csv: how programs keep Excel from eating the zero
        return formula[1].strip()
    return text


def is_clean(text: str) -> bool:
    """Whether nothing inside the text needs cleaning. Not printable is every invisible character and every blank but " "."""
    return (
        text.isprintable()
        and "  " not in text
        and '="' not in text
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


class Cleaned(dict[str, str]):
    """Texts met lately, each with its clean form: a column of villages or ticks is cleaned once."""

    _MOST = 50_000

    def __missing__(self, text: str) -> str:
        if len(self) >= self._MOST:
            self.clear()
        self[text] = cleaned = clean(text)
        return cleaned


def number(value: float) -> str:
    """12.0 is "12", 8.5 is "8,5", and what a processor's arithmetic adds behind (8.100000000000001) is left off."""
    rounded = round(value, 9)
    if rounded.is_integer():
        return str(int(rounded))
    text = f"{rounded:.12g}"
    return (text if "e" not in text else f"{value:.15g}").replace(".", ",")


def moment(value: datetime.date | datetime.time | datetime.timedelta) -> str:
    """A day as dd/mm/yyyy, a time as hh:mm."""
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    # Not strftime: the C library writes the year 957 without its zero.
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def shown(value: object) -> str:
    """Any value that a workbook's reader gives, except text, as text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return moment(value)
    return "" if value is None else clean(str(value))
