"""A workbook of households goes into the registry as a whole, or not at all, and every row is told."""

import io
import json
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_unit, the_city
from tests.pages import text_of
from tests.workbooks import HEAD, a_list, a_row
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.models import Person
from tiepcan.accounts.models import Reading as PageRead
from tiepcan.accounts.roles import Role
from tiepcan.audit.history import history_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import actions, identity, suspicion, tasks
from tiepcan.households.importing import actions as importing
from tiepcan.households.importing import preview
from tiepcan.households.models import Household, Import, ImportState, Pair, Review, RowOutcome, Tally
from tiepcan.households.outputs import ward_workbook
from tiepcan.households.queries import recounted
from tiepcan.standards.actions import choose_reading
from tiepcan.standards.models import Definition, Reading

pytestmark = pytest.mark.django_db


def sent(raw: bytes, by: Person, *, name: str = "ds.xlsx", year: int = 2018) -> Import:
    """A file received and read by the worker."""
    file = importing.receive(id=uuid.uuid4(), raw=raw, name=name, unit=by.unit, year=year, by=by)
    tasks.read_file.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def written(file: Import, by: Person, *, without_rejected: bool = False) -> Import:
    importing.write(file=file, without_rejected=without_rejected, by=by)
    tasks.write_file.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def counts(file: Import) -> dict[str, int]:
    return {outcome.value: getattr(file, outcome.value) for outcome in RowOutcome}


@pytest.fixture
def officer() -> Person:
    return a_person(Role.OFFICER)


def test_new_households_are_shown_before_they_are_written(officer):
    file = sent(a_list(a_row("HR-01", "Lê Văn Giả Định"), a_row("HR-02", telecom="", asset="x")), officer)

    assert file.state == ImportState.READ, file.message
    assert counts(file) == {"accepted": 2, "changed": 0, "unchanged": 0, "rejected": 0, "skipped": 0}
    assert not Household.objects.exists()

    written(file, officer)
    assert file.state == ImportState.DONE, file.message
    first = Household.objects.get(code="HR-01")
    assert (first.head_name, first.birth_year, first.hamlet, first.members) == (
        "Lê Văn Giả Định", 1960, "Tổ 1", 3,
    )  # fmt: skip
    assert first.sort_key == "dinh le van gia"
    assert Review.objects.get(household=first).lacks == ["telecom_service"]
    assert recounted() == {(t.unit_id, t.year, t.poverty, t.lack): t.households for t in Tally.objects.all()}


def test_what_the_registry_knows_is_compared_fact_by_fact(officer):
    same = a_household(code="HR-1", head_name="Lê Văn Giả Định", by=officer)
    other = a_household(code="HR-2", head_name="Hồ Văn Không Thật", members=5, by=officer)
    file = sent(
        a_list(a_row("HR-1", "Lê Văn Giả Định"), a_row("HR-2", "Hồ Văn Không Thật", members=6, poverty="CN", telecom="")),
        officer,
    )  # fmt: skip

    assert (file.unchanged, file.changed, file.accepted) == (1, 1, 0)
    line = file.lines.get(outcome=RowOutcome.CHANGED)
    assert line.household_id == other.pk
    assert line.changes == [
        ["members", 5, 6],
        ["poverty", "poor_income", "near_poor"],
        ["lacks", ["telecom_service"], []],
    ]

    written(file, officer)
    other.refresh_from_db()
    same.refresh_from_db()
    assert (other.members, other.version, same.version) == (6, 2, 1)
    review = other.reviews.get()
    assert (review.poverty, review.lacks) == ("near_poor", [])
    assert tallied() == recounted()


def tallied() -> dict[tuple[str, int, str, str], int]:
    return {(t.unit_id, t.year, t.poverty, t.lack): t.households for t in Tally.objects.exclude(households=0)}


def test_indicators_that_the_file_does_not_speak_of_stay_as_they_are(officer):
    household = a_household(code="HR-1", head_name="Lê Văn Giả Định", lacks=("telecom_service", "health_insurance"), by=officer)  # fmt: skip
    file = sent(a_list(a_row("HR-1", "Lê Văn Giả Định", telecom="", asset="x")), officer)
    written(file, officer)
    assert household.reviews.get().lacks == ["health_insurance", "information_asset"]


def test_the_same_file_again_opens_the_first_and_reads_nothing(officer):
    raw = a_list(a_row("HR-1"))
    first = written(sent(raw, officer), officer)
    again = importing.receive(
        id=uuid.uuid4(), raw=raw, name="khac.xlsx", unit=officer.unit, year=2018, by=officer
    )
    assert again == first
    assert Import.objects.count() == 1


