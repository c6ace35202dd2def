"""The frame and its parts: what they say, that they keep to the policy for content, and that they can be read."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import fontpkg_be_vietnam_pro as font_package
import pytest
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from jinja2 import UndefinedError
from PIL import ImageFont

from tiepcan.web.charts import Pin, cumulative, ruler
from tiepcan.web.environment import environment
from tiepcan.web.middleware import tells_where_to
from tiepcan.web.page import page
from tiepcan.web.views import Invented, gallery

ROOT = Path(__file__).parent.parent
CSS = ROOT / "tiepcan/web/static/web/css"
TEMPLATES = sorted((ROOT / "tiepcan").glob("**/jinja2/**/*.html"))

# The addresses of this file's pages, apart from the program's: the frame names the one that signs out.
urlpatterns = [
    path(
        "tai-khoan/", include(([path("dang-xuat/", lambda _: HttpResponse(), name="sign_out")], "accounts"))
    ),
]


def invented_frame(_request: object) -> dict[str, object]:
    place = SimpleNamespace(label="Việc cần làm", url="/viec/", current=True, count=4, icon="list")
    who = SimpleNamespace(organisation="UBND xã Thí Dụ", position="Công chức", name="Lê Văn Thí Dụ")
    done = SimpleNamespace(level_tag="success")
    frame = SimpleNamespace(
        menu=[place],
        rooms=[place],
        thumb=[place],
        who=who,
        banner="Bản trình diễn",
        foot=["Kế hoạch 146"],
        messages=[done],
    )
    return {"frame": frame}


@pytest.fixture(autouse=True)
def own_program(settings, tmp_path):
    """Real templates and static files, with a frame that asks no database."""
    settings.ROOT_URLCONF = __name__
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    [engine] = settings.TEMPLATES
    options = {**engine["OPTIONS"], "context_processors": [f"{__name__}.invented_frame"]}
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path], "OPTIONS": options}]


def drawn(call: str, **values: object) -> str:
    """What a macro writes, blanks folded."""
    from django.template import engines

    text = engines["jinja2"].env.from_string(
        '{% import "web/parts.html" as ui with context %}{{ ' + call + " }}"
    )
    return " ".join(text.render(values).split())


# ---- households as squares


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ((4, 6, 11), "11 hộ chỉ tiêu: 4 đã xác minh, 2 đã ghi nhận chờ xác minh, 5 còn chờ hỗ trợ"),
        ((0, 0, 5), "5 hộ chỉ tiêu: 0 đã xác minh, 0 đã ghi nhận chờ xác minh, 5 còn chờ hỗ trợ"),
        ((3, 6, 4), "4 hộ chỉ tiêu: 3 đã xác minh, 3 đã ghi nhận chờ xác minh, vượt 2 hộ"),
        ((5, 5, 2), "2 hộ chỉ tiêu: 5 đã xác minh, 0 đã ghi nhận chờ xác minh, vượt 3 hộ"),
        ((0, 1, None), "không giao chỉ tiêu: 0 đã xác minh, 1 đã ghi nhận chờ xác minh"),
        ((9, 30, 24), "9 đã xác minh, 30 đã ghi nhận, chỉ tiêu 24 hộ"),
    ],
)
def test_the_squares_say_one_sentence_for_the_row(counts, says):
    row = drawn("ui.units(*counts)", counts=counts)
    [label] = re.findall(r'aria-label="([^"]*)"', row)
    assert label.startswith(says)


@pytest.mark.parametrize(
    ("counts", "solid", "hatched", "hollow"),
    [
        ((4, 6, 11), 4, 2, 5),
        ((3, 6, 4), 3, 3, 0),
        ((5, 5, 2), 5, 0, 0),
        ((0, 0, 20), 0, 0, 20),
        ((1, 3, None), 1, 2, 0),
    ],
)
def test_one_square_is_one_household(counts, solid, hatched, hollow):
    row = drawn("ui.units(*counts)", counts=counts)
    squares = {kind: "".join(re.findall(rf'class="u-{kind}" d="([^"]*)"', row)).count("z") for kind in "vrw"}
    assert squares == {"v": solid, "r": hatched, "w": hollow}


def test_a_place_without_a_target_says_so():
    assert drawn("ui.units(0, 0, none)") == '<span class="faint">không giao</span>'


def test_more_than_twenty_households_become_a_bar():
    assert 'class="meter"' not in drawn("ui.units(0, 3, 20)")
    assert 'class="meter"' in drawn("ui.units(0, 3, 21)")
    assert 'width="43.50%"' in drawn("ui.meter(64, 87, 200, 95)")


def test_a_figure_leads_to_the_rows_behind_it():
    assert drawn("ui.figure(1234, '/ho/')") == '<a class="fig" href="/ho/">1.234</a>'
    assert drawn("ui.figure(none, '/ho/')") == "–"


# ---- forms


@pytest.fixture
def came_back() -> Invented:
    return Invented({"search": "nguyen", "started_on": "31/02/2019", "provider": "a"})


def test_the_summary_leads_to_the_first_control_of_every_wrong_field(came_back):
    summary = drawn("ui.errors(form)", form=came_back)
    links = re.findall(r'href="#([^"]*)">([^<]*)<', summary)
    assert [target for target, _ in links] == [
        "id_started_on",
        "id_kind_0",
        "id_lacks_0",
        "id_compared",
        "id_evidence",
    ]
    assert links[1][1] == "Hình thức hỗ trợ: Chưa điền mục này."
    assert 'role="alert" tabindex="-1" data-focus' in summary
    fields = "".join(drawn("ui.field(form[name])", form=came_back, name=name) for name in came_back.fields)
    assert [target for target, _ in links if f'id="{target}"' not in fields] == []


def test_no_summary_without_a_problem():
    assert drawn("ui.errors(form, none)", form=Invented()) == ""


def test_a_problem_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = Invented({})
    form.add_error(None, "Hộ này đã có phiếu.")
    assert "<li>Hộ này đã có phiếu.</li>" in drawn("ui.errors(form)", form=form)


def test_a_wrong_field_says_why_beside_it_and_to_screen_readers(came_back):
    field = drawn("ui.field(form.started_on, hint='Ví dụ 10/06/2019')", form=came_back)
    assert '<div class="field bad">' in field
    assert "Ngày chưa đúng. Viết ngày/tháng/năm, ví dụ 10/06/2019." in field
    assert 'aria-describedby="id_started_on_hint id_started_on_error"' in field
    assert 'aria-invalid="true"' in field
    assert field.index('id="id_started_on_error"') < field.index("<input")
    assert 'value="31/02/2019"' in field  # what was typed stays


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("search", '<input type="text" name="search"'),
        ("provider", '<select name="provider"'),
        ("started_on", 'inputmode="numeric"'),
        ("evidence", '<input type="file"'),
        ("remark", "<textarea"),
        ("compared", '<input type="checkbox"'),
    ],
)
def test_every_control_has_its_label(name, control):
    field = drawn("ui.field(form[name])", form=Invented(), name=name)
    assert control in field
    assert f'for="id_{name}"' in field
    assert f'id="id_{name}"' in field


@pytest.mark.parametrize(("name", "kind"), [("kind", "radio"), ("lacks", "checkbox")])
def test_choices_are_a_named_group_with_one_label_each(name, kind):
    field = drawn("ui.field(form[name])", form=Invented(), name=name)
    assert re.search(r'<fieldset class="field ?"> <legend class="q">', field)
    assert field.count(f'<input type="{kind}"') == field.count('<label class="choice"') == 2
    assert f'for="id_{name}_1"' in field


def test_a_hidden_field_is_only_its_value():
    class Keyed(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput, initial="a<b")

    assert (
        drawn("ui.field(form.key)", form=Keyed())
        == '<input type="hidden" name="key" value="a&lt;b" id="id_key">'
    )


def test_a_step_not_open_says_why_and_cannot_send():
    assert (
        drawn("ui.step_button('Trình lãnh đạo')")
        == '<button class="btn main" type="submit">Trình lãnh đạo</button>'
    )
    shut = drawn("ui.step_button('Trình lãnh đạo', 'Còn 2 mục <trống>.')")
    assert "submit" not in shut
    assert 'aria-disabled="true" aria-describedby="why-trinh-lanh-dao"' in shut
    assert 'id="why-trinh-lanh-dao">Còn 2 mục &lt;trống&gt;.' in shut


@pytest.mark.parametrize(
    ("days", "done", "tone", "words"),
    [
        (-3, False, "when late", "Chậm 3 ngày</b> hạn thứ Sáu 14/06"),
        (0, False, "when soon", "Hôm nay</b> hết thứ Sáu 14/06"),
        (2, False, "when soon", "Còn 2 ngày</b> hết thứ Sáu 14/06"),
        (114, False, "when", "Còn 114 ngày</b> hết thứ Sáu 14/06"),
        (-3, True, "when done", "Đã xong</b> hạn thứ Sáu 14/06"),
    ],
)
def test_a_deadline_is_told_by_the_days_left(days, done, tone, words):
    told = drawn("ui.when(days, day, done)", days=days, day=date(2019, 6, 14), done=done)
    assert f'class="{tone}"' in told
    assert words in told


def test_values_are_written_the_vietnamese_way():
    filters = environment().filters
    assert filters["day"](date(2019, 6, 2)) == "02/06/2019"
    assert filters["short_day"](date(2019, 6, 2)) == "02/06"
    assert filters["day_words"](date(2019, 6, 12)) == "thứ Tư 12/06/2019"
    assert filters["moment"](datetime(2019, 6, 11, 17, 5, tzinfo=UTC)) == "00:05, 12/06/2019"
    assert [filters["number"](n) for n in (0, 999, 1234, 1234567, Decimal("1234.5"))] == [
        "0",
        "999",
        "1.234",
        "1.234.567",
        "1.234,5",
    ]
    assert [filters["percent"](n) for n in (Fraction(87, 200), Fraction(1, 2000), 1)] == [
        "43,5%",
        "0,1%",
        "100%",
    ]
    assert [filters["bytes"](n) for n in (900, 190464, 1_048_000, 1_500_000)] == [
        "900 byte",
        "186 KB",
        "1023 KB",
        "1,4 MB",
    ]
    assert filters["slug"]("Trình lãnh đạo ỦY BAN") == "trinh-lanh-dao-uy-ban"
    assert [cell for cell in ("24", "1.234", "-3", "", "4 hộ", "IV") if filters["is_number"](cell)] == [
        "24",
        "1.234",
        "-3",
    ]


def test_a_misspelt_name_is_an_error_and_not_an_empty_cell():
    with pytest.raises(UndefinedError):
        drawn("householdz")


# ---- pages and their parts


@pytest.fixture
def a_page(tmp_path):
    (tmp_path / "a.html").write_text(
        '{% extends "web/frame.html" %}{% import "web/parts.html" as ui with context %}{% set unit = "hộ" %}'
        "{% block title %}Hộ gia đình{% endblock %}"
        '{% block content %}<div id="rows">{% block rows %}{{ ui.figure(count) }} {{ unit }}, {{ frame.banner }}{% endblock %}</div>{% endblock %}'
    )
    return "a.html"


def asked(**headers: str) -> HttpResponse:
    return page(RequestFactory().get("/", headers=headers), "a.html", {"count": 1234}, fragment="rows")


def test_htmx_gets_the_fragment_alone_with_the_pages_macros_and_context(a_page):
    answer = asked(hx_request="true")
    assert answer.content.decode() == "1.234 hộ, Bản trình diễn"
    assert answer["Vary"] == "HX-Request"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"hx_request": "true", "hx_boosted": "true"},
        {"hx_request": "true", "hx_history_restore_request": "true"},
    ],
)
def test_everyone_else_gets_the_whole_page_with_the_same_fragment_in_it(a_page, headers):
    answer = asked(**headers)
    text = answer.content.decode()
    assert text.startswith("<!doctype html>")
    assert '<div id="rows">1.234 hộ, Bản trình diễn</div>' in text
    assert answer["Vary"] == "HX-Request"


def test_a_page_with_a_form_that_came_back_says_so_in_its_title(a_page, came_back):
    def title(**context: object) -> str:
        text = page(RequestFactory().get("/"), "a.html", {"count": 1, **context}, status=422)
        assert text.status_code == 422
        return re.search("<title>(.*)</title>", text.content.decode())[1]

    assert title() == "Hộ gia đình – Tiếp Cận"
    assert title(form=Invented()) == "Hộ gia đình – Tiếp Cận"
    assert title(form=came_back) == "Lỗi: Hộ gia đình – Tiếp Cận"
    assert title(form=Invented(), has_errors=True) == "Lỗi: Hộ gia đình – Tiếp Cận"


def test_the_frame_has_its_landmarks_and_signs_out_by_a_form(a_page):
    text = asked().content.decode()
    assert '<html lang="vi">' in text
    assert text.index('class="skip" href="#noi-dung"') < text.index("<header")
    assert '<main class="page" id="noi-dung">' in text
    assert text.count('action="/tai-khoan/dang-xuat/"') == text.count("csrfmiddlewaretoken") == 2
    assert re.findall(r'<nav[^>]*aria-label="([^"]*)"', text) == ["Chính", "Menu", "Thao tác nhanh"]
    assert "/static/django_htmx/htmx-2.min.js" in text


def test_an_error_page_needs_no_request():
    told = {"heading": "Không tìm thấy trang", "sentence": "Địa chỉ này không có."}
    text = render_to_string("web/error.html", told)
    assert "<h1>Không tìm thấy trang</h1>" in text
    assert "<nav" not in text


def test_the_gallery_shows_every_part():
    text = gallery(RequestFactory().get("/")).content.decode()
    macros = set(re.findall(r"{% macro (\w+)", (ROOT / "tiepcan/web/jinja2/web/parts.html").read_text()))
    shown = set(re.findall(r"ui\.(\w+)", (ROOT / "tiepcan/web/jinja2/web/gallery.html").read_text()))
    helpers = {"shape", "squares_row", "boxes", "sentence", "choices_field", "may_be_empty", "problem"}
    assert macros - shown == helpers
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert [
        name
        for name in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]*)"', text)
        for part in name.split()
        if part not in ids
    ] == []


# ---- the policy for content


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: str(t.relative_to(ROOT)))
def test_no_template_carries_a_style_or_a_script_of_its_own(template):
    text = template.read_text()
    assert (
        re.findall(
            r"\sstyle\s*=|<style|\son\w+\s*=\s*[\"']|hx-on\b|javascript:|hx-(?:vars|vals=[\"']js:)", text
        )
        == []
    )
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if " src=" not in tag] == []
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", text) == []


def test_no_widget_of_the_forms_carries_a_style():
    fields = "".join(drawn("ui.field(form[name])", form=Invented(), name=name) for name in Invented().fields)
    assert "style=" not in fields


def test_the_style_sheets_load_nothing_and_stay_small():
    text = "".join(sheet.read_text() for sheet in CSS.glob("*.css"))
    assert re.findall(r"@import|url\(|https?:", text) == []
    assert len(text.encode()) < 60_000


def test_every_style_sheet_is_in_the_frame_and_tells_its_layer():
    frame = (ROOT / "tiepcan/web/jinja2/web/frame.html").read_text()
    listed = re.search(r"for sheet in \((.*?)\)", frame)[1].replace('"', "").split(", ")
    assert listed[0] == "tokens"  # it orders the layers
    assert sorted(listed) == sorted(sheet.stem for sheet in CSS.glob("*.css"))
    orders = [sheet.stem for sheet in CSS.glob("*.css") if re.search(r"@layer [\w, ]+;", sheet.read_text())]
    assert orders == ["tokens"]


# ---- colours that can be told apart


def tokens(pattern: str) -> dict[str, str]:
    block = re.search(pattern, (CSS / "tokens.css").read_text(), re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", block))


LIGHT = tokens(r"\n  :root \{(.*?)\n  \}")
DARK = tokens(r'\n  :root\[data-theme="dark"\] \{(.*?)\n  \}')
PRINT = tokens(r"@media print \{.*?\{(.*?)\n    \}")
TINTS = ("cham-tint", "son-tint", "nghe-tint", "la-tint", "sim-tint", "da-tint")
GROUNDS = ("paper", "surface", "sunken")
MEANINGS = ("cham", "son", "nghe", "la", "sim", "da")

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "link") for ground in (*GROUNDS, *TINTS)),
    *((meaning, ground) for meaning in MEANINGS for ground in (*GROUNDS, f"{meaning}-tint")),
    *((meaning, "cham-tint") for meaning in MEANINGS),
    *((meaning, "nghe-tint") for meaning in MEANINGS),
    *(("on-accent", ground) for ground in ("cham", "cham-deep", "d-verified")),
    *(("on-bar", "bar"), ("on-bar-2", "bar"), ("d-verified", "surface"), ("cham-deep", "d-recorded-bg")),
]
MARKS = [
    *(("edge", ground) for ground in (*GROUNDS, "cham-tint", "nghe-tint")),
    *(("d-owed-edge", ground) for ground in GROUNDS),
    *(("d-recorded", ground) for ground in ("d-recorded-bg", "surface")),
    *((mark, "surface") for mark in ("d-verified", "d-plan", "son", "cham")),
    *(("focus-in", "focus-out"), ("focus-out", "bar")),
]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_computed_as_wcag_2_does():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#24407f", "#ffffff") == pytest.approx(9.9, abs=0.1)


@pytest.mark.parametrize("theme", [LIGHT, LIGHT | DARK, LIGHT | DARK | PRINT], ids=["light", "dark", "print"])
def test_every_text_and_every_mark_stands_out_from_its_ground(theme):
    seen = [
        pair for pair in MARKS if theme["bar"] != "#fff" or pair != ("focus-out", "bar")
    ]  # paper has no focus
    too_faint = [
        f"{colour} on {ground}: {contrast(theme[colour], theme[ground]):.2f}"
        for least, pairs in ((4.5, TEXT), (3, seen))
        for colour, ground in pairs
        if contrast(theme[colour], theme[ground]) < least
    ]
    assert too_faint == []


def test_the_dark_chosen_and_the_dark_of_the_system_are_one():
    assert tokens(r':root:not\(\[data-theme="light"\]\) \{(.*?)\n    \}') == DARK
    assert LIGHT.keys() == DARK.keys()


# ---- charts

FONT = Path(font_package.__file__).parent
BEGIN, END = date(2019, 3, 1), date(2019, 10, 4)


def a_chart(
    *,
    today: date = date(2019, 6, 12),
    recorded: int = 87,
    verified: int = 64,
    target: int = 200,
    narrow: bool = False,
) -> str:
    middle = BEGIN + (min(today, END) - BEGIN) / 2
    return cumulative(
        first_day=BEGIN,
        last_day=END,
        today=today,
        target=target,
        plan_start=BEGIN,
        recorded=[(BEGIN, 0), (middle, recorded // 2), (today, recorded)] if recorded else [],
        verified=[(BEGIN, 0), (today, verified)] if verified else [],
        plan_today=95,
        label="Dịch vụ viễn thông",
        narrow=narrow,
    )


def a_ruler(*, today: date = date(2019, 6, 12), days: tuple[date, ...] = (), narrow: bool = False) -> str:
    states = ("done", "next", "open")
    pins = [
        Pin(f"Báo cáo <{n}> của phường", f"hạn {day:%d/%m}", day, states[n % 3]) for n, day in enumerate(days)
    ]
    return ruler(first_day=BEGIN, last_day=END, today=today, pins=pins, narrow=narrow)


@pytest.fixture(scope="module")
def width() -> Iterator[object]:
    """How wide a text really is, in a font with every Vietnamese letter."""
    [file] = FONT.glob("**/BeVietnamPro-Medium.ttf")
    font = ImageFont.truetype(str(file), 125)
    return lambda words: font.getlength(words) / 10


def boxes(svg: str, width) -> list[tuple[str, float, float, float, float]]:
    found = []
    for text in ElementTree.fromstring(svg).iter("text"):
        wide, x, y = width(text.text), float(text.get("x")), float(text.get("y"))
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        found.append((text.text, left, y - 10, left + wide, y + 3))
    return found


def assert_no_two_texts_meet(svg: str, width) -> None:
    placed = boxes(svg, width)
    meeting = [
        (one[0], other[0])
        for one, other in combinations(placed, 2)
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]
    assert meeting == []
    _, _, right, bottom = map(float, ElementTree.fromstring(svg).get("viewBox").split())
    assert [
        box[0] for box in placed if box[1] < -4 or box[3] > right + 4 or box[2] < -2 or box[4] > bottom + 2
    ] == []


def test_a_chart_says_its_figures_to_who_cannot_see_it():
    svg = ElementTree.fromstring(a_chart())
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == (
        "Dịch vụ viễn thông: đến 12/06/2019 đã ghi nhận 87, đã xác minh 64, theo kế hoạch 95, chỉ tiêu 200."
    )
    assert {text.text for text in svg.iter("text")} >= {
        "0",
        "200",
        "Kế hoạch",
        "Hôm nay",
        "87 ghi nhận",
        "64 xác minh",
    }


def test_a_ruler_says_its_days_and_escapes_what_it_is_given():
    svg = a_ruler(days=(date(2019, 6, 14),))
    assert "Báo cáo &lt;0&gt; của phường" in svg
    assert ElementTree.fromstring(svg).get("aria-label") == (
        "Thước hạn từ 01/03/2019 đến 04/10/2019: Báo cáo <0> của phường, hạn 14/06 (đã xong); hôm nay 12/06/2019."
    )


def test_charts_have_classes_and_no_colours():
    for svg in (a_chart(), a_ruler(days=(BEGIN, END))):
        assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3}", svg)


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    ("recorded", "verified", "target"),
    [
        (87, 64, 200),
        (64, 64, 200),
        (0, 0, 200),
        (1, 0, 1),
        (200, 199, 200),
        (230, 210, 200),
        (8, 5, 21),
        (3, 3, 0),
        (12345, 9876, 20000),
    ],
)
def test_no_two_texts_of_a_chart_meet_whatever_the_day(recorded, verified, target, narrow, width):
    for days in range(0, (END - BEGIN).days + 20, 4):
        today = BEGIN + timedelta(days)
        assert_no_two_texts_meet(
            a_chart(today=today, recorded=recorded, verified=verified, target=target, narrow=narrow), width
        )


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("gap", [0, 1, 7, 20, 45, 90])
def test_no_two_texts_of_a_ruler_meet_however_close_the_days(gap, narrow, width):
    for start in (0, 50, 130, 217):
        days = tuple(min(BEGIN + timedelta(start + gap * n), END) for n in range(4))
        for today in (BEGIN, days[0], days[1] + timedelta(1), END, END + timedelta(30)):
            assert_no_two_texts_meet(a_ruler(today=today, days=days, narrow=narrow), width)


def test_a_line_starts_from_zero_and_lasts_until_today():
    svg = ElementTree.fromstring(
        cumulative(
            first_day=BEGIN, last_day=END, today=date(2019, 6, 12), target=10, plan_start=BEGIN,
            recorded=[(BEGIN, 0), (date(2019, 4, 1), 4)], verified=[], plan_today=5, label="Tài sản",
        )
    )  # fmt: skip
    [line] = svg.iter("polyline")
    points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
    now = float(re.search(r"M([\d.]+)", svg.find("path[@class='now']").get("d"))[1])
    assert points[-1] == (now, points[1][1])
    assert svg.find("circle").get("cx") == f"{now:.1f}"


# Forms before the door are sent as any other: a password is typed again, not kept.
IN_ROOMS = [one for one in TEMPLATES if "/accounts/" not in str(one) and one.name != "gallery.html"]


@pytest.mark.parametrize("template", IN_ROOMS, ids=lambda t: str(t.relative_to(ROOT)))
def test_what_is_typed_into_a_form_survives_a_broken_line(template: Path) -> None:
    """A form that answers with a file or a list leaves the page as it is, and what was typed with it."""
    for form, inner in re.findall(r"(<form [^>]*post[^>]*>)(.*?)</form>", template.read_text(), re.S):
        if "ui.field(" in inner or "<textarea" in inner:
            assert "data-steady" in form or "data-again" in form, f"{form} loses what was typed"


def _answered(answer: HttpResponse, **headers: str) -> HttpResponse:
    return tells_where_to(lambda _: answer)(RequestFactory(headers=headers).post("/ghi/"))


def test_a_form_that_a_page_sends_is_told_where_to_go_on(settings) -> None:
    settings.LOGIN_URL = "/dang-nhap/"
    taken = _answered(HttpResponseRedirect("/ho/1/"), **{"X-Steady": "1"})
    assert (taken.status_code, taken["X-To"], taken.has_header("Location")) == (204, "/ho/1/", False)
    door = _answered(HttpResponseRedirect("/dang-nhap/?next=/ghi/"), **{"X-Steady": "1"})
    assert (door.status_code, door["X-To"]) == (401, "/dang-nhap/?next=/ghi/")


def test_any_other_answer_is_left_alone() -> None:
    assert _answered(HttpResponseRedirect("/ho/1/"))["Location"] == "/ho/1/"
    assert _answered(HttpResponse("sai"), **{"X-Steady": "1"}).content == b"sai"
