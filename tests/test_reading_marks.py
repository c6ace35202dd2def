"""Every value that was understood points at its words, and what a person corrects stands in place of what was read."""

from dataclasses import asdict
from datetime import date
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers import writers
from tests.papers.truth import ROWS, Truth
from tests.test_plan_reading import TABLES_ALONE, WHOLE_PAPERS
from tiepcan.common.folding import composed
from tiepcan.intake.document import Document, Paragraph
from tiepcan.intake.limited import read_limited
from tiepcan.plans.reading import read
from tiepcan.plans.reading.corrections import BY_HAND, Corrections
from tiepcan.plans.reading.marks import Line, MarkedTable, marked, sources_of
from tiepcan.plans.reading.records import Indicator, Reading, Severity, Source
from tiepcan.units.register import register

TELECOM, ASSET = Indicator.TELECOM_SERVICE, Indicator.INFORMATION_ASSET
ALL_PAPERS = WHOLE_PAPERS | TABLES_ALONE


@cache
def paper(name: str) -> Document:
    return read_limited(*ALL_PAPERS[name](Truth()))


@cache
def words(text: str) -> Document:
    return read_limited(text.encode(), "ke-hoach.txt")


TEXT = writers.as_text(Truth())


def corrected(corrections: Corrections, text: str = TEXT) -> Reading:
    return read(words(text), register(), corrections)


def marked_words(blocks: list[Line | MarkedTable]) -> dict[str, str]:
    """By key of a value, all the words that carry its mark."""
    found: dict[str, list[str]] = {}
    for block in blocks:
        if isinstance(block, Line):
            for piece in block.pieces:
                for key in (*piece.keys, *block.keys):
                    found.setdefault(key, []).append(piece.text)
        else:
            for row in block.rows:
                for key in row.keys:
                    found.setdefault(key, []).extend(row.cells)
    return {key: composed(" ".join(texts)) for key, texts in found.items()}


def kept_whole(document: Document, blocks: list[Line | MarkedTable]) -> bool:
    """Whether the marked document says what the document says, letter by letter."""
    return len(blocks) == len(document.blocks) and all(
        "".join(piece.text for piece in marks.pieces) == composed(block.text)
        if isinstance(block, Paragraph) and isinstance(marks, Line)
        else not isinstance(block, Paragraph)
        and not isinstance(marks, Line)
        and [row.cells for row in marks.rows] == [row.cells for row in block.rows]
        for block, marks in zip(document.blocks, blocks, strict=True)
    )


@pytest.mark.parametrize("name", ALL_PAPERS)
def test_every_value_has_a_place_in_the_paper_and_no_word_is_lost(name):
    reading = read(paper(name), register())
    blocks = marked(paper(name), reading)
    assert kept_whole(paper(name), blocks)
    assert set(marked_words(blocks)) == {key for key, _ in sources_of(reading)}


@pytest.mark.parametrize("name", WHOLE_PAPERS)
def test_the_marked_words_are_those_that_say_the_value(name):
    said = marked_words(marked(paper(name), read(paper(name), register())))
    told = {
        "number": "87/",
        "symbol": "KH-UBND",
        "kind": "KẾ HOẠCH",
        "issued_on": "ngày 03 tháng 3 năm 2019",
        "place": "Thanh Hóa",
        "issuer": "ỦY BAN NHÂN DÂN THÀNH PHỐ THANH HÓA",
        "title": "Đưa dịch vụ thông tin đến hộ nghèo",
        "year": "năm 2019",
        "totals": "299",
        "basis/0": "412/QĐ-UBND",
        "aim/0": "57 hộ nghèo",
        "aim/1": "7 hộ nghèo",
        "deadline/0": "trước ngày 20/6/2019",
        "deadline/1": "chậm nhất ngày 30/11/2019",
        "duty/0": "Chủ trì tập huấn",
        "duty/1": "Gửi báo cáo sáu tháng",
        "recipient/0": "Sở Thông tin và Truyền thông",
        "recipient/2": "Lưu: VT, VHTT",
        "signatory/0": "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH Nguyễn Văn Giả Tưởng",
    } | {f"row/{n}": row[0] for n, row in enumerate(ROWS)}
    # Old fonts drew capitals from small letters, so case is not what is compared.
    missing = {
        key: said.get(key) for key, text in told.items() if text.lower() not in said.get(key, "").lower()
    }
    assert missing == {}


