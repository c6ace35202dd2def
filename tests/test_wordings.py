"""Wordings that offices keep: the language, what comes back from Word, files that must not come in, and the way into use."""

import io
import re
import uuid
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_client, a_person, a_plan, a_unit, an_outcome, the_city
from tests.pages import text_of
from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.config.urls import OFFERED
from tiepcan.paperwork import wordings as actions
from tiepcan.paperwork.history import SENTENCES
from tiepcan.paperwork.invitations import Meeting, invitation
from tiepcan.paperwork.models import Wording, WordingState
from tiepcan.paperwork.wording.checking import problems_of
from tiepcan.paperwork.wording.comparing import changes
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content, Field, Form, ItemList, TablePlace, sample_head
from tiepcan.paperwork.wording.lines import Element, Line, from_plain, from_text, key, to_plain
from tiepcan.paperwork.wording.reading import read_wording
from tiepcan.paperwork.wording.writing import as_docx
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.records import Grid, HeadCell
from tiepcan.plans.outputs import paper_of
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import outputs
from tiepcan.reporting.wordings import CONSOLIDATED

FORM = Form(
    key="thu",
    name="Văn bản thử",
    default=Path("/none"),
    symbol="BC-UBND",
    fields=(
        Field("tên kế hoạch", "", "Kế hoạch 1"),
        Field("số hộ đã ghi nhận", "", "87"),
        Field("lý do", "", "gấp"),
    ),
    lists=(
        ItemList("từng chỉ số", "", (Field("tên", "", "Viễn thông"), Field("kết quả", "", "5 hộ"))),
        ItemList("từng cơ quan", "", (Field("tên", "", "Đài"),)),
    ),
    tables=(TablePlace("kết quả", "", ("Chỉ số", "Số hộ")),),
)
GRID = Grid(((HeadCell("A"),),), (("1",),), None, (50,), ("left",))
HEAD = sample_head(FORM, parent_body="UBND tỉnh Mẫu", issuing_body="UBND thành phố Mẫu", place="Mẫu")
NEEDED = "Tên loại: Báo cáo\nTrích yếu: Kết quả\nBảng: {{bảng: kết quả}}\n"


def content(**facts: Any) -> Content:
    values = {"tên kế hoạch": "Kế hoạch 1", "số hộ đã ghi nhận": "87", "lý do": ""} | facts.pop("values", {})
    items = facts.pop("items", (("Viễn thông", "5 hộ"), ("Thông tin", "2 hộ")))
    offices = facts.pop("offices", ())
    return Content(
        values,
        lists={
            "từng chỉ số": [{"tên": name, "kết quả": result} for name, result in items],
            "từng cơ quan": [{"tên": name} for name in offices],
        },
        tables={"kết quả": facts.pop("grid", GRID)},
    )


def texts(wording: str, **facts: Any) -> list[str]:
    """What the body of a paper says, tables left out."""
    paper = fill(
        FORM, from_text(NEEDED.replace("Bảng: {{bảng: kết quả}}\n", "") + wording), content(**facts), HEAD
    )
    return [block.text for block in paper.body if not isinstance(block, Grid)]


def problems(wording: str, *, needed: str = NEEDED) -> str:
    return "\n".join(map(str, problems_of(from_text(needed + wording), FORM)))


# ---- the language


@given(
    st.text(alphabet=st.characters(exclude_characters="{}\n\r", exclude_categories=["Cs", "Cc"]), min_size=1)
)
def test_text_without_braces_comes_out_as_it_went_in(text):
    paper = fill(FORM, [Line(Element.TEXT, text)], content(), HEAD)
    assert [block.text for block in paper.body] == [text]


@given(st.text(alphabet="{}%abộ: .lýdo\n", max_size=30))
def test_what_is_filled_in_is_never_read_as_a_field(value):
    said = texts("Nội dung: [{{lý do}}]", values={"lý do": value})
    kept = [line.strip() for line in value.strip().split("\n") if line.strip()]
    assert said == [f"[{line}]" for line in kept]


def test_a_value_that_looks_like_a_field_stays_text():
    assert texts("Nội dung: {{lý do}}", values={"lý do": "{{tên kế hoạch}}"}) == ["{{tên kế hoạch}}"]


@pytest.mark.parametrize(
    "written",
    [
        "tên kế hoạch",
        "TÊN KẾ HOẠCH",
        "ten ke hoach",
        "  tên\u00a0kế\nhoạch ",
        "“tên kế hoạch”",
        "te\u0302n kế hoạch",
    ],
)
def test_a_name_is_found_however_it_is_spelled(written):
    paper = fill(FORM, [Line(Element.TEXT, f"Theo {{{{{written}}}}}.")], content(), HEAD)
    assert paper.body[0].text == "Theo Kế hoạch 1."


