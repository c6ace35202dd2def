"""Poverty standards as rows: which one governs a review, what it defines, how an office reads it, and what pages print."""

import csv
import uuid
from datetime import date
from itertools import pairwise

import docx
import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pghistory.models import Context

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, the_city
from tests.pages import parsed, problems_of, table_of, text_of, words
from tiepcan.accounts.roles import Role
from tiepcan.audit.history import history_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.reporting import actions as reporting
from tiepcan.standards import actions
from tiepcan.standards.models import Asked, Definition, Indicator, OfficeReading, Question, Reading, Standard
from tiepcan.standards.queries import (
    NoStandard,
    classes_of,
    definitions_of,
    reading_in_words,
    readings_for,
    standard_of,
)
from tiepcan.standards.rules import Form, lacks

TELECOM, ASSET = "telecom_service", "information_asset"
EITHER, BOTH = "2016-2021-telecom_service-either", "2016-2021-telecom_service-both"
CHOOSE = f"/chuan-ngheo/2016-2021/cach-hieu/{TELECOM}/"

db = pytest.mark.django_db


# ---- rules, without the database

QUESTIONS = ["phone", "internet", "tv"]
_questions = st.lists(st.sampled_from(QUESTIONS), unique=True, min_size=1)
_answers = st.dictionaries(st.sampled_from([*QUESTIONS, "other"]), st.booleans())


@given(_questions, _answers)
def test_none_of_is_lacking_only_when_all_are_answered_no(questions, answers):
    found = lacks(Form.NONE_OF, questions, answers)
    assert (found is False) == any(answers.get(q) is True for q in questions)
    assert (found is True) == all(answers.get(q) is False for q in questions)


@given(_questions, _answers)
def test_not_all_of_is_lacking_at_the_first_no(questions, answers):
    found = lacks(Form.NOT_ALL_OF, questions, answers)
    assert (found is True) == any(answers.get(q) is False for q in questions)
    assert (found is False) == all(answers.get(q) is True for q in questions)


@given(st.sampled_from([Form.NONE_OF, Form.NOT_ALL_OF]), _questions, _answers, _answers)
def test_what_is_decided_stays_so_when_more_is_answered(form, questions, answers, more):
    found = lacks(form, questions, answers)
    if found is not None:
        assert lacks(form, questions, more | answers) == found


@given(st.sampled_from(list(Form)), st.sampled_from(QUESTIONS), _answers)
def test_a_single_question_decides_alone(form, question, answers):
    found, answer = lacks(form, [question], answers), answers.get(question)
    if answer is None:
        assert found is None
    else:
        assert found is (answer if form is Form.AS_ANSWERED else not answer)


def test_a_rule_that_asks_nothing_decides_nothing():
    assert lacks(Form.NONE_OF, [], {"phone": True}) is None
    assert lacks(Form.NOT_ALL_OF, [], {"phone": False}) is None


def test_a_form_that_nobody_knows_and_a_conclusion_of_two_questions_are_errors():
    with pytest.raises(ValueError, match="any_of"):
        lacks("any_of", ["phone"], {})
    with pytest.raises(ValueError, match="unpack"):
        lacks(Form.AS_ANSWERED, ["phone", "tv"], {})


# ---- the reference rows


@db
def test_every_year_from_2015_to_2029_has_one_standard():
    years = {"2016-2021": range(2015, 2021), "2022-2026": range(2021, 2026), "2027-2030": range(2026, 2030)}
    for key, governed in years.items():
        assert {standard_of(year).pk for year in governed} == {key}
    spans = sorted(Standard.objects.values_list("first_review", "last_review"))
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(spans))


@db
@pytest.mark.parametrize("year", [2014, 2030])
def test_a_year_without_a_standard_is_said_in_words(year):
    with pytest.raises(
        NoStandard, match=f"Chưa có chuẩn nghèo cho rà soát cuối năm {year}; đã có cho các năm 2015 đến 2029."
    ) as problem:
        standard_of(year)
    assert isinstance(problem.value, LookupError)


@db
def test_a_review_decides_the_list_of_the_next_year():
    for standard in Standard.objects.all():
        assert standard.first_review + 1 == standard.valid_from.year
        assert standard.valid_to == date(standard.last_review + 2, 1, 1)