def test_two_values_of_one_sentence_are_marked_apart():
    said = marked_words(marked(words(TEXT), corrected({})))
    assert said["aim/0"].startswith("57 hộ nghèo")
    assert "57" not in said["aim/1"].split()


def test_of_words_that_overlap_neither_value_loses_its_mark():
    document = Document(
        (Paragraph("Kế hoạch số 12/KH-UBND ngày 3 tháng 3 năm 2019 của thành phố", "đoạn 1"),)
    )
    reading = read(document, ())
    reading.sources = {
        "number": Source("đoạn 1", "12/KH-UBND ngày 3"),
        "issued_on": Source("đoạn 1", "ngày 3 tháng 3 năm 2019"),
    }
    blocks = marked(document, reading)
    assert kept_whole(document, blocks)
    assert set(marked_words(blocks)) == {"number", "issued_on"}


def test_what_is_unclear_is_shown_at_its_place():
    text = TEXT.replace("Phường Nam Ngạn\t22", "Phường Nam Ngạn\tkhoảng 20")
    reading = read(words(text), register())
    rows = [
        row for block in marked(words(text), reading) if isinstance(block, MarkedTable) for row in block.rows
    ]
    [row] = [row for row in rows if row.findings and "number_unclear" in [f.code for f in row.findings]]
    assert "Phường Nam Ngạn" in row.cells


def test_a_sentence_over_two_paragraphs_is_marked_in_both():
    text = TEXT.replace("theo dõi tiến độ", "\n\ntheo dõi tiến độ")
    blocks = marked(words(text), read(words(text), register()))
    lines = [block for block in blocks if isinstance(block, Line) and "duty/0" in block.keys]
    assert [line.pieces[0].text.split()[0] for line in lines] == ["Chủ", "theo"]


def test_a_sheet_whose_name_has_the_word_that_joins_places_keeps_its_marks():
    book = openpyxl.load_workbook(BytesIO(writers.xlsx(Truth())[0]))
    book.active.title = "Chỉ tiêu và thời hạn"
    out = BytesIO()
    book.save(out)
    document = read_limited(out.getvalue(), "chi-tieu.xlsx")
    reading = read(document, register())
    assert set(marked_words(marked(document, reading))) == {key for key, _ in sources_of(reading)}


HEAD = {
    "number": "88", "symbol": "KH-UBND", "kind": "Kế hoạch", "issued_on": "2019-03-05", "place": "Thanh Hóa",
    "issuer": "UBND thành phố Thanh Hóa", "title": "Tên đúng", "year": 2019,
}  # fmt: skip
ROW = {
    "name": "Phường Nam Ngạn", "unit": "phuong-nam-ngan-14761", "poor_households": 40, "telecom_service": 10,
    "information_asset": None,
}  # fmt: skip
AS_PRINTED = {"poor_households": 22, "telecom_service": 3, "information_asset": 1}
BASIS = {
    "kind": "Luật",
    "number": "",
    "symbol": "",
    "issued_on": None,
    "issuer": "Quốc hội",
    "subject": "Thư viện",
}
DEADLINE = {"due_before": "2019-10-05", "audience": "", "what": "Báo cáo năm"}
ITEMS = {
    "basis": BASIS,
    "aim": {"indicator": "telecom_service", "value": 60},
    "row": ROW,
    "deadline": DEADLINE,
    "duty": {"organisation": "Đài Truyền thanh", "text": "Phát chuyên mục."},
    "recipient": {"text": "Đài Truyền thanh"},
}


def items_of(reading: Reading, section: str) -> list:
    return {
        "basis": reading.legal_bases,
        "aim": reading.targets,
        "row": reading.units,
        "deadline": reading.deadlines,
        "duty": reading.duties,
        "recipient": reading.recipients,
    }[section]


def told(item: object, section: str) -> dict:
    """The item as its form shows it."""
    plain = asdict(item)  # type: ignore[call-overload]
    if section == "row":
        plain |= {indicator.value: plain["targets"][indicator] for indicator in Indicator}
    return {
        name: value.isoformat() if isinstance(value := plain[name], date) else value or None
        for name in ITEMS[section]
    }