def test_paragraphs_of_one_list_are_repeated_together_item_by_item():
    said = texts("Mục: 1. {{từng chỉ số: tên}}\nNội dung: Được {{từng chỉ số: kết quả}}.")
    assert said == ["1. Viễn thông", "Được 5 hộ.", "2. Thông tin", "Được 2 hộ."]


def test_what_is_repeated_is_numbered_only_when_there_are_several():
    wording = "Nội dung: 1. {{từng chỉ số: tên}}"
    assert texts(wording) == ["1. Viễn thông", "2. Thông tin"]
    assert texts(wording, items=[("Viễn thông", "")]) == ["Viễn thông"]


def test_two_ways_to_say_an_item_are_counted_together():
    wording = "Nội dung: 1. {{từng chỉ số: tên}}\nNội dung: 1. chỉ {{từng chỉ số: kết quả}}"
    assert texts(wording, items=[("A", ""), ("", "b"), ("C", "")]) == ["1. A", "2. chỉ b", "3. C"]


def test_a_field_of_several_lines_makes_a_paragraph_of_each():
    said = texts("Nội dung: - {{lý do}};", values={"lý do": "một\n\nhai"})
    assert said == ["- một;", "- hai;"]


def test_a_paragraph_with_nothing_to_say_is_left_out_and_its_heading_and_numbers_follow():
    wording = (
        "Mục lớn: I. Một\nMục: 1. Trống\nNội dung: Vì {{lý do}}.\nMục: 2. Đầy\nNội dung: Có.\n"
        "Mục lớn: II. Trống\nMục: 1. Cơ quan\nNội dung: {{từng cơ quan: tên}}\n"
        "Mục lớn: III. Ba\nMục: 1. Đầu\nNội dung: Có.\nMục lớn: IV. Trống\nNội dung: {{lý do}}\nLời kết: Hết./."
    )
    assert texts(wording) == ["I. Một", "1. Đầy", "Có.", "II. Ba", "1. Đầu", "Có.", "Hết./."]


def test_an_annex_whose_table_is_not_there_goes():
    lines = from_text("Tên loại: Báo cáo\nTrích yếu: X\nPhụ lục: Chi tiết\nBảng: {{bảng: kết quả}}")
    assert fill(FORM, lines, content(), HEAD).annexes[0].blocks == (GRID,)
    assert fill(FORM, lines, content(grid=None), HEAD).annexes == ()


def test_points_are_lettered_anew_in_the_vietnamese_order():
    wording = "Điểm: a) một\nĐiểm: b) {{lý do}}\nĐiểm: c) ba\nĐiểm: d) bốn\nĐiểm: đ) năm"
    assert texts(wording) == ["a) một", "b) ba", "c) bốn", "d) năm"]


def test_an_empty_field_takes_the_blank_before_it_along():
    assert texts("Nội dung: Theo {{tên kế hoạch}} {{lý do}}.") == ["Theo Kế hoạch 1."]


def test_a_number_in_a_value_is_not_counted_anew():
    assert texts("Mục: {{tên kế hoạch}}\nNội dung: Có.", values={"tên kế hoạch": "7. Bảy"}) == [
        "7. Bảy",
        "Có.",
    ]


def test_content_that_is_not_what_the_form_says_is_an_error():
    with pytest.raises(ValueError, match="differ"):
        FORM.check(replace(content(), values={"tên kế hoạch": ""}))
    with pytest.raises(ValueError, match="one name"):
        replace(FORM, fields=(*FORM.fields, Field("Ten ke hoach", "", "")))


@pytest.mark.parametrize("offered", OFFERED, ids=lambda one: one.form.key)
def test_every_default_wording_is_good_and_makes_a_paper(offered):
    form = offered.form
    assert problems_of(form.lines, form) == []
    paper = fill(form, form.lines, form.sample(), replace(HEAD, symbol=form.symbol))
    written = docx.Document(io.BytesIO(write_docx(paper)))
    everything = " ".join(element.text or "" for element in written.element.body.iter(qn("w:t")))
    assert "{{" not in everything and "}}" not in everything
    assert from_plain(to_plain(form.lines)) == form.lines


