"""Papers as .docx and as .pdf, many of one page and one of many rows, beside the least that each could cost.

The least is the same program without our format: python-docx building a flat document of as many paragraphs and cells,
typst setting the same words by a template written for them alone, with the head, the signature and the table of a paper
but none of the decree's lengths, rules and rooms. Paper by paper in one run: letters of one page for a city's 35 wards and
a province's 635, then one report whose annex has as many rows. Printed are medians in milliseconds, the ratio in the
same run beside its limit, and what one costs in the large number by what it costs in the small one.
"""

import argparse
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import typst  # noqa: E402
from docx import Document  # noqa: E402

from tests.printing import ANNEX, LETTER, REPORT, a_grid  # noqa: E402
from tiepcan.paperwork.writing import decree  # noqa: E402
from tiepcan.paperwork.writing.docx import write_docx  # noqa: E402
from tiepcan.paperwork.writing.pdf import write_pdf  # noqa: E402
from tiepcan.paperwork.writing.records import Grid, Paper, Text  # noqa: E402

SIZES = (35, 635)
LIMIT = 1.5
WORDS = "Đề nghị rà soát, xác minh kết quả hỗ trợ hộ nghèo tiếp cận dịch vụ viễn thông và báo cáo trước thời hạn. "
BARE = """\
#let told = json(bytes(sys.inputs.told))
#set document(date: none)
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm), header: context {
  if counter(page).get().first() > 1 { align(center, counter(page).display("1")) }
}, footer: context if counter(page).get().first() == 1 { align(center, told.foot) })
#set text(font: "Liberation Serif", size: 14pt, lang: "vi")
#set par(justify: true, first-line-indent: 12.7mm)
#align(center, grid(columns: (66mm, 99mm), ..told.head.map(strong)))
#align(center, emph(told.place))
#align(center, strong(told.title))
#for line in told.lines { par(line) }
#grid(columns: (80mm, 85mm), {
  strong(emph("Nơi nhận:"))
  linebreak()
  told.recipients.join(linebreak())
}, align(center, strong(told.signer)))
#if told.rows.len() > 0 {
  pagebreak()
  set text(size: 12pt)
  table(
    columns: (11mm, 37mm, 17mm) + (12.5mm,) * 8,
    align: (center, left) + (right,) * 9,
    table.header(..told.rows.first()),
    ..told.rows.slice(1).flatten(),
  )
}
"""


def letters(size: int) -> list[Paper]:
    """As one office writes to each of its units: their numbers, names and figures differ."""
    return [
        replace(
            LETTER,
            number=str(n),
            addressed_to=(f"Ủy ban nhân dân xã số {n}",),
            body=tuple(Text(f"{n}.{part}. {WORDS * 3}") for part in range(6)),
        )
        for n in range(1, size + 1)
    ]


def words_of(paper: Paper) -> dict[str, Any]:
    """What a paper says, and nothing of its format."""
    grids = [block for annex in paper.annexes for block in annex.blocks if isinstance(block, Grid)]
    signature = paper.signature
    assert signature
    return {
        "head": [paper.parent_body, decree.NATIONAL_TITLE, paper.issuing_body, decree.MOTTO],
        "place": f"Số: {paper.number}/{paper.symbol} {paper.place}, ngày tháng năm 2021",
        "title": f"{paper.kind} {paper.title}",
        "foot": paper.foot_note,
        "lines": [
            *paper.addressed_to,
            *paper.bases,
            *(block.text for block in paper.body if not isinstance(block, Grid)),
        ],
        "recipients": [*paper.recipients, f"Lưu: VT, {paper.drafting}"],
        "signer": " ".join((*signature.authority, signature.position, signature.name)),
        "rows": [row for grid in grids for row in (grid.rows[0], *grid.rows, grid.total or ())],
    }


def bare_docx(words: dict[str, Any]) -> bytes:
    document, rows = Document(), words["rows"]
    lines = [
        *words["head"],
        words["place"],
        words["title"],
        *words["lines"],
        "Nơi nhận:",
        *words["recipients"],
    ]
    for line in (*lines, words["signer"], words["foot"]):
        document.add_paragraph(line)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        # One walk over the cells: asking row by row makes python-docx count the table again each time.
        for cell, text in zip(table._cells, (text for row in rows for text in row), strict=True):
            cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def bare_pdf(template: Path, fonts: typst.Fonts, words: dict[str, Any]) -> Any:
    told = {"told": json.dumps(words, ensure_ascii=False)}
    return typst.Compiler(template, root=template.parent, font_paths=fonts, sys_inputs=told).compile(
        format="pdf"
    )


@dataclass(frozen=True)
class Job:
    papers: list[Paper]
    ours: Callable[[Paper], Any]
    bare: Callable[[dict[str, Any]], Any]


def jobs_of(size: int, template: Path, fonts: typst.Fonts) -> dict[str, Job]:
    many = letters(size)
    one = [replace(REPORT, annexes=(replace(ANNEX, blocks=(a_grid(size),)),))]
    bare = partial(bare_pdf, template, fonts)
    return {
        "letters as .docx": Job(many, write_docx, bare_docx),
        "letters as .pdf": Job(many, write_pdf, bare),
        "annex as .docx": Job(one, write_docx, bare_docx),
        "annex as .pdf": Job(one, write_pdf, bare),
    }


def said_anew(paper: Paper, turn: int) -> Paper:
    """With words that no turn before had: the typesetter keeps in mind what it set."""
    body = tuple(replace(block, text=f"{block.text} {turn}") for block in paper.body)  # type: ignore[type-var]
    annexes = tuple(replace(a, blocks=tuple(_rows_anew(b, turn) for b in a.blocks)) for a in paper.annexes)
    return replace(paper, body=body, annexes=annexes)


def _rows_anew(block: Any, turn: int) -> Any:
    return replace(
        block, rows=tuple((first, f"{second} {turn}", *rest) for first, second, *rest in block.rows)
    )


def median_of(turns: int, job: Job) -> tuple[float, float]:
    """Milliseconds of both, paper by paper in turn, so that a busy machine slows both; the first turn warms up."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 1):
        spent = [0.0, 0.0]
        for paper in job.papers:
            ours, words = said_anew(paper, 2 * turn), words_of(said_anew(paper, 2 * turn + 1))
            for which, run in enumerate((partial(job.ours, ours), partial(job.bare, words))):
                start = time.perf_counter()
                run()
                spent[which] += (time.perf_counter() - start) * 1000
        if turn:
            for times, took in zip(found, spent, strict=True):
                times.append(took)
    return statistics.median(found[0]), statistics.median(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES)
    given = parser.parse_args()
    found: dict[str, list[float]] = {}
    print(f"{'size':>6}  {'what':20}{'ours ms':>10}{'bare ms':>10}{'ratio':>8}   limit {LIMIT}")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "bare.typ")
        template.write_text(BARE)
        fonts = typst.Fonts()
        for size in given.sizes:
            for name, job in jobs_of(size, template, fonts).items():
                mine, least = median_of(given.turns, job)
                found.setdefault(name, []).append(mine)
                verdict = "" if mine <= LIMIT * least else "   above"
                print(f"{size:6}  {name:20}{mine:10.1f}{least:10.1f}{mine / least:8.2f}{verdict}", flush=True)
    times = max(given.sizes) / min(given.sizes)
    print(f"\nprice of one, large to small ({times:.1f} times as many)")
    for name, (small, large) in found.items():
        print(f"  {name:20}{large / small / times:8.2f}   at most 1.0")


if __name__ == "__main__":
    main()
