"""The limited child that reads a list of households; `intake.nursery` forks it, its argument is the file's name.

stdin: one line of JSON (`Options.as_plain()`), then the file. stdout, in UTF-8, as the reading goes on:

    U  JSON of an Understanding, before the rows of its table
    R  one household as COPY text, in the order of `COLUMNS`
    S  JSON of rows that are no household
    P  JSON of one bad cell, before its household's R
    E  JSON of the counts, at the end: without it the reading is not whole
    X  a sentence: the file cannot be read

Each letter is followed by a tab. JSON escapes tabs and line ends, so a line is always one event.
"""

import json
import sys
from itertools import islice

# The parsers that the readers ask for when a file is theirs: at hand before the fork, each file would load them anew.
import lxml.html  # noqa: F401
import python_calamine  # noqa: F401

from tiepcan.households.sheets.lines import line
from tiepcan.households.sheets.reading import read
from tiepcan.households.sheets.records import Options
from tiepcan.intake.child import limit
from tiepcan.intake.document import DAMAGED, TOO_MUCH, Unreadable
from tiepcan.intake.sheets import open_book

CPU_SECONDS = 300
"""A city's 1,000,000 rows take about a minute; a ward's file a part of a second."""
MEMORY = 4 * 2**30
"""Bytes: 3 GB for the largest book of `intake.sheets`, and the codes of its households."""

_AT_ONCE = 500
"""Lines in one write."""


def main() -> None:
    """The child: limits first, then the options, then the file."""
    limit(cpu_seconds=CPU_SECONDS, memory=MEMORY)
    try:
        _answer(sys.argv[1])
    except Unreadable as problem:
        _say(f"X\t{problem}\n")
    except MemoryError:
        _say(f"X\t{TOO_MUCH}\n")
    except BrokenPipeError:
        raise
    except Exception:
        # Whatever a parser chokes on, the person learns the same: this file is damaged, and what to do.
        _say(f"X\t{DAMAGED}\n")


def _answer(name: str) -> None:
    options = Options.from_plain(json.loads(sys.stdin.buffer.readline()))
    book = open_book(sys.stdin.buffer.read(), name)
    events = (f"{line(event)}\n" for event in read(book, options))
    while some := "".join(islice(events, _AT_ONCE)):
        _say(some)


def _say(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