# ---- problems and their places


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("Nội dung: Thực hiện {{ten ke hoahc}} này", "Đoạn 4 (“Thực hiện {{ten ke hoahc}} này”): không có trường “ten ke hoahc”. Có phải “tên kế hoạch”?"),
        ("Nội dung: {{từng chỉ số: kết qảu}}", "Có phải “từng chỉ số: kết quả”?"),
        ("Nội dung: {{zzzz}}", "Xem danh sách trường"),
        ("Nội dung: Theo {{tên kế hoạch", "chưa đóng ngoặc ở “{{tên kế hoạch”"),
        ("Nội dung: {{tên kế {{lý do}}", "chưa đóng ngoặc"),
        ("Nội dung: tên kế hoạch}}", "thừa dấu }}"),
        ("Nội dung: {{}}", "để trống"),
        ("Nội dung: {{từng chỉ số: tên}} và {{từng cơ quan: tên}}", "chỉ lặp theo một danh sách, ở đây có “từng chỉ số” và “từng cơ quan”"),
        ("Bảng: {{bảng: kết quả}}", "bảng “kết quả” đã đặt ở đoạn 3. Mỗi bảng đặt một lần."),
        ("Nội dung: Xem {{bảng: kết quả}}", "bảng phải đứng riêng"),
        ("Nội dung: {% for x in y %}", "“{%” là ký hiệu lập trình"),
        ("Nội dung: {{ a.b }}", "“a.b” giống lệnh lập trình"),
        ("Nội dung: {{ __class__ }}", "“__class__” giống lệnh lập trình"),
        ("Nội dung: {{ ''|join }}", "giống lệnh lập trình"),
        ("Nội dung: {{ 7*7 }}", "giống lệnh lập trình"),
        ("Nội dung: {{ x() }}", "giống lệnh lập trình"),
        ("Nội dung: {{ a: b: c }}", "giống lệnh lập trình"),
        ("Nội dung: {{{lý do}}}", "giống lệnh lập trình"),
        ("Trích yếu: {{từng chỉ số: tên}}", "lặp nhiều lần nên không đặt ở trích yếu được"),
        ("Trích yếu: Hai", "đã có một đoạn trích yếu ở trên"),
    ],
)  # fmt: skip
def test_every_problem_says_what_and_where(wording, said):
    assert said in problems(wording)
    assert "Đoạn" in problems(wording)


def test_what_is_missing_is_said():
    said = problems("", needed="Nội dung: Có.")
    assert "Thiếu đoạn tên loại" in said and "Thiếu đoạn trích yếu" in said and "Thiếu bảng “kết quả”" in said
    letter = replace(FORM, is_letter=True)
    assert "công văn không có tên loại" in str(problems_of(from_text(NEEDED), letter)[0])


def test_a_good_wording_has_no_problems_and_a_book_is_no_wording():
    assert problems("Nội dung: {{Từng Chỉ Số: tên}} {{lý do}} { một } ngoặc") == ""
    assert "dài hơn" in problems("Nội dung: x\n" * 500)
    assert "Tách thành nhiều đoạn" in problems("Nội dung: " + "x" * 7000)


def test_a_wording_that_slipped_through_is_an_error_and_not_a_paper():
    for bad in ("{{không có}}", "{{từng năm: tên}}"):
        with pytest.raises(ValueError, match="called"):
            fill(FORM, [Line(Element.TEXT, bad)], content(), HEAD)


def test_what_changed_is_told_paragraph_by_paragraph():
    before, after = from_text("Nội dung: a\nNội dung: b\nNội dung: c"), from_text("Nội dung: a\nNội dung: B")
    said = [(one.before and one.before.text, one.after and one.after.text) for one in changes(before, after)]
    assert said == [("b", "B"), ("c", None)]


# ---- to Word and back


WORDING = from_text(
    "Tên loại: Báo cáo\nTrích yếu: Kết quả thực hiện\n  {{tên kế hoạch}}\nKính gửi: Sở Một\nKính gửi: Sở Hai\n"
    "Căn cứ: Căn cứ Luật Mẫu\nNội dung: Theo {{tên kế hoạch}} có {{số hộ đã ghi nhận}} hộ.\nMục lớn: I. Kết quả chung\n"
    "Bảng: {{bảng: kết quả}}\nMục: 1. {{từng chỉ số: tên}}\nNội dung: Được {{từng chỉ số: kết quả}}\n"
    "Điểm: a) Một điểm\nLời kết: Trân trọng./.\nNơi nhận: Như trên\nNơi nhận: Sở Ba\n"
    "Phụ lục: Danh sách chi tiết\nNội dung: Lời của phụ lục"
)
PLAIN = replace(FORM, default=Path(__file__).parent / "no-such-file")
PLAIN.__dict__["lines"] = WORDING
"""The test's own form has no file: its default is the wording above."""