def test_a_file_that_was_given_up_may_come_again(officer):
    raw = a_list(a_row("HR-1"))
    importing.discard(file=sent(raw, officer), by=officer)
    assert sent(raw, officer).state == ImportState.READ


def test_a_bad_cell_refuses_its_row_and_is_named(officer):
    file = sent(a_list(a_row("HR-1"), a_row("HR-2", birth_year=19577)), officer)
    assert (file.accepted, file.rejected) == (1, 1)
    problem = file.problems.get()
    assert (problem.row, problem.column, problem.value) == (3, 4, "19577")
    with pytest.raises(NotAllowed, match="1 dòng bị từ chối"):
        importing.write(file=file, without_rejected=False, by=officer)

    lines = a_client(officer).get(reverse("households:import_lines", args=[file.pk, "rejected"]))
    assert "D3: Năm sinh gồm bốn chữ số" in text_of(lines)

    written(file, officer, without_rejected=True)
    assert list(Household.objects.values_list("code", flat=True)) == ["HR-1"]
    assert (file.accepted, file.rejected, file.rows) == (1, 1, 2)


def test_a_new_household_without_a_code_gets_the_next_one(officer):
    a_household(code="HR-07", by=officer)
    file = sent(a_list(a_row("", "Thân Thị Ước Lệ"), a_row("HR-07", "Trần Thị Ví Dụ")), officer)
    written(file, officer, without_rejected=True)
    assert Household.objects.get(head_name="Thân Thị Ước Lệ").code == "HR-08"


def test_without_codes_a_household_is_known_by_name_year_and_hamlet(officer):
    head = [cell for cell in HEAD if cell != "Số hồ sơ"]
    known = a_household(head_name="Lê Văn Giả Định", by=officer)
    a_household(head_name="Lê Văn Giả Định", birth_year=1985, by=officer)
    file = sent(a_list(a_row("", "Lê Văn Giả Định", members=4)[1:], head=head), officer)
    assert file.lines.get(outcome=RowOutcome.CHANGED).household_id == known.pk


def test_of_two_that_fit_none_is_taken_in_silence(officer):
    head = [cell for cell in HEAD if cell != "Số hồ sơ"]
    for _ in range(2):
        a_household(head_name="Lê Văn Giả Định", by=officer)
    file = sent(a_list(a_row("", "Lê Văn Giả Định", members=4)[1:], head=head), officer)
    assert (file.changed, file.accepted) == (0, 1)