@pytest.mark.parametrize("section", ITEMS)
def test_a_corrected_item_says_what_the_person_said_and_keeps_its_words(section):
    before, after = corrected({}), corrected({f"{section}/0": ITEMS[section]})
    said = {name: value or None for name, value in ITEMS[section].items()}
    if section == "row":  # what the paper prints stays what it prints
        said["name"] = "Phường Hàm Rồng"
    item = items_of(after, section)[0]
    assert told(item, section) == said
    assert item.source == items_of(before, section)[0].source
    assert len(items_of(after, section)) == len(items_of(before, section))
    assert after.corrected == {f"{section}/0"}


@pytest.mark.parametrize("section", ITEMS)
def test_a_dropped_item_is_gone_and_the_others_keep_their_keys(section):
    before, after = corrected({}), corrected({f"{section}/0": {"dropped": True}})
    assert items_of(after, section) == items_of(before, section)[1:]
    assert after.keys[section] == before.keys[section][1:]


@pytest.mark.parametrize("section", ITEMS)
def test_an_added_item_comes_last_and_has_no_words_in_the_paper(section):
    before, after = corrected({}), corrected({f"{section}/them-1": ITEMS[section]})
    *others, added = items_of(after, section)
    assert len(others) == len(items_of(before, section))
    assert added.source == BY_HAND
    assert after.keys[section][-1] == f"{section}/them-1"
    assert f"{section}/them-1" not in marked_words(marked(words(TEXT), after))


def test_a_key_means_the_same_item_whatever_else_was_dropped_or_added():
    dropped = {
        "row/0": {"dropped": True},
        "row/3": {"dropped": True},
        "row/them-4": ROW | {"name": "Phường Phú Sơn"},
    }
    reading = corrected(dropped | {"row/5": ROW | {"unit": "", "poor_households": 99}})
    by_key = dict(zip(reading.keys["row"], reading.units, strict=True))
    assert by_key["row/5"].name == "Phường Đông Hải"
    assert by_key["row/5"].poor_households == 99
    assert by_key["row/9"].name == "Xã Quảng Phú"
    assert "row/3" not in by_key


def test_the_head_is_corrected_field_by_field():
    reading = corrected({"head/0": HEAD})
    assert (reading.number, reading.issued_on, reading.title) == ("88", date(2019, 3, 5), "Tên đúng")
    assert corrected({"head/0": HEAD | {"place": ""}}).place is None
    assert corrected({"head/0": {"year": 2020}}).number == "87"


def test_the_signatory_is_corrected_and_can_be_added():
    who = {"name": "Trần Thị Ví Dụ", "position": "PHÓ CHỦ TỊCH", "authority": ""}
    reading = corrected({"signatory/0": who})
    assert reading.signatory
    assert (reading.signatory.name, reading.signatory.authority) == ("Trần Thị Ví Dụ", None)
    unsigned = TEXT.replace("TM. ỦY BAN NHÂN DÂN\n\nCHỦ TỊCH\n\nNguyễn Văn Giả Tưởng\n", "")
    assert corrected({}, unsigned).signatory is None
    added = corrected({"signatory/0": who}, unsigned).signatory
    assert added
    assert added.source == BY_HAND


def codes(reading: Reading) -> list[str]:
    return [f.code for f in reading.findings if f.severity != Severity.NOTE]


def test_the_printed_sums_are_corrected_and_compared_anew():
    wrong = {"poor_households": 300, "telecom_service": 57, "information_asset": 7}
    assert "total_differs" not in codes(corrected({}))
    assert "total_differs" in codes(corrected({"printed/0": wrong}))
    text = writers.as_text(Truth(printed=(300, 57, 7)))
    assert codes(corrected({}, text)) == ["total_differs"]
    assert codes(corrected({"printed/0": wrong | {"poor_households": 299}}, text)) == []
    assert corrected({"printed/0": {"dropped": True}}, text).printed is None


def test_a_corrected_row_settles_what_was_unclear_there_and_is_added_up_anew():
    text = TEXT.replace("Phường Nam Ngạn\t22", "Phường Nam Ngạn\tkhoảng 20")
    assert codes(corrected({}, text)) == ["number_unclear", "total_differs"]
    reading = corrected({"row/1": ROW | AS_PRINTED}, text)
    assert codes(reading) == []
    assert reading.summed.poor_households == 299


def test_what_was_unclear_elsewhere_still_waits():
    text = TEXT.replace("Phường Nam Ngạn\t22", "Phường Nam Ngạn\tkhoảng 20")
    assert "number_unclear" in codes(corrected({"row/2": ROW | {"name": "Phường Đông Thọ"}}, text))