def edited(change: Any = lambda document: None, lines: Any = WORDING) -> bytes:
    """The wording as .docx, after somebody worked on it."""
    document = docx.Document(io.BytesIO(as_docx(lines, HEAD)))
    change(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def paragraph_of(document: Any, begins: str) -> Any:
    return next(p for p in document.paragraphs if p.text.startswith(begins))


def read(raw: bytes) -> Any:
    return read_wording(raw, "mau.docx", PLAIN)


def test_a_wording_comes_back_from_word_as_it_went():
    found = read(as_docx(WORDING, HEAD))
    assert (found.problems, found.remarks) == ((), ())
    in_order = [line for line in WORDING if line.element != Element.RECIPIENT]
    assert [line for line in found.lines if line.element != Element.RECIPIENT] == in_order
    assert [line.text for line in found.lines if line.element == Element.RECIPIENT] == ["Như trên", "Sở Ba"]
    assert as_docx(WORDING, HEAD) == as_docx(WORDING, HEAD)


@pytest.mark.parametrize("offered", OFFERED, ids=lambda one: one.form.key)
def test_every_default_wording_comes_back_from_word(offered):
    form = offered.form
    found = read_wording(as_docx(form.lines, HEAD), "mau.docx", form)
    assert (found.problems, found.remarks) == ((), ())
    assert sorted(to_plain(found.lines)) == sorted(to_plain(form.lines))


def test_what_the_format_sets_is_grey():
    document = docx.Document(io.BytesIO(as_docx(WORDING, HEAD)))
    [nation] = [
        p for t in document.tables for c in t.rows[0].cells for p in c.paragraphs if p.text.startswith("CỘNG")
    ]
    assert str(nation.runs[0].font.color.rgb) == "808080"


def line_that(found: Any, begins: str) -> str:
    return next(line.text for line in found.lines if line.text.startswith(begins))


def test_a_field_that_word_cut_into_runs_is_one_field():
    def cut(document):
        paragraph = paragraph_of(document, "Theo")
        whole = paragraph.text
        paragraph.clear()
        for letter in whole:
            paragraph.add_run(letter).bold = letter in "{}"

    found = read(edited(cut))
    assert found.problems == ()
    assert line_that(found, "Theo") == "Theo {{tên kế hoạch}} có {{số hộ đã ghi nhận}} hộ."


@pytest.mark.parametrize("written", ["{{“tên kế hoạch”}}", "{{tên\u00a0kế hoạch}}", "{{tên\nkế hoạch}}", "{{ TÊN\tKẾ HOẠCH }}", "{{te\u0302n kế hoạch}}"])  # fmt: skip
def test_what_word_makes_of_a_name_still_finds_it(written):
    def write(document):
        paragraph_of(document, "Theo").text = f"Theo {written} mới"

    found = read(edited(write))
    assert found.problems == ()
    paper = fill(FORM, found.lines, content(), HEAD)
    assert "Theo Kế hoạch 1 mới" in [getattr(block, "text", "") for block in paper.body]


def _tracked(tag: str, text: str, text_tag: str = "t") -> Any:
    change, run, words = OxmlElement(f"w:{tag}"), OxmlElement("w:r"), OxmlElement(f"w:{text_tag}")
    words.text = text
    run.append(words)
    change.append(run)
    return change


def test_tracked_changes_are_read_as_accepted_and_said():
    def track(document):
        paragraph = paragraph_of(document, "Theo")
        paragraph._p.append(_tracked("ins", " Thêm."))
        paragraph._p.append(_tracked("del", " Bỏ.", "delText"))
        mark, settings = (
            OxmlElement("w:rPr"),
            paragraph_of(document, "a) Một").insert_paragraph_before("a) Đầu và"),
        )
        mark.append(OxmlElement("w:del"))
        settings._p.get_or_add_pPr().append(mark)
        settings.style = "Điểm"

    found = read(edited(track))
    assert line_that(found, "Theo").endswith("hộ. Thêm.")
    assert line_that(found, "a) Đầu") == "a) Đầu vàa) Một điểm", "a deleted end of paragraph joins the two"
    assert any("Track Changes" in one for one in found.remarks)


def test_a_style_that_is_not_ours_is_read_as_text_and_said():
    def add(document):
        paragraph_of(document, "Trân trọng").insert_paragraph_before("Một đoạn lạ", style="Normal")

    found = read(edited(add))
    assert Line(Element.TEXT, "Một đoạn lạ") in found.lines
    assert any("kiểu chữ “Normal”" in one and "Một đoạn lạ" in one for one in found.remarks)


def test_numbers_that_word_counts_are_said_to_be_lost():
    def number(document):
        paragraph_of(document, "Theo")._p.get_or_add_pPr().append(OxmlElement("w:numPr"))

    assert any("tự đánh số" in one for one in read(edited(number)).remarks)


def test_capitals_of_headings_are_undone_where_the_heading_is_known():
    found = read(as_docx(WORDING, HEAD))
    assert Line(Element.SECTION, "I. Kết quả chung") in found.lines


def test_problems_of_a_file_have_their_place():
    def spoil(document):
        paragraph_of(document, "Theo").text = "Thực hiện {{ten ke hoahc}}"

    [problem] = read(edited(spoil)).problems
    assert re.fullmatch(
        r"Đoạn \d+ \(“Thực hiện \{\{ten ke hoahc\}\}”\): .* Có phải “tên kế hoạch”\?", problem
    )


# ---- files that must not come in


def with_parts(**parts: bytes) -> bytes:
    """The wording's .docx with parts put in, or in the place of those of that name."""
    made = io.BytesIO()
    names = {name.replace("__", "/"): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(as_docx(WORDING, HEAD))) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            if name not in names:
                after.writestr(name, before.read(name))
        for name, content in names.items():
            after.writestr(name, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(kind: str, mode: str = ' TargetMode="External"') -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_REL}/{kind}" Target="http://evil.example/x"{mode}/></Relationships>'
    ).encode()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"word__vbaProject.bin": b"x"}, "Tệp có macro"),
        ({"word__embeddings__oleObject1.bin": b"x"}, "đối tượng nhúng"),
        ({"word__activeX__activeX1.xml": b"<a/>"}, "đối tượng nhúng"),
        ({"word___rels__settings.xml.rels": rels("attachedTemplate")}, "attached template"),
        ({"word___rels__header1.xml.rels": rels("image")}, "lấy ảnh từ nơi khác"),
        ({"word___rels__x.rels": rels("hyperlink")}, "liên kết ra ngoài"),
        ({"word___rels__x.rels": rels("frame")}, "lấy nội dung từ nơi khác"),
        ({"word___rels__x.rels": rels("aFChunk", "")}, "altChunk"),
        ({"word__media__a.png": bytes(3 * 2**20)}, "Ảnh trong tệp nặng"),
        ({"word__media__a.png": bytes(100 * 2**20)}, "quá nhiều dữ liệu"),
        ({"word__styles.xml": b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'}, "bị hỏng"),
        ({"word__document.xml": b"<not"}, "bị hỏng"),
        ({f"word__extra{n}.xml": b"<a/>" for n in range(2_100)}, "quá nhiều dữ liệu"),
    ],
)  # fmt: skip
def test_a_file_that_fetches_runs_or_hides_something_is_refused_with_a_sentence(parts, said):
    found = read(with_parts(**parts))
    assert any(said in one for one in found.problems), found.problems