def test_a_code_of_quite_another_household_is_refused(officer):
    a_household(code="HR-1", head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Tổ 4", by=officer)
    file = sent(a_list(a_row("HR-1", "Ngô Văn Thí Điểm", birth_year=1980, hamlet="Tổ 9")), officer)
    assert file.rejected == 1
    assert "trong sổ là hộ Đỗ Thị Tượng Trưng, sinh 1957" in file.problems.get().message


def test_a_merged_records_code_means_the_record_that_stayed(officer):
    kept = a_household(code="HR-1", head_name="Lê Văn Ba", by=officer)
    other = a_household(code="HR-2", by=officer)
    Household.objects.filter(pk=other.pk).update(merged_into=kept)
    file = sent(a_list(a_row("HR-2", kept.head_name, members=5)), officer)
    assert file.lines.get(outcome=RowOutcome.CHANGED).household_id == kept.pk


def test_a_locked_year_takes_nothing_in(officer):
    household = a_household(code="HR-1", head_name="Lê Văn Ba", by=officer)
    review_round = actions.start_round(unit=officer.unit, year=2018, by=officer)
    actions.lock_round(round=review_round, by=officer)
    file = sent(a_list(a_row("HR-1", household.head_name, poverty="CN")), officer)
    assert (file.rejected, file.changed) == (1, 0)
    assert "đã khóa" in file.problems.get().message


def test_a_registry_that_changed_since_the_preview_is_shown_again(officer):
    household = a_household(code="HR-1", head_name="Trần Thị Ví Dụ", by=officer)
    file = sent(a_list(a_row("HR-1", "Trần Thị Ví Dụ", members=6)), officer)
    facts = {"code": "HR-1", "head_name": "Trần Thị Ví Dụ", "birth_year": 1960, "hamlet": "Tổ 1"}
    actions.edit(household=household, version=1, members=4, by=officer, **facts)

    written(file, officer)
    assert file.state == ImportState.READ
    assert "Sổ đã thay đổi từ lúc xem trước" in file.message
    household.refresh_from_db()
    assert household.members == 4

    written(file, officer)
    household.refresh_from_db()
    assert (file.state, household.members) == (ImportState.DONE, 6)


def test_the_history_of_a_household_names_the_file(officer):
    household = a_household(code="HR-1", head_name="Trần Thị Ví Dụ", by=officer)
    written(sent(a_list(a_row("HR-1", "Trần Thị Ví Dụ", members=6)), officer, name="rà soát.xlsx"), officer)
    act = history_of(Household.objects.filter(pk=household.pk))[0]
    assert (act.verb, act.reason, act.by_name) == ("households.imported", "rà soát.xlsx", officer.full_name)


def test_an_identity_number_is_kept_sealed_and_matched(officer):
    head, number = [*HEAD, "Số CCCD"], "038157000123"
    written(sent(a_list((*a_row("HR-1"), number), head=head), officer), officer)
    household = Household.objects.get()
    assert identity.opened(household.identity) == number
    assert number.encode() not in bytes(household.identity)
    again = sent(a_list((*a_row("HR-1"), number), a_row("HR-2", "Lê Văn Bình"), head=head), officer)
    assert (again.unchanged, again.accepted) == (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM households_importrow r WHERE r::text LIKE %s", [f"%{number}%"])
        assert cursor.fetchone() == (0,)


def test_answers_decide_by_the_offices_reading(officer):
    head = [*HEAD[:-2], "Có điện thoại", "Có internet"]
    row = a_row("HR-1")[:-2]
    file = sent(a_list((*row, "có", "không"), head=head), officer)
    line = file.lines.get()
    assert line.answers == {"phone": True, "internet": False}
    assert "telecom_service" not in (line.lacks or [])
    choose_reading(
        unit=officer.unit,
        definition=Definition.objects.get(standard="2016-2021", indicator="telecom_service"),
        reading=Reading.objects.get(definition__standard="2016-2021", definition__indicator="telecom_service", form="not_all_of"),
        by=CONSOLE,
    )  # fmt: skip
    importing.discard(file=file, by=officer)
    assert sent(a_list((*row, "có", "không"), head=head), officer).lines.get().lacks == ["telecom_service"]


def test_a_file_for_many_wards_takes_each_row_to_its_own():
    coordinator = a_person(Role.COORDINATOR)
    head = [*HEAD, "Phường, xã"]
    rows = [
        (*a_row("A-1"), "P. Hàm Rồng"),
        (*a_row("A-1", "Lê Ba"), "Nam Ngạn"),
        (*a_row("A-2", "Lê Tư"), "Sao Hỏa"),
    ]
    file = sent(a_list(*rows, head=head), coordinator)
    assert {line.unit.name if line.unit else None for line in file.lines.all()} == {
        "Hàm Rồng",
        "Nam Ngạn",
        None,
    }
    assert (file.accepted, file.rejected) == (2, 1)


def test_a_file_finds_its_ward_by_its_name():
    coordinator = a_person(Role.COORDINATOR)
    file = sent(a_list(a_row("A-1")), coordinator, name="DS ho ngheo Thieu Khanh 2018.xlsx")
    assert file.unit == a_unit("Thiệu Khánh")
    lost = sent(a_list(a_row("A-2")), coordinator, name="danh sach.xlsx")
    assert (lost.unit, lost.rejected) == (the_city(), 1)
    importing.choose(file=lost, choices={}, unit=a_unit("Nam Ngạn"), by=coordinator)
    tasks.read_file.func(key=str(lost.pk))
    lost.refresh_from_db()
    assert (lost.unit.name, lost.accepted) == ("Nam Ngạn", 1)


def test_files_of_many_wards_are_sent_together_and_the_clean_ones_written_together():
    coordinator = a_person(Role.COORDINATOR)
    client = a_client(coordinator)
    books = {
        "ho ngheo Ham Rong.xlsx": a_list(a_row("A-1", "Lê Văn Ba")),
        "ho ngheo Nam Ngan.xlsx": a_list(a_row("A-1", "Ngô Thị Tư")),
        "ho ngheo Thieu Khanh.xlsx": a_list(a_row("A-1", "Đỗ Năm"), a_row("A-2", "Mai Sáu", members="8,5")),
    }
    chosen = [SimpleUploadedFile(name, raw) for name, raw in books.items()]
    client.post(reverse("households:imports"), {"id": uuid.uuid4(), "year": 2018, "chosen": chosen})
    for file in Import.objects.all():
        tasks.read_file.func(key=str(file.pk))
    assert {file.unit.name for file in Import.objects.all()} == {"Hàm Rồng", "Nam Ngạn", "Thiệu Khánh"}
    assert "Ghi 2 tệp không có dòng bị từ chối" in text_of(client.get(reverse("households:imports")))

    client.post(reverse("households:write_all_imports"))
    for file in Import.objects.filter(state=ImportState.QUEUED):
        tasks.write_file.func(key=str(file.pk))
    assert set(Household.objects.values_list("head_name", flat=True)) == {"Lê Văn Ba", "Ngô Thị Tư"}

    # One is sent again corrected: only that one is read.
    books["ho ngheo Thieu Khanh.xlsx"] = a_list(a_row("A-1", "Đỗ Năm"), a_row("A-2", "Mai Sáu", members=8))
    chosen = [SimpleUploadedFile(name, raw) for name, raw in books.items()]
    client.post(reverse("households:imports"), {"id": uuid.uuid4(), "year": 2018, "chosen": chosen})
    assert Import.objects.filter(state=ImportState.WAITING).count() == 1


def test_a_column_that_could_mean_two_things_waits_and_is_remembered(officer):
    head = [*HEAD[:-2], "ĐT/Net"]
    rows = [(*a_row(f"HR-{n}", f"Lê Văn {name}")[:-2], "x" if n % 2 else "") for n, name in enumerate(["Ba", "Tư", "Năm"])]  # fmt: skip
    file = sent(a_list(*rows, head=head), officer)
    [column] = preview.waiting_columns(file)
    with pytest.raises(NotAllowed, match="Còn cột chưa rõ nghĩa"):
        importing.write(file=file, without_rejected=True, by=officer)

    importing.choose(file=file, choices={column.key: column.alternatives[0].meaning}, by=officer)
    tasks.read_file.func(key=str(file.pk))
    file.refresh_from_db()
    assert not preview.waiting_columns(file)
    assert (file.accepted, file.rejected) == (3, 0)
    next_year = sent(a_list(*rows, head=head), officer, year=2019)
    assert not preview.waiting_columns(next_year)


def test_the_programs_own_workbook_comes_back_unchanged(officer):
    for n, name in enumerate(("Lê Văn Ba", "Ngô Thị Tư", "Đỗ Năm")):
        a_household(
            code=f"HR-{n}",
            head_name=name,
            lacks=("telecom_service", "health_insurance") if n else (),
            by=officer,
        )
    file = sent(ward_workbook(officer.unit, 2018), officer)
    assert (file.unchanged, file.rows - file.skipped) == (3, 3), list(
        file.problems.values_list("message", flat=True)
    )


def test_a_formula_in_a_name_stays_words_in_the_workbook(officer):
    a_household(code="HR-1", head_name="=HYPERLINK(1) Ví Dụ", by=officer)
    page = openpyxl.load_workbook(io.BytesIO(ward_workbook(officer.unit, 2018))).active
    assert page["C4"].data_type == "s"


@pytest.mark.parametrize("raw", [b"PK\x03\x04 broken", b"%PDF-1.4", "chỉ là chữ".encode()])
def test_what_is_no_list_says_so_and_leaves_nothing(officer, raw):
    file = sent(raw, officer, name="x.xlsx")
    assert file.state == ImportState.FAILED or not file.accepted
    assert not file.lines.exclude(outcome="skipped").exists()


def test_only_people_of_the_ward_take_files_in(officer):
    stranger = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    with pytest.raises(NotAllowed):
        importing.receive(id=uuid.uuid4(), raw=a_list(a_row("A")), name="x.xlsx", unit=officer.unit, year=2018, by=stranger)  # fmt: skip
    file = sent(a_list(a_row("A")), officer)
    for act in (importing.discard, importing.stop):
        with pytest.raises(NotAllowed):
            act(file=file, by=stranger)


def test_a_new_household_that_looks_like_a_known_one_is_told_and_asked_about(officer):
    known = a_household(
        code="HR-1", head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Tổ 4", by=officer
    )
    file = sent(a_list(a_row("HR-9", "Đỗ Thị Tượng Chưng", birth_year=1957, hamlet="Tổ 4")), officer)
    [(_, alike)] = suspicion.like_lines(list(file.lines.all())).items()
    assert alike.household == known
    page = text_of(a_client(officer).get(reverse("households:import", args=[file.pk])))
    assert "giống hộ HR-1 Đỗ Thị Tượng Trưng" in page

    written(file, officer)
    assert not Pair.objects.exists()
    tasks.look_for_alike.func(key=str(file.pk))
    pair = Pair.objects.get()
    assert {pair.first_id, pair.second_id} == set(Household.objects.values_list("pk", flat=True))
    assert pair.state == "waiting", "a person decides"
    page = text_of(a_client(officer).get(reverse("households:pair", args=[pair.pk])))
    assert "Tệp ds.xlsx, trang Danh sách, dòng 2" in page, "where the new one came from"


def test_whose_account_was_closed_meanwhile_writes_nothing(officer):
    file = sent(a_list(a_row("HR-1")), officer)
    importing.write(file=file, without_rejected=False, by=officer)
    Person.objects.filter(pk=officer.pk).update(is_active=False)
    tasks.write_file.func(key=str(file.pk))
    file.refresh_from_db()
    assert file.state == ImportState.READ
    assert "Chỉ cán bộ của địa bàn này" in file.message
    assert not Household.objects.exists()


# ---- the commands


def typed(command: str, *arguments: object) -> tuple[int, str]:
    """The exit code of a command, and what it printed."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    except CommandError as problem:
        return problem.returncode, str(problem)
    return 0, out.getvalue()


@pytest.fixture
def on_disk(tmp_path):
    def write(raw: bytes, name: str = "ds.xlsx"):
        (tmp_path / name).write_bytes(raw)
        return tmp_path / name

    return write


def test_the_command_imports_and_prints_counts(on_disk):
    unit = a_unit()
    file = on_disk(a_list(a_row("HR-1", "Lê Văn Ba"), a_row("HR-2", "Ngô Thị Tư")))
    code, said = typed("import_households", file, "--unit", unit.code, "--review", 2018, "--json")
    assert code == 0, said
    assert json.loads(said) == {
        "rows": 2, "accepted": 2, "changed": 0, "unchanged": 0, "rejected": 0, "skipped": 0, "problems": [],
    }  # fmt: skip
    assert Household.objects.filter(unit=unit).count() == 2


def test_a_dry_run_writes_nothing(on_disk):
    file = on_disk(a_list(a_row("HR-1", "Lê Văn Ba")))
    code, said = typed(
        "import_households", file, "--unit", a_unit().pk, "--review", 2018, "--dry-run", "--json"
    )
    assert (code, json.loads(said)["accepted"]) == (0, 1)
    assert not Household.objects.exists()
    assert not Import.objects.exists()


def test_the_command_commits_nothing_when_a_row_is_rejected(on_disk):
    file = on_disk(a_list(a_row("HR-1", "Lê Văn Ba"), a_row("HR-2", "Ngô Thị Tư", members="8,5")))
    code, said = typed("import_households", file, "--unit", a_unit().pk, "--review", 2018, "--json")
    assert code == 1
    [problem] = json.loads(said)["problems"]
    assert (problem["sheet"], problem["cell"], problem["code"]) == ("Danh sách", "F3", "members_unclear")
    assert not Household.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 broken"])
def test_the_command_says_what_cannot_be_read(on_disk, raw):
    code, said = typed("import_households", on_disk(raw), "--unit", a_unit().pk, "--review", 2018)
    assert code == 2
    assert "Tệp" in said


def test_the_command_knows_no_unit_of_that_code(on_disk):
    code, said = typed("import_households", on_disk(b"x"), "--unit", "99999", "--review", 2018)
    assert (code, "Không có đơn vị mã 99999" in said) == (2, True)


def test_the_exported_workbook_comes_back_and_only_differences_are_taken(officer, tmp_path):
    a_household(code="HR-1", head_name="Lê Văn Ba", by=officer)
    a_household(code="HR-2", head_name="Ngô Thị Tư", by=officer)
    out = tmp_path / "ra.xlsx"
    assert typed("export_households", "--unit", officer.unit.code, "--out", out)[0] == 0
    book = openpyxl.load_workbook(out)
    page = book.active
    assert page.data_validations.count >= 5
    page["G4"] = 9
    book.save(out)
    code, said = typed("import_households", out, "--unit", officer.unit.pk, "--review", 2018, "--json")
    counts = json.loads(said)
    assert (code, counts["changed"], counts["unchanged"]) == (0, 1, 1)
    assert Household.objects.get(code="HR-1").members == 9
    assert "Xuất bảng tính" in PageRead.objects.get(subject=f"unit:{officer.unit.pk}").what
