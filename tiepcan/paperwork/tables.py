"""Tables of papers, frozen as they are printed, each with the code by which it is asked about."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.paperwork.codes import new_code
from tiepcan.paperwork.models import Document, PrintedTable
from tiepcan.paperwork.writing.plain import grids_of
from tiepcan.paperwork.writing.records import Grid, Mark


def plain_cells(grid: Grid) -> list[list[str]]:
    """Rows as they are printed, the total last."""
    rows = [*grid.rows, *([grid.total] if grid.total is not None else [])]
    return [[" ".join(text.split()) for text in row] for row in rows]


def plain_heads(grid: Grid) -> list[str]:
    """The words over each column, from the top down: "Sử dụng dịch vụ viễn thông (hộ) › Đã ghi nhận"."""
    heads: list[list[str]] = [[] for _ in grid.widths_mm]
    for slots in grid.head_slots():
        for slot in (slot for slot in slots if slot.begins):
            for column in range(slot.column, slot.column + slot.cell.across):
                heads[column].append(" ".join(slot.cell.text.split()))
    return [" › ".join(words) for words in heads]


def digest_of_cells(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """One digest of what a table says."""
    return digest_of({"heads": list(heads), "cells": [list(row) for row in cells]})


def freeze(document: Document) -> list[PrintedTable]:
    """Give every table of a paper its code and keep what it says, and how it was computed. Codes of an earlier proposal end with it."""
    document.tables.all().delete()
    at = clock.now()
    made = []
    for place, grid in enumerate(grids_of(document.says)):
        heads, cells = plain_heads(grid), plain_cells(grid)
        made.append(
            PrintedTable(
                code=new_code(),
                document=document,
                place=place,
                caption=(" ".join(grid.caption.split()) or _title(document, place))[:500],
                heads=heads,
                cells=cells,
                source=source_of(document, grid),
                digest=digest_of_cells(heads, cells),
                frozen_at=at,
            )
        )
    return PrintedTable.objects.bulk_create(made)


def source_of(document: Document, grid: Grid) -> dict[str, Any]:
    """How a table of a paper was computed: its key with the arguments that the subject handed over; empty for tables of words."""
    arguments = document.sources.get(grid.key)
    return {"key": grid.key, **arguments} if arguments is not None else {}


def _title(document: Document, place: int) -> str:
    """What a table without a caption is called: the title of its annex, or that of the paper."""
    counted = 0
    paper = document.says
    for annex_title, blocks in [
        (paper.title, paper.body),
        *((one.title, one.blocks) for one in paper.annexes),
    ]:
        counted += sum(isinstance(block, Grid) for block in blocks)
        if place < counted:
            return " ".join(annex_title.split())
    return " ".join(paper.title.split())


def marks_of(document: Document, site: str) -> dict[int, Mark]:
    """The mark of each table, by its place. `site` is the root of the program's addresses, which the QR leads to."""
    return {
        table.place: Mark(table.spelled, site + reverse("paperwork:check_code", args=[table.spelled]))
        for table in document.tables.all()
    }