def _field(instruction: str) -> Any:
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), instruction)
    return made


def _complex_field(*pieces: str) -> list[Any]:
    made = []
    for kind in ("begin", *pieces, "end"):
        run = OxmlElement("w:r")
        if kind in ("begin", "end"):
            inner = OxmlElement("w:fldChar")
            inner.set(qn("w:fldCharType"), kind)
        else:
            inner = OxmlElement("w:instrText")
            inner.text = kind
        run.append(inner)
        made.append(run)
    return made


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        (
            [_field(' INCLUDEPICTURE "http://evil.example/a.png" ')],
            "trường tự động của Word (INCLUDEPICTURE)",
        ),
        (_complex_field("DDE", 'AUTO cmd "/c calc"'), "(DDEAUTO)"),
        (_complex_field(" IN", "CLUDETEXT x "), "(INCLUDETEXT)"),
        (_complex_field("=1+1"), "(=1+1)"),
        ([OxmlElement("w:hyperlink")], "có liên kết (hyperlink)"),
        ([OxmlElement("w:altChunk")], "altChunk"),
        ([OxmlElement("w:object")], "OLE"),
    ],
)
def test_fields_links_and_objects_in_a_paragraph_are_refused_with_its_place(elements, said):
    def add(document):
        paragraph = paragraph_of(document, "Theo")
        for element in elements:
            paragraph._p.append(element)

    found = read(edited(add))
    assert any(said in one and "Theo" in one for one in found.problems), found.problems


def test_a_field_in_a_header_or_between_paragraphs_is_refused():
    def in_header(document):
        document.sections[0].header.paragraphs[0]._p.append(_field("INCLUDETEXT x"))

    def between(document):
        document.element.body.insert(1, OxmlElement("w:altChunk"))

    assert any("INCLUDETEXT" in one for one in read(edited(in_header)).problems)
    assert any("altChunk" in one for one in read(edited(between)).problems)


