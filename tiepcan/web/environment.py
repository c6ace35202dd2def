"""The templates' environment: strict about names, and the Vietnamese way of writing days, numbers and sizes."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import slugify
from jinja2 import Environment, StrictUndefined

from tiepcan.common.clock import VIETNAM
from tiepcan.common.dates import day_in_words, last_day_before, weekday
from tiepcan.common.folding import folded_key
from tiepcan.common.numbers import percent
from tiepcan.web import charts
from tiepcan.web.errors import errors_of

_NUMBER = re.compile(r"[-+]?\d[\d.,\s]*%?")


def environment(**options: Any) -> Environment:
    made = Environment(
        **{
            **options,
            "autoescape": True,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    made.globals |= {
        "url": url,
        "static": static,
        "last_day": last_day_before,
        "errors_of": errors_of,
        "cumulative": charts.cumulative,
        "ruler": charts.ruler,
    }
    made.filters |= {
        "day": day,
        "short_day": short_day,
        "day_words": day_in_words,
        "short_day_words": short_day_words,
        "moment": moment,
        "number": number,
        "percent": percent,
        "bytes": size,
        "slug": slug,
        "is_number": is_number,
    }
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def day(value: date) -> str:
    """12/06/2019."""
    return f"{value:%d/%m/%Y}"


def short_day(value: date) -> str:
    """12/06, where the year is plain from the page."""
    return f"{value:%d/%m}"


def short_day_words(value: date) -> str:
    """ "thứ Sáu 14/06": how a deadline is told."""
    return f"{weekday(value)} {value:%d/%m}"


def moment(value: datetime) -> str:
    """ "10:20, 12/06/2019", on Vietnam's clock."""
    return f"{value.astimezone(VIETNAM):%H:%M, %d/%m/%Y}"


def number(value: int | Decimal | float) -> str:
    """1234567 as "1.234.567", 1234.5 as "1.234,5"."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def size(count: int) -> str:
    """A file's size, "186 KB" or "1,4 MB"; a KB is 1024 bytes, as the file manager of an office PC counts."""
    if count < 1024:
        return f"{count} byte"
    if round(count / 1024) < 1024:
        return f"{round(count / 1024)} KB"
    return f"{number(round(count / 1024**2, 1))} MB"


def slug(text: str) -> str:
    """A text as part of an id: "Trình lãnh đạo" as "trinh-lanh-dao"."""
    return slugify(folded_key(text))


def is_number(cell: str) -> bool:
    """Whether a cell of somebody's table holds a number alone, so that it stands to the right."""
    return bool(_NUMBER.fullmatch(cell.strip()))