@db
def test_standards_have_their_indicators_in_the_order_of_their_numbers():
    numbers = {s.pk: [d.number for d in definitions_of(s)] for s in Standard.objects.all()}
    assert numbers == {
        "2016-2021": list(range(1, 11)),
        "2022-2026": list(range(1, 13)),
        "2027-2030": [1, 2, None, None],
    }
    services = {s.pk: len({d.service for d in definitions_of(s)}) for s in Standard.objects.all()}
    assert services == {"2016-2021": 5, "2022-2026": 6, "2027-2030": 2}
    assert str(definitions_of(standard_of(2018))[8]) == "9. Sử dụng dịch vụ viễn thông"
    assert str(definitions_of(standard_of(2027))[2]) == "Sử dụng dịch vụ viễn thông"


@db
def test_only_what_was_read_of_the_standard_of_2027_is_said():
    assert set(definitions_of(standard_of(2026)).values_list("lacks_when", "confidence")) == {("", "open")}
    assert set(standard_of(2026).thresholds.values_list("scores_confidence", "score_lacks_min")) == {
        ("open", None)
    }
    income = dict(standard_of(2026).thresholds.values_list("area", "income_limit"))
    assert income == {"rural": 2_200_000, "urban": 2_800_000}


@db
def test_a_condition_that_nobody_read_cannot_pass_for_known():
    row = Definition.objects.get(standard="2027-2030", indicator=TELECOM)
    row.confidence = "read"
    with pytest.raises(IntegrityError, match="definition_without_a_condition_is_open"), transaction.atomic():
        row.save()


@db
def test_thresholds_are_those_of_the_decrees():
    def of(year: int, area: str) -> tuple:
        row = standard_of(year).thresholds.get(area=area)
        return (
            row.income_poor, row.income_limit, row.lacks_min,
            row.score_income_poor, row.score_income_limit, row.score_lacks_min,
        )  # fmt: skip

    assert of(2018, "rural") == (700_000, 1_000_000, 3, 120, 150, 30)
    assert of(2018, "urban") == (900_000, 1_300_000, 3, 140, 175, 30)
    assert of(2023, "rural") == (None, 1_500_000, 3, None, 140, 30)
    assert of(2023, "urban") == (None, 2_000_000, 3, None, 175, 30)


@db
def test_classes_tell_poor_by_income_from_poor_by_lacks_until_2021():
    assert classes_of(standard_of(2018)) == ("poor_income", "poor_deprivation", "poor", "near_poor", "out")
    for year in (2021, 2026):
        assert classes_of(standard_of(year)) == ("poor", "near_poor", "out")


@db
def test_plans_know_the_two_indicators_of_information_alone():
    assert [i.pk for i in Indicator.objects.of_information()] == [TELECOM, ASSET]
    assert Indicator.objects.count() == 13
    a_household(lacks=(TELECOM,))
    plan = a_plan()
    client = a_client(a_person(Role.COORDINATOR))
    for url in (f"/tong-quan/{plan.pk}/", f"/ke-hoach/{plan.pk}/", f"/ke-hoach/{plan.pk}/chia/"):
        said = text_of(client.get(url))
        assert "viễn thông" in said
        assert "Dinh dưỡng" not in said
        assert "dinh dưỡng" not in said
    assert client.get(f"/so-lieu/{plan.pk}/nutrition/ghi-nhan/").status_code == 404
    assert client.get(f"/tong-quan/{plan.pk}/luy-ke/nutrition/").status_code == 404


@db
def test_every_definition_has_one_default_reading_and_every_rule_its_questions():
    for definition in Definition.objects.prefetch_related("readings__questions"):
        readings = definition.readings.all()
        assert [r.is_default for r in readings].count(True) == 1, definition
        for reading in readings:
            meant = {q.yes_means for q in reading.questions.all()}
            assert meant == {"lacks" if reading.form == Form.AS_ANSWERED else "has"}
            assert reading.lacks({}) is None
    assert not Question.objects.filter(readings=None).exists()


# ---- loading


@db
def test_loading_again_leaves_no_history():
    before = Context.objects.count()
    actions.load_standards()
    assert Context.objects.count() == before