def test_a_table_of_ones_own_and_a_text_box_are_refused():
    def draw(document):
        document.add_table(1, 1).rows[0].cells[0].text = "Bảng tự kẻ"
        box = OxmlElement("w:txbxContent")
        hidden = OxmlElement("w:p")
        hidden.append(_tracked("ins", "Chữ trong khung"))
        box.append(hidden)
        paragraph_of(document, "Theo")._p.append(box)

    said = " ".join(read(edited(draw)).problems)
    assert "mẫu không nhận bảng tự kẻ" in said and "khung chữ" in said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "Tệp trống"),
        (b"%PDF-1.4", "không phải tệp Word"),
        (b"PK\x03\x04 broken", "bị hỏng"),
        (b"PK" + bytes(6 * 2**20), "nặng hơn 5 MB"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), ".doc của Word đời cũ"),
    ],
)
def test_what_is_no_docx_is_refused(raw, said):
    [problem] = read(raw).problems
    assert said in problem


# ---- papers without a subject of their own, and the plan's


def test_an_invitation_says_who_when_where_and_what_to_bring():
    meeting = Meeting(
        "họp đánh giá", "08 giờ, ngày 18/06/2019.", "Phòng họp 2", "Phó Chủ tịch", ["Đài", "Phòng LĐ"]
    )
    paper = invitation(meeting, issuer="Ủy ban nhân dân thành phố Mẫu", head=replace(HEAD, symbol="GM-UBND"))
    said = [block.text for block in paper.body]
    assert (paper.kind, paper.addressed_to) == ("Giấy mời", ("Đài", "Phòng LĐ"))
    assert "- Thời gian: 08 giờ, ngày 18/06/2019." in said
    assert not any("Chuẩn bị" in line for line in said)
    more = invitation(replace(meeting, prepare="báo cáo"), issuer="X", head=HEAD)
    assert "- Chuẩn bị: báo cáo." in [block.text for block in more.body]


# ---- an office's own wording, from the file to the report


@pytest.fixture
def coordinator(db):
    committee(the_city())
    return a_person(Role.COORDINATOR)


def committee(unit: Any, kind: str = OrganisationKind.COMMITTEE) -> Organisation:
    made, _ = Organisation.objects.get_or_create(unit=unit, kind=kind, defaults={"name": f"UBND {unit}"})
    return made


ENDING = "Chi tiết 10 đơn vị ở Phụ lục kèm theo"


def with_sentence(sentence: str) -> bytes:
    """The default consolidated report with one sentence changed, as Word saves it."""
    document = docx.Document(io.BytesIO(as_docx(CONSOLIDATED.lines, HEAD)))
    paragraph_of(document, "Số liệu tính từ sổ").text = sentence
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def received(by: Any, sentence: str = "Kính trình xem xét./.", **facts: Any) -> Wording:
    given = {"id": uuid.uuid4(), "raw": with_sentence(sentence), "name": "mau.docx", "form": CONSOLIDATED}
    return actions.receive(body=committee(the_city()), by=by, **(given | facts))


OF_CITY = next(one for one in OFFERED if one.form is CONSOLIDATED)


def used(by: Any, sentence: str = "Kính trình xem xét./.") -> Wording:
    made = received(by, sentence)
    actions.try_on(wording=made, offered=OF_CITY, by=by)
    return actions.put_into_use(wording=made, form=CONSOLIDATED, by=by)


def said_in(report: Any) -> str:
    with report.file.open("rb") as file:
        return " ".join(p.text for p in docx.Document(file).paragraphs)