def test_a_row_that_the_paper_leaves_out_is_added_by_hand():
    paper = Truth(rows=ROWS[:4] + ROWS[5:], printed=(299, 57, 7))
    text = writers.as_text(paper)
    assert "total_differs" in codes(corrected({}, text))
    missing = {"name": "Phường Đông Cương", "unit": "", "poor_households": 19, "telecom_service": 4, "information_asset": 1}  # fmt: skip
    assert codes(corrected({"row/them-1": missing}, text)) == []


def test_a_chosen_unit_stands_in_place_of_a_name_that_nobody_knows():
    text = TEXT.replace("Phường Nam Ngạn", "Phường Lạ Hoắc")
    assert codes(corrected({}, text)) == ["unit_unknown"]
    reading = corrected({"row/1": ROW | AS_PRINTED}, text)
    assert codes(reading) == []
    assert (reading.units[1].name, reading.units[1].matched_name) == ("Phường Lạ Hoắc", "Phường Nam Ngạn")


_words = st.sampled_from(["", "Phường Hàm Rồng", "Xã Quảng Phú", "Lạ", "UBND", "Báo cáo; 5 hộ", "x" * 300])
_written = _words.filter(bool)
_count = st.none() | st.integers(0, 10_000)
_day = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
_maybe_day = st.none() | _day
_unit = st.sampled_from(["", "khong-co", *(unit.id for unit in register()[:60])])
_indicator = st.sampled_from([i.value for i in Indicator])
_figures = {"poor_households": _count, "telecom_service": _count, "information_asset": _count}
_FORMS = {
    "basis": st.fixed_dictionaries(
        {"kind": _written, "number": _words, "symbol": _words, "issued_on": _maybe_day, "issuer": _words, "subject": _words}
    ),
    "aim": st.fixed_dictionaries({"indicator": _indicator, "value": st.integers(0, 10_000)}),
    "row": st.fixed_dictionaries({"name": _written, "unit": _unit, **_figures}),
    "deadline": st.fixed_dictionaries({"due_before": _day, "audience": _words, "what": _written}),
    "duty": st.fixed_dictionaries({"organisation": _written, "text": _written}),
    "recipient": st.fixed_dictionaries({"text": _written}),
}  # fmt: skip
_ALONE = {
    "head/0": st.fixed_dictionaries(
        {
            "number": _words, "symbol": _words, "kind": _words, "issued_on": _maybe_day, "place": _words,
            "issuer": _words, "title": _words, "year": st.none() | st.integers(1990, 2199),
        }
    ),
    "signatory/0": st.fixed_dictionaries({"name": _words, "position": _words, "authority": _words}),
    "printed/0": st.fixed_dictionaries(_figures),
}  # fmt: skip


@st.composite
def any_corrections(draw: st.DrawFn) -> dict[str, dict]:
    """What forms may hand over, for items of the paper, items that it does not have, and added ones."""
    made = {}
    for _ in range(draw(st.integers(0, 12))):
        if draw(st.integers(0, 4)) == 0:
            key = draw(st.sampled_from(list(_ALONE)))
            made[key] = draw(_ALONE[key])
            continue
        section = draw(st.sampled_from(list(_FORMS)))
        name = draw(st.integers(0, 12).map(str) | st.integers(1, 4).map("them-{}".format))
        dropped = draw(st.booleans())
        made[f"{section}/{name}"] = {"dropped": True} if dropped else draw(_FORMS[section])
    return made


@settings(max_examples=150, deadline=None)
@given(any_corrections())
def test_whatever_is_corrected_is_read_added_up_and_marked(corrections):
    reading = corrected(corrections)
    for column, values in (
        ("poor_households", [unit.poor_households for unit in reading.units]),
        ("telecom_service", [unit.targets[TELECOM] for unit in reading.units]),
        ("information_asset", [unit.targets[ASSET] for unit in reading.units]),
    ):
        known = [value for value in values if value is not None]
        assert getattr(reading.summed, column) == (sum(known) if known else None)
    for section in _FORMS:
        keys = reading.keys[section]
        assert len(keys) == len(set(keys)) == len(items_of(reading, section))
        assert not {key for key in keys if corrections.get(key, {}).get("dropped")}
    blocks = marked(words(TEXT), reading)
    assert kept_whole(words(TEXT), blocks)
    in_the_paper = {key for key, source in sources_of(reading) if source != BY_HAND}
    assert set(marked_words(blocks)) == in_the_paper