@db
def test_a_changed_file_changes_its_rows_and_takes_out_a_question(tmp_path, monkeypatch):
    for file in actions.REFERENCE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "readings.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["id"] in (EITHER, BOTH):  # the default moves, and one question goes
            row["is_default"] = str(row["id"] == BOTH)
        if row["id"] == "2016-2021-information_asset":
            row["questions"] = "tv radio computer"
    with (tmp_path / "readings.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    monkeypatch.setattr(actions, "REFERENCE", tmp_path)

    actions.load_standards()

    assert (
        Reading.objects.get(
            definition__standard="2016-2021", definition__indicator=TELECOM, is_default=True
        ).pk
        == BOTH
    )
    assert not Asked.objects.filter(question="loudspeaker").exists()


# ---- the reading that an office chose


def choose(unit, reading=BOTH, by=None):
    found = Reading.objects.select_related("definition").get(pk=reading)
    return actions.choose_reading(
        unit=unit, definition=found.definition, reading=found, by=by or a_person(Role.COORDINATOR, unit)
    )


@db
def test_one_of_phone_and_internet_is_enough_unless_the_office_reads_it_literally():
    unit, standard = a_unit(), standard_of(2018)
    phone_alone = {"phone": True, "internet": False}
    assert readings_for(unit, standard)[TELECOM].lacks(phone_alone) is False
    choose(unit)
    assert readings_for(unit, standard)[TELECOM].lacks(phone_alone) is True
    assert readings_for(unit, standard)[TELECOM].lacks({"phone": True, "internet": True}) is False


@db
def test_the_nearest_choice_holds_and_a_neighbour_is_not_asked():
    here, there, standard = a_unit(), a_unit("Nam Ngạn"), standard_of(2018)
    choose(the_city(), BOTH)
    assert readings_for(here, standard)[TELECOM].pk == BOTH
    choose(here, EITHER)
    assert readings_for(here, standard)[TELECOM].pk == EITHER
    assert readings_for(there, standard)[TELECOM].pk == BOTH
    assert readings_for(the_city(), standard)[TELECOM].pk == BOTH


@db
def test_a_choice_below_does_not_reach_above():
    choose(a_unit())
    assert readings_for(the_city(), standard_of(2018))[TELECOM].pk == EITHER


@db
def test_readings_are_found_in_a_fixed_number_of_queries(django_assert_num_queries):
    unit, standard = a_unit(), standard_of(2023)
    choose(the_city())
    with django_assert_num_queries(3):
        assert len(readings_for(unit, standard)) == 12


@db
def test_choosing_leaves_a_trace_and_the_same_again_none():
    def verbs() -> list[str]:
        return [line.verb for line in history_of(OfficeReading.objects.all())]

    chosen = choose(the_city())
    assert verbs() == ["reading.chosen"]
    assert choose(the_city()) == chosen
    assert verbs() == ["reading.chosen"]
    assert choose(the_city(), EITHER).pk == chosen.pk
    assert verbs() == ["reading.chosen", "reading.chosen"]


@db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_only_coordinators_choose(role):
    with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
        choose(the_city(), by=a_person(role, the_city()))
    assert not OfficeReading.objects.exists()


@db
def test_nobody_chooses_for_a_unit_that_is_not_theirs():
    with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
        choose(the_city(), by=a_person(Role.COORDINATOR, a_unit()))


@db
def test_a_reading_of_another_indicator_is_refused():
    reading = Reading.objects.get(pk="2016-2021-information_asset")
    definition = Definition.objects.get(standard="2016-2021", indicator=TELECOM)
    with pytest.raises(NotAllowed, match="của một chỉ số khác"):
        actions.choose_reading(
            unit=the_city(), definition=definition, reading=reading, by=a_person(Role.COORDINATOR)
        )


# ---- what is printed beside figures


@db
def test_the_reading_is_said_in_words_with_who_chose_it():
    assert reading_in_words(a_unit(), 2018) == (
        "Thiếu hụt dịch vụ viễn thông: hộ không có thành viên nào dùng điện thoại và cũng không dùng internet; dùng một "
        "trong hai là đủ (cách hiểu mặc định, địa phương chưa chọn). "
        "Thiếu hụt tài sản thông tin: hộ không có ti vi, đài, máy vi tính và không nghe được loa truyền thanh xã, thôn."
    )
    choose(the_city())
    said = reading_in_words(a_unit(), 2018)
    assert "chỉ dùng một trong hai vẫn là thiếu hụt (cách hiểu do UBND thành phố Thanh Hóa chọn)." in said
    assert "không có thành viên nào dùng internet." in reading_in_words(a_unit(), 2023)
    assert "điều kiện của chuẩn chưa đọc được" in reading_in_words(a_unit(), 2027)
    assert reading_in_words(a_unit(), 2031).startswith("Chưa có chuẩn nghèo cho rà soát cuối năm 2031")


@db
def test_figures_and_the_consolidated_report_print_the_reading():
    plan, by = a_plan(), a_person(Role.COORDINATOR)
    choose(plan.issuer, by=by)
    report = reporting.consolidate(id=uuid.uuid4(), plan=plan, as_of=date(2019, 6, 11), by=by)
    said = reading_in_words(plan.issuer, 2018)
    client = a_client(by)
    for url in (f"/tong-quan/{plan.pk}/", f"/so-lieu/{plan.pk}/{TELECOM}/ghi-nhan/"):
        assert said in text_of(client.get(url))
    assert words(said) in _text_of_docx(report)


def _text_of_docx(report) -> str:
    with report.file.open("rb") as file:
        return words(" ".join(paragraph.text for paragraph in docx.Document(file).paragraphs))


# ---- pages


@db
def test_the_page_shows_each_standard_with_how_sure_it_is():
    page = a_client(a_person(Role.OFFICER)).get("/chuan-ngheo/")
    old = table_of(page, "muc-2016-2021")
    assert old[1][:4] == ["Nông thôn", "700.000 đồng", "1.000.000 đồng", "3"]
    assert "Điểm: chưa đối chiếu văn bản" in old[1][-1]
    indicators = table_of(page, "chi-so-2022-2026")
    assert indicators[11][:3] == [
        "Thông tin", "11. Sử dụng dịch vụ viễn thông", "Không thành viên nào sử dụng dịch vụ internet",
    ]  # fmt: skip
    assert "Điều kiện: chưa đối chiếu văn bản" in indicators[11][3]
    assert [row[2] for row in table_of(page, "chi-so-2027-2030")[1:]] == ["–"] * 4
    assert "Chưa đủ căn cứ" in text_of(page)
    assert "Đang dùng: hộ không có thành viên nào dùng điện thoại" in text_of(page)
    assert not parsed(page).xpath("//a[contains(@href, 'cach-hieu')]")


@db
def test_a_coordinator_chooses_on_the_page():
    by = a_person(Role.COORDINATOR)
    client = a_client(by)
    [link] = parsed(client.get("/chuan-ngheo/")).xpath("//a[contains(@href, 'cach-hieu')]/@href")
    assert link == CHOOSE
    form = client.get(link)
    assert parsed(form).xpath("//input[@checked]/@value") == [EITHER]
    answer = client.post(link, {"reading": BOTH}, follow=True)
    assert "Đã chọn cách hiểu “Sử dụng dịch vụ viễn thông” cho Thành phố Thanh Hóa." in text_of(answer)
    assert "cách hiểu do UBND thành phố Thanh Hóa chọn" in text_of(answer)
    assert parsed(client.get(link)).xpath("//input[@checked]/@value") == [BOTH]


@db
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Chọn một cách hiểu."),
        ({"reading": "2022-2026-telecom_service"}, "Chọn một trong các cách hiểu được nêu."),
    ],
)
def test_what_is_not_a_reading_of_the_indicator_is_said(sent, sentence):
    answer = a_client(a_person(Role.COORDINATOR)).post(CHOOSE, sent)
    assert problems_of(answer) == {f"Hộ thiếu hụt khi: {sentence}": "id_reading_0"}
    assert not OfficeReading.objects.exists()


@db
@pytest.mark.parametrize(
    "url",
    [
        "/chuan-ngheo/2022-2026/cach-hieu/telecom_service/",
        "/chuan-ngheo/2016-2021/cach-hieu/khong-co/",
        "/chuan-ngheo/1990/cach-hieu/telecom_service/",
    ],
)
def test_where_nothing_is_to_be_chosen_there_is_no_page(url):
    assert a_client(a_person(Role.COORDINATOR)).get(url).status_code == 404