def test_an_office_changes_a_sentence_and_the_next_report_has_it_while_the_old_keeps_its_own(coordinator):
    plan = a_plan()
    an_outcome(plan=plan)
    client, body = a_client(coordinator), committee(the_city())
    address = reverse("paperwork:wording_form", args=[body.pk, "bao-cao-tong-hop"])
    old = reporting.consolidate(plan=plan, as_of=clock.today(), by=coordinator)

    assert "mặc định" in text_of(client.get(reverse("paperwork:wordings")))
    file = client.get(reverse("paperwork:wording_form_file", args=[body.pk, "bao-cao-tong-hop"]))
    assert "{{khó khăn, vướng mắc}}" in [p.text for p in docx.Document(io.BytesIO(file.content)).paragraphs]
    upload = SimpleUploadedFile("mau.docx", with_sentence("Kính trình Sở xem xét./."))
    answer = client.post(address, {"id": uuid.uuid4(), "file": upload, "note": "Thêm câu trình"}, follow=True)
    page = text_of(answer)
    assert "Kính trình Sở xem xét./." in page and "Số liệu tính từ sổ kết quả" in page
    assert "Chưa thử bản này" in page
    made = Wording.objects.get()
    page = text_of(client.post(reverse("paperwork:try_wording", args=[made.pk]), follow=True))
    assert "Thử trên số liệu của Kế hoạch 87/KH-UBND đến hôm nay" in page
    trial = client.get(reverse("paperwork:wording_trial", args=[made.pk]))
    assert "Kính trình Sở xem xét./." in " ".join(
        p.text for p in docx.Document(io.BytesIO(trial.content)).paragraphs
    )
    page = text_of(client.post(reverse("paperwork:use_wording", args=[made.pk]), follow=True))
    assert "Đã đưa bản 1 vào dùng" in page

    new = reporting.consolidate(plan=plan, as_of=clock.today(), by=coordinator)
    assert "Kính trình Sở xem xét./." in said_in(new)
    assert "Kính trình" not in said_in(old) and "Số liệu tính từ sổ" in said_in(old)
    page = text_of(
        client.post(reverse("paperwork:wording_default", args=[body.pk, "bao-cao-tong-hop"]), follow=True)
    )
    assert "Đã trở về lời văn mặc định" in page
    assert "Kính trình" not in said_in(reporting.consolidate(plan=plan, as_of=clock.today(), by=coordinator))


def test_a_bad_file_is_not_kept_and_its_problems_stand_on_the_page_with_their_places(coordinator):
    body = committee(the_city())
    address = reverse("paperwork:wording_form", args=[body.pk, "bao-cao-tong-hop"])
    upload = SimpleUploadedFile("mau.docx", with_sentence("Có {{so don vj}} và {{ a.b }} <script>"))
    answer = a_client(coordinator).post(address, {"id": uuid.uuid4(), "file": upload})
    page = text_of(answer)
    assert "Tệp có 2 chỗ phải sửa" in page
    assert "Có phải “số đơn vị”?" in page and "giống lệnh lập trình" in page
    assert b"&lt;script&gt;" in answer.content
    assert Wording.objects.count() == 0
    assert "Chưa chọn tệp mẫu" in text_of(a_client(coordinator).post(address, {"id": uuid.uuid4()}))


def test_other_offices_keep_their_own(coordinator):
    used(coordinator)
    ward = committee(a_unit(), OrganisationKind.LOCAL)
    assert actions.wording_for(ward, CONSOLIDATED) == CONSOLIDATED.lines
    assert actions.wording_for(None, CONSOLIDATED) == CONSOLIDATED.lines
    assert actions.wording_for(committee(the_city()), CONSOLIDATED) != CONSOLIDATED.lines


def test_strangers_neither_see_nor_change_a_wording(coordinator):
    made = received(coordinator)
    officer = a_client(a_person(Role.OFFICER))
    for name in ("wording", "wording_file", "wording_trial"):
        assert officer.get(reverse(f"paperwork:{name}", args=[made.pk])).status_code == 404
    for name in ("try_wording", "use_wording"):
        assert officer.post(reverse(f"paperwork:{name}", args=[made.pk])).status_code == 404
    city = [made.body_id, made.form]
    assert officer.get(reverse("paperwork:wording_form", args=city)).status_code == 404
    assert officer.post(reverse("paperwork:wording_default", args=city)).status_code == 404
    assert a_client(a_person(Role.LEADER)).get(reverse("paperwork:wordings")).status_code == 403
    for by in (a_person(Role.OFFICER), a_person(Role.LEADER)):
        with pytest.raises(NotAllowed, match="Chỉ người giữ mẫu"):
            received(by)
        with pytest.raises(NotAllowed, match="Chỉ người giữ mẫu"):
            actions.back_to_default(body=made.body, form=CONSOLIDATED, by=by)


def test_a_form_that_the_office_does_not_issue_is_not_there(coordinator):
    body = committee(the_city())
    for form in ("bao-cao-dinh-ky", "khong-co"):
        assert (
            a_client(coordinator).get(reverse("paperwork:wording_form", args=[body.pk, form])).status_code
            == 404
        )


def test_a_version_is_tried_before_it_is_used_and_one_retires_for_the_next(coordinator):
    first = used(coordinator)
    second = received(coordinator, "Câu khác./.")
    with pytest.raises(NotAllowed, match="Chưa thử bản này"):
        actions.put_into_use(wording=second, form=CONSOLIDATED, by=coordinator)
    actions.try_on(wording=second, offered=OF_CITY, by=coordinator)
    stale = Wording.objects.get(pk=second.pk)
    actions.put_into_use(wording=second, form=CONSOLIDATED, by=coordinator)
    first.refresh_from_db()
    assert (first.state, first.ordinal, second.ordinal) == (WordingState.RETIRED, 1, 2)
    with pytest.raises(NotAllowed, match="vừa đổi"):
        actions.put_into_use(wording=stale, form=CONSOLIDATED, by=coordinator)
    assert Wording.objects.get(state=WordingState.IN_USE) == second
    with pytest.raises(NotAllowed, match="đã thay"):
        actions.put_into_use(wording=first, form=CONSOLIDATED, by=coordinator)
    actions.back_to_default(body=second.body, form=CONSOLIDATED, by=coordinator)
    with pytest.raises(NotAllowed, match="đang dùng lời văn mặc định"):
        actions.back_to_default(body=second.body, form=CONSOLIDATED, by=coordinator)


def test_a_paper_of_an_earlier_moment_is_written_in_the_wording_of_then(coordinator):
    before = clock.now()
    with clock.set_to(before.replace(hour=10)):
        first = used(coordinator, "Câu một./.")
    with clock.set_to(before.replace(hour=11)):
        used(coordinator, "Câu hai./.")
    body = committee(the_city())

    def at(hour: int) -> str:
        lines = actions.wording_for(body, CONSOLIDATED, at=before.replace(hour=hour, minute=30))
        return next(line.text for line in lines[::-1] if line.element == Element.CLOSING)

    assert (at(10), at(11)) == ("Câu một./.", "Câu hai./.")
    assert at(9).startswith("Số liệu tính từ sổ")
    assert first.words != CONSOLIDATED.lines


def test_the_words_of_a_version_never_change(coordinator):
    made = received(coordinator)
    for change in ({"lines": []}, {"note": "khác"}, {"by_name": "Ai khác"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Wording.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


def test_sending_twice_makes_one_version_and_the_same_words_none(coordinator):
    key_of_form = uuid.uuid4()
    one, two = received(coordinator, id=key_of_form), received(coordinator, id=key_of_form)
    assert one == two and Wording.objects.count() == 1
    with pytest.raises(NotAllowed, match="không khác lời văn đang dùng"):
        received(coordinator, raw=as_docx(CONSOLIDATED.lines, HEAD))


def test_a_version_that_no_longer_fits_gives_way_to_the_default_and_says_so(coordinator):
    made = used(coordinator)
    fewer = replace(CONSOLIDATED, fields=CONSOLIDATED.fields[1:], key=CONSOLIDATED.key)
    assert actions.wording_for(made.body, fewer) == fewer.lines
    assert any("không có trường" in one for one in actions.faults_of(made, fewer))


def test_every_act_has_its_sentence():
    assert {verb for verb in SENTENCES if verb.startswith("wording.")} == {
        "wording.received", "wording.tried", "wording.put_into_use", "wording.set_aside",
    }  # fmt: skip


def test_reports_show_their_results_in_a_table_as_well(coordinator):
    plan = a_plan()
    an_outcome(plan=plan)
    report = reporting.consolidate(plan=plan, as_of=clock.today(), by=coordinator)
    with report.file.open("rb") as file:
        tables = [[[c.text for c in row.cells] for row in t.rows] for t in docx.Document(file).tables]
    [results] = [rows for rows in tables if rows[0][0] == "Chỉ số"]
    assert results[0] == ["Chỉ số", "Chỉ tiêu (hộ)", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)"]
    assert results[1][1:4] == ["57", "1", "0"]
    assert outputs.results_table([("X", None, 3, 0)]).rows == (("X", "", "3", "0", ""),)


@pytest.mark.django_db
def test_a_plan_is_printed_from_what_was_read_of_it():
    version = a_plan().versions.get()
    paper = paper_of(version)
    assert (paper.number, paper.symbol, paper.issued_on) == (
        version.number,
        version.symbol,
        version.issued_on,
    )
    assert len(paper.bases) == version.legal_bases.count() and paper.signature.name == version.signatory
    [grid] = paper.annexes[0].blocks
    assert len(grid.rows) == version.rows.count()
    duties = [block.text for block in paper.body if block.text.startswith("- ")]
    assert len(duties) >= version.duties.count()
    assert write_docx(paper).startswith(b"PK")


def test_names_that_share_a_key():
    assert key("Số hộ – đã ghi nhận") == key("so ho - da ghi nhan") != key("số hộ")
