"""What a file wrote can be taken back as a whole until the end of the day; and files are forgotten after their time."""

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import a_client, a_household, a_person, a_unit, an_outcome
from tests.pages import text_of
from tests.test_imports import sent, tallied, written
from tests.workbooks import HEAD, a_list, a_row
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.audit.acts import act
from tiepcan.audit.history import event_model, history_of
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import actions, identity, suspicion, tasks
from tiepcan.households.importing import actions as importing
from tiepcan.households.importing import forgetting, undoing
from tiepcan.households.models import (
    Household,
    Import,
    ImportProblem,
    ImportRow,
    ImportState,
    Pair,
    PairState,
    Review,
    Tally,
)
from tiepcan.households.queries import recounted
from tiepcan.households.workflow import locked

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "038157000123", "038157000456"
WIDE = [*HEAD, "Giới tính", "Dân tộc", "Khuyết tật", "Số CCCD"]


@pytest.fixture
def officer() -> Person:
    return a_person(Role.OFFICER)


def taken_back(file: Import, by: Person) -> Import:
    """As the person asks for it and the worker does it."""
    importing.take_back(file=file, by=by)
    tasks.take_file_back.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def registry() -> dict[str, list[dict[str, Any]]]:
    """Every column of every household and review; versions count on and are looked at apart."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "version"}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Household, Review)
    }


def versions() -> dict[uuid.UUID, int]:
    return dict(Household.objects.values_list("pk", "version"))


@pytest.fixture
def known(officer: Person) -> list[Household]:
    """Five of the registry: all of a person known, little known, gone away, not in the file's year, as in the file."""
    full = a_household(code="HR-1", head_name="Lê Văn Giả Định", number=NUMBER, sex="male", by=officer)
    actions.keep_sensitive(
        household=full, version=1, ethnicity="Mường", disability=True, reason="theo phiếu", by=officer
    )
    bare = a_household(code="HR-2", head_name="Hồ Văn Không Thật", birth_year=None, members=5, by=officer)
    gone = a_household(code="HR-3", head_name="Cao Thị Ký Hiệu", by=officer)
    actions.leave(household=gone, version=1, why="away", left_on=clock.today(), by=officer)
    earlier = a_household(code="HR-4", head_name="Vũ Văn Mô Hình", year=2017, by=officer)
    same = a_household(code="HR-5", head_name="Tạ Văn Quy Ước", by=officer)
    # As the file has it: an empty tick says no.
    actions.keep_sensitive(
        household=same, version=1, ethnicity="", disability=False, reason="theo phiếu", by=officer
    )
    return [full, bare, gone, earlier, same]


def the_list() -> bytes:
    def row(code: str, name: str, *more: Any, **facts: Any) -> tuple[Any, ...]:
        return (*a_row(code, name, **facts), *(more or ("", "", "", "")))

    return a_list(
        row("HR-1", "Lê Văn Giả Định Khác", "Nữ", "Thái", "không", OTHER, hamlet="Tổ 7", poverty="CN", asset="x"),
        row("HR-2", "Hồ Văn Không Thật", "Nam", "Kinh", "có", "038157000789", members=6, birth_year=1950),
        row("HR-3", "Cao Thị Ký Hiệu", members=1),
        row("HR-4", "Vũ Văn Mô Hình", poverty="N2"),
        row("HR-5", "Tạ Văn Quy Ước"),
        row("HR-6", "Thân Thị Ước Lệ", "Nữ", "Mường", "có", "038157000999"),
        row("", "Ngô Văn Thí Điểm", birth_year=1971),
        head=WIDE,
    )  # fmt: skip


def test_what_was_written_is_taken_back_to_the_last_column(officer, known):
    before, counted, versions_before = registry(), tallied(), versions()
    file = written(sent(the_list(), officer), officer)
    assert (file.state, file.message) == (ImportState.DONE, "")
    assert (file.accepted, file.changed, file.unchanged, file.rejected) == (2, 4, 1, 0)
    full = Household.objects.get(code="HR-1")
    assert (full.ethnicity, full.disability, identity.opened(full.identity)) == ("Thái", False, OTHER)
    assert registry() != before and tallied() != counted
    as_written = versions()

    taken_back(file, officer)

    assert (file.state, file.message) == (ImportState.UNDONE, "")
    assert registry() == before
    assert tallied() == counted == recounted()
    full = Household.objects.get(code="HR-1")
    assert identity.opened(full.identity) == NUMBER
    assert bytes(full.identity_digest) == identity.sealed(NUMBER).digest
    same = known[-1].pk
    assert versions()[same] == versions_before[same]
    # A form opened while the file stood there must not be taken for one of now.
    assert all(versions()[one.pk] == as_written[one.pk] + 1 for one in known[:-1])


def test_the_same_file_can_be_taken_in_again_and_taken_back_again(officer, known):
    before = registry()
    taken_back(written(sent(the_list(), officer), officer), officer)
    again = sent(the_list(), officer)
    assert (again.state, again.accepted, again.changed) == (ImportState.READ, 2, 4)
    written(again, officer)
    assert again.state == ImportState.DONE, again.message
    assert Household.objects.filter(code="HR-6").exists()
    taken_back(again, officer)
    assert registry() == before
    assert Import.objects.filter(state=ImportState.UNDONE).count() == 2


def test_rounds_of_an_earlier_act_are_not_what_is_restored(officer):
    """The last state before the file, not the first of all."""
    household = a_household(code="HR-1", head_name="Lê Văn Ba", members=2, by=officer)
    facts = {"code": "HR-1", "head_name": "Lê Văn Ba", "birth_year": 1960, "hamlet": "Tổ 1"}
    actions.edit(household=household, version=1, members=4, by=officer, **facts)
    taken_back(written(sent(a_list(a_row("HR-1", "Lê Văn Ba", members=6)), officer), officer), officer)
    household.refresh_from_db()
    assert household.members == 4


def test_history_tells_the_writing_and_the_taking_back(officer, known):
    file = written(sent(the_list(), officer, name="rà soát.xlsx"), officer)
    added = Household.objects.get(code="HR-6").pk
    taken_back(file, officer)

    acts = history_of(event_model(Household).objects.filter(pgh_obj_id=added))
    assert [(act.verb, act.reason, act.by_name) for act in acts] == [
        ("households.taken_back", "rà soát.xlsx", officer.full_name),
        ("households.imported", "rà soát.xlsx", officer.full_name),
    ]
    assert acts[0].removed == {"hộ gia đình": 1}
    changed = history_of(Household.objects.filter(pk=known[1].pk))[0]
    assert changed.verb == "households.taken_back"
    assert ("số nhân khẩu", "6", "5") in {(one.field, one.before, one.after) for one in changed.changes}

    page = text_of(a_client(officer).get(reverse("households:history", args=[added])))
    assert "Lịch sử hộ Thân Thị Ước Lệ" in page
    assert "Hoàn tác lần nhập bảng tính" in page and "Nhập từ bảng tính" in page
    assert "Mường" not in page


def test_the_history_of_a_household_that_is_no_more_is_told_to_its_own_unit_alone(officer):
    file = written(sent(a_list(a_row("HR-6", "Thân Thị Ước Lệ")), officer), officer)
    added = Household.objects.get().pk
    taken_back(file, officer)
    stranger = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    assert a_client(stranger).get(reverse("households:history", args=[added])).status_code == 404
    assert a_client(officer).get(reverse("households:household", args=[added])).status_code == 404


def test_pairs_that_nobody_decided_go_with_the_households_that_they_ask_about(officer):
    a_household(code="HR-1", head_name="Lê Văn Giả Định", by=officer)
    file = written(sent(a_list(a_row("HR-9", "Lê Văn Giả Định")), officer), officer)
    tasks.look_for_alike.func(key=str(file.pk))
    assert Pair.objects.filter(state=PairState.WAITING).count() == 1
    taken_back(file, officer)
    assert file.state == ImportState.UNDONE, file.message
    assert not Pair.objects.exists()
    tasks.look_for_alike.func(key=str(file.pk))
    assert not Pair.objects.exists()


# ---- refused after what was done since

Later = Callable[[Household, Person], object]


def edited(one: Household, by: Person) -> None:
    facts = {"code": one.code, "head_name": one.head_name, "birth_year": 1960, "hamlet": "Tổ 9", "members": 2}
    actions.edit(household=one, version=one.version, by=by, **facts)


def moved(one: Household, by: Person) -> None:
    actions.move(
        household=one, version=one.version, to=a_unit("Nam Ngạn"), moved_on=clock.today(), hamlet="Tổ 1",
        code="NN-77", by=by,
    )  # fmt: skip


def merged(one: Household, by: Person) -> None:
    other = a_household(code="HR-50", by=by)
    first, second = sorted((one, other), key=lambda record: record.pk)
    pair = Pair.objects.create(first=first, second=second, score=90, found_at=clock.now())
    actions.merge(pair=pair, keep=other, values_of={}, by=by)


def split(one: Household, by: Person) -> None:
    actions.split(
        household=one, version=one.version, id=uuid.uuid4(), code="HR-60", head_name="Lê Văn Tách",
        birth_year=1990, hamlet="Tổ 1", members=1, by=by,
    )  # fmt: skip


def left(one: Household, by: Person) -> None:
    actions.leave(household=one, version=one.version, why="away", left_on=clock.today(), by=by)


def reviewed(one: Household, by: Person) -> None:
    actions.review(
        household=one, version=one.version, year=2018, poverty="near_poor", lacks=["health_insurance"], by=by
    )


def kept_as_before(one: Household, by: Person) -> None:
    """A review of another year, which counts nothing on the household's own row."""
    review_round = actions.start_round(unit=by.unit, year=2019, by=by)
    assert actions.keep_as_before(round=review_round, households=[one], by=by) == 1


def a_member_more(one: Household, by: Person) -> None:
    actions.keep_member(
        household=one, version=one.version, name="Lê Thị Con", relation="con", birth_year=2001, by=by
    )


def helped(one: Household, by: Person) -> None:
    an_outcome(one, by=by)


def of_another_file(one: Household, by: Person) -> None:
    file = written(sent(a_list(a_row(one.code, one.head_name, members=9)), by, name="sau.xlsx"), by)
    assert file.state == ImportState.DONE, file.message


LATER = {
    edited: "sửa thông tin hộ",
    moved: "chuyển hộ sang phường, xã khác",
    merged: "gộp hai hồ sơ",
    split: "tách hộ",
    left: "đưa hộ ra khỏi sổ",
    reviewed: "sửa kết quả rà soát",
    kept_as_before: "giữ nguyên kết quả năm trước",
    a_member_more: "ghi thành viên hộ",
    helped: "kết quả tiếp cận",
    of_another_file: "nhập từ bảng tính",
}


@pytest.mark.parametrize("which", ["HR-1", "HR-2"], ids=["added", "changed"])
@pytest.mark.parametrize(("later", "words"), LATER.items(), ids=[one.__name__ for one in LATER])
def test_nothing_is_taken_back_once_something_was_done_to_a_household(officer, later, words, which):
    a_household(code="HR-2", head_name="Hồ Văn Không Thật", members=5, by=officer)
    if later is helped:
        # The plan exists before the file, so that nothing but the outcome is new.
        an_outcome(by=officer)
    file = written(
        sent(
            a_list(a_row("HR-1", "Lê Văn Giả Định"), a_row("HR-2", "Hồ Văn Không Thật", members=6)), officer
        ),
        officer,
    )
    assert (file.accepted, file.changed) == (1, 1)
    one = Household.objects.get(code=which)
    later(one, officer)
    before, counted = registry(), tallied()

    taken_back(file, officer)

    assert file.state == ImportState.DONE
    assert f"Sau khi ghi tệp đã có thay đổi ở hộ {which} {one.head_name} ({words})" in file.message
    assert "sổ giữ nguyên" in file.message
    assert registry() == before
    assert tallied() == counted == recounted()
    assert file.message in text_of(a_client(officer).get(reverse("households:import", args=[file.pk])))


def test_work_on_households_that_the_file_left_alone_hinders_nothing(officer):
    other = a_household(code="HR-9", head_name="Tạ Văn Quy Ước", by=officer)
    file = written(sent(a_list(a_row("HR-1"), a_row("HR-9", "Tạ Văn Quy Ước")), officer), officer)
    assert (file.accepted, file.unchanged) == (1, 1)
    edited(other, officer)
    an_outcome(a_household(by=officer), by=officer)
    assert taken_back(file, officer).state == ImportState.UNDONE, file.message


def test_a_pair_that_somebody_decided_keeps_the_household_that_it_speaks_of(officer):
    a_household(code="HR-1", head_name="Lê Văn Giả Định", by=officer)
    file = written(sent(a_list(a_row("HR-9", "Lê Văn Giả Định")), officer), officer)
    tasks.look_for_alike.func(key=str(file.pk))
    actions.keep_apart(pair=Pair.objects.get(), by=officer)
    taken_back(file, officer)
    assert file.state == ImportState.DONE
    assert "HR-9 Lê Văn Giả Định (cặp nghi trùng đã quyết định)" in file.message
    assert Pair.objects.get().state == PairState.DIFFERENT


def test_a_refusal_names_five_and_counts_the_others(officer):
    rows = [
        a_row(f"HR-{n}", f"Lê Văn {name}")
        for n, name in enumerate(("An", "Ba", "Ca", "Du", "En", "Giả", "Hà", "Ích"), 1)
    ]
    file = written(sent(a_list(*rows), officer), officer)
    for one in Household.objects.order_by("code")[:7]:
        edited(one, officer)
    taken_back(file, officer)
    assert "HR-5 Lê Văn En (sửa thông tin hộ) và 2 hộ khác" in file.message
    assert "HR-6" not in file.message


def test_a_locked_round_keeps_what_it_reported(officer):
    a_household(code="HR-1", head_name="Lê Văn Ba", by=officer)
    file = written(sent(a_list(a_row("HR-1", "Lê Văn Ba", poverty="CN")), officer), officer)
    actions.lock_round(round=actions.start_round(unit=officer.unit, year=2018, by=officer), by=officer)
    before = registry()
    taken_back(file, officer)
    assert file.state == ImportState.DONE
    assert "đợt rà soát cuối năm 2018 của Phường Hàm Rồng đã khóa ngày 12/06/2019" in file.message
    assert registry() == before


def test_what_history_does_not_know_is_not_guessed(officer):
    a_household(code="HR-1", head_name="Lê Văn Ba", by=officer)
    file = written(sent(a_list(a_row("HR-1", "Lê Văn Ba", members=6)), officer), officer)
    with connection.cursor() as cursor:
        events = event_model(Household)._meta.db_table
        cursor.execute(f"ALTER TABLE {events} DISABLE TRIGGER USER")
        cursor.execute(f"DELETE FROM {events} WHERE pgh_label = 'insert'")
        cursor.execute(f"ALTER TABLE {events} ENABLE TRIGGER USER")
    before = registry()
    taken_back(file, officer)
    assert (file.state, registry()) == (ImportState.DONE, before)
    assert "lịch sử không có đủ số liệu" in file.message


def test_the_next_day_is_too_late(officer):
    file = written(sent(a_list(a_row("HR-1")), officer), officer)
    with clock.set_to(datetime(2019, 6, 12, 23, 59, tzinfo=clock.VIETNAM)):
        assert undoing.why_not(file) is None
    with clock.set_to(datetime(2019, 6, 13, 0, 1, tzinfo=clock.VIETNAM)):
        with pytest.raises(NotAllowed, match="Chỉ hoàn tác được đến hết ngày 12/06/2019"):
            importing.take_back(file=file, by=officer)
        assert "Hoàn tác cả lần nhập" not in text_of(
            a_client(officer).get(reverse("households:import", args=[file.pk]))
        )
    file.refresh_from_db()
    assert (file.state, Household.objects.count()) == (ImportState.DONE, 1)


def test_a_refusal_does_not_give_another_day(officer):
    file = written(sent(a_list(a_row("HR-1")), officer), officer)
    edited(Household.objects.get(), officer)
    when = file.finished_at
    with clock.set_to(when + timedelta(hours=1)):
        taken_back(file, officer)
    assert file.finished_at == when


def test_another_wards_officer_takes_nothing_back(officer):
    file = written(sent(a_list(a_row("HR-1")), officer), officer)
    stranger = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    with pytest.raises(NotAllowed, match="Chỉ cán bộ của địa bàn này"):
        importing.take_back(file=file, by=stranger)
    address = reverse("households:take_back_import", args=[file.pk])
    assert a_client(stranger).post(address).status_code == 404
    assert a_client(officer).get(address).status_code == 405
    file.refresh_from_db()
    assert file.state == ImportState.DONE


def test_whoever_lost_the_right_meanwhile_takes_nothing_back(officer):
    file = written(sent(a_list(a_row("HR-1")), officer), officer)
    importing.take_back(file=file, by=officer)
    Person.objects.filter(pk=officer.pk).update(is_active=False)
    tasks.take_file_back.func(key=str(file.pk))
    file.refresh_from_db()
    assert (file.state, Household.objects.count()) == (ImportState.DONE, 1)
    assert "Chỉ cán bộ của địa bàn này" in file.message


def test_only_a_written_file_is_taken_back_and_only_once(officer):
    file = sent(a_list(a_row("HR-1")), officer)
    with pytest.raises(NotAllowed, match="Chỉ hoàn tác được tệp đã ghi vào sổ"):
        importing.take_back(file=file, by=officer)
    taken_back(written(file, officer), officer)
    with pytest.raises(NotAllowed, match="Bây giờ: đã hoàn tác"):
        importing.take_back(file=file, by=officer)


def test_taking_back_that_waits_is_stopped_at_once(officer):
    file = written(sent(a_list(a_row("HR-1")), officer), officer)
    when = file.finished_at
    importing.take_back(file=file, by=officer)
    importing.stop(file=file, by=officer)
    tasks.take_file_back.func(key=str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.finished_at, Household.objects.count()) == (ImportState.DONE, when, 1)
    assert "Đã dừng hoàn tác" in file.message
    assert taken_back(file, officer).state == ImportState.UNDONE


def test_the_page_offers_it_and_tells_what_happened(officer, known):
    client, file = a_client(officer), sent(the_list(), officer)
    address = reverse("households:import", args=[file.pk])
    assert "Hoàn tác được cả lần nhập đến hết ngày ghi" in text_of(client.get(address))
    written(file, officer)
    page = text_of(client.get(address))
    assert "Hoàn tác được cả lần nhập đến hết ngày 12/06/2019" in page
    assert "2 hộ thêm mới ra khỏi sổ như chưa nhập, 4 hộ thay đổi trở lại như trước" in page

    client.post(reverse("households:take_back_import", args=[file.pk]))
    page = text_of(client.get(address))
    assert "Chờ hoàn tác" in page and "Dừng, không hoàn tác" in page and "Chưa ghi gì vào sổ" not in page
    tasks.take_file_back.func(key=str(file.pk))
    page = text_of(client.get(address))
    assert f"Đã hoàn tác lần nhập này Lúc 09:00, 12/06/2019, {officer.full_name}." in page
    assert "2 hộ thêm mới đã ra khỏi sổ như chưa nhập, 4 hộ thay đổi đã trở lại như trước khi ghi" in page
    lines = client.get(reverse("households:import_lines", args=[file.pk, "accepted"]))
    assert "Thân Thị Ước Lệ lịch sử" in text_of(lines)
    assert "Đã hoàn tác" in text_of(client.get(reverse("households:imports")))


def test_what_history_does_not_keep_is_what_follows_from_the_rest():
    """A column that history is spared must be worked out when a file is taken back."""
    for model, worked_out in (
        (Household, {"search_key", "sort_key", "identity_digest", "version"}),
        (Review, set()),
    ):
        columns = {field.column for field in model._meta.concrete_fields} - {"id"}
        assert columns - set(undoing._kept(model)) == worked_out


def test_a_fault_in_the_middle_leaves_the_writing_as_it_was(officer, known):
    file = written(sent(the_list(), officer), officer)
    before, counted = registry(), tallied()
    restore = undoing._restore

    def fails(cursor: Any) -> None:
        restore(cursor)
        raise RuntimeError("the disk is full")

    with patch.object(undoing, "_restore", fails):
        taken_back(file, officer)
    assert (file.state, registry(), tallied()) == (ImportState.DONE, before, counted)
    assert "Máy chủ gặp lỗi nên dừng lại, chưa hoàn tác gì" in file.message
    assert taken_back(file, officer).state == ImportState.UNDONE


def test_what_a_killed_worker_was_taking_back_is_taken_up_again(officer, known):
    before = registry()
    file = written(sent(the_list(), officer), officer)
    importing.take_back(file=file, by=officer)
    Import.objects.filter(pk=file.pk).update(state=ImportState.UNDOING)
    ProcrastinateJob.objects.filter(task_name=tasks.take_file_back.name).delete()
    tasks.take_up_again.func()
    file.refresh_from_db()
    assert file.state == ImportState.UNDO_ASKED
    assert ProcrastinateJob.objects.filter(task_name=tasks.take_file_back.name).count() == 1
    tasks.take_file_back.func(key=str(file.pk))
    file.refresh_from_db()
    assert (file.state, registry()) == (ImportState.UNDONE, before)


# ---- beside others


def beside(*works: Callable[[], object]) -> list[threading.Thread]:
    """Each in a thread with a connection of its own; they begin together."""
    together = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
            together.wait()
            work()
        connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    return threads


def several(n: int) -> list[tuple[Any, ...]]:
    return [a_row(f"A-{k}", "Lê Văn Ba", birth_year=1930 + k) for k in range(n)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_back_at_once_one_is_told_that_it_is_being_done():
    officer = a_person(Role.OFFICER)
    file = written(sent(a_list(*several(60)), officer), officer)
    refused: list[str] = []

    def ask() -> None:
        try:
            importing.take_back(file=file, by=officer)
        except NotAllowed as problem:
            refused.append(str(problem))

    for thread in beside(ask, ask):
        thread.join(30)
    assert refused == ["Chỉ hoàn tác được tệp đã ghi vào sổ. Bây giờ: chờ hoàn tác."]
    work = lambda: tasks.take_file_back.func(key=str(file.pk))  # noqa: E731
    for thread in beside(work, work):
        thread.join(30)
    file.refresh_from_db()
    assert (file.state, Household.objects.count()) == (ImportState.UNDONE, 0)
    assert tallied() == recounted() == {}


@pytest.mark.django_db(transaction=True)
def test_an_edit_under_way_is_waited_for_and_then_hinders():
    officer = a_person(Role.OFFICER)
    file = written(sent(a_list(*several(3)), officer), officer)
    one = Household.objects.get(code="A-1")
    importing.take_back(file=file, by=officer)
    held, met = threading.Event(), threading.Event()
    take_back = undoing._take_back

    def edit() -> None:
        with act("household.edited", by=officer):
            current = locked(one, 1)
            held.set()
            met.wait(30)
            current.members, current.version = 9, 2
            current.save()

    def tell(file: Import, by: Any) -> None:
        try:
            take_back(file, by)
        finally:
            met.set()

    [editing] = beside(edit)
    held.wait(30)
    with patch.object(undoing, "_take_back", tell):
        tasks.take_file_back.func(key=str(file.pk))
    editing.join(30)
    file.refresh_from_db()
    one.refresh_from_db()
    assert (file.state, one.members, Household.objects.count()) == (ImportState.DONE, 9, 3)
    assert "A-1 Lê Văn Ba (sửa thông tin hộ)" in file.message


@pytest.mark.django_db(transaction=True)
def test_whoever_stays_at_a_household_is_left_alone():
    officer = a_person(Role.OFFICER)
    file = written(sent(a_list(*several(3)), officer), officer)
    importing.take_back(file=file, by=officer)
    held, done = threading.Event(), threading.Event()

    def edit() -> None:
        with transaction.atomic():
            locked(Household.objects.get(code="A-1"), 1)
            held.set()
            done.wait(30)

    [editing] = beside(edit)
    held.wait(30)
    with patch.object(undoing, "PAUSES", (0.01, 0.01)):
        tasks.take_file_back.func(key=str(file.pk))
    done.set()
    editing.join(30)
    file.refresh_from_db()
    assert (file.state, Household.objects.count()) == (ImportState.DONE, 3)
    assert "Có người đang sửa một hộ của lần nhập này" in file.message
    assert taken_back(file, officer).state == ImportState.UNDONE


@pytest.mark.django_db(transaction=True)
def test_beside_another_file_of_the_ward_either_comes_first():
    officer = a_person(Role.OFFICER)
    file = written(sent(a_list(*several(60)), officer), officer)
    more = [(*row[:4], 7, *row[5:]) for row in several(60)]
    other = sent(a_list(*more), officer, name="sau.xlsx")
    assert other.changed == 60
    importing.take_back(file=file, by=officer)
    importing.write(file=other, without_rejected=False, by=officer)
    for thread in beside(
        lambda: tasks.take_file_back.func(key=str(file.pk)), lambda: tasks.write_file.func(key=str(other.pk))
    ):
        thread.join(60)
    file.refresh_from_db()
    other.refresh_from_db()
    if file.state == ImportState.UNDONE:
        assert (other.state, other.accepted, Household.objects.count()) == (ImportState.READ, 60, 0)
    else:
        assert (file.state, other.state) == (ImportState.DONE, ImportState.DONE)
        assert "nhập từ bảng tính" in file.message and "và 55 hộ khác" in file.message
        assert Household.objects.filter(members=7).count() == 60
    assert tallied() == recounted()


@pytest.mark.django_db(transaction=True)
def test_a_round_is_locked_before_or_after_and_never_in_between():
    officer = a_person(Role.OFFICER)
    a_household(code="A-1", head_name="Lê Văn Ba", birth_year=1930, by=officer)
    review_round = actions.start_round(unit=officer.unit, year=2018, by=officer)
    file = written(sent(a_list(a_row("A-1", "Lê Văn Ba", birth_year=1930, poverty="CN")), officer), officer)
    importing.take_back(file=file, by=officer)
    restore, locking = undoing._restore, []

    def meanwhile(cursor: Any) -> None:
        locking.extend(beside(lambda: actions.lock_round(round=review_round, by=officer)))
        locking[0].join(1)
        restore(cursor)

    with patch.object(undoing, "_restore", meanwhile):
        tasks.take_file_back.func(key=str(file.pk))
    locking[0].join(30)
    file.refresh_from_db()
    review_round.refresh_from_db()
    assert (file.state, file.message) == (ImportState.UNDONE, "")
    assert review_round.locked_at
    assert Review.objects.get().poverty == "poor_income"
    assert tallied() == recounted()


@pytest.mark.django_db(transaction=True)
def test_whoever_looks_for_likeness_meanwhile_has_nothing_left_to_ask():
    officer = a_person(Role.OFFICER)
    a_household(code="HR-1", head_name="Lê Văn Ba", birth_year=1930, by=officer)
    file = written(sent(a_list(*several(3)), officer), officer)
    importing.take_back(file=file, by=officer)
    find = suspicion.find

    def takes_long(*args: Any, **kwargs: Any) -> int:
        found = find(*args, **kwargs)
        assert found
        [working] = beside(lambda: tasks.take_file_back.func(key=str(file.pk)))
        working.join(30)
        return found

    with patch.object(suspicion, "find", takes_long):
        tasks.look_for_alike.func(key=str(file.pk))
    file.refresh_from_db()
    assert (file.state, Household.objects.count(), Pair.objects.count()) == (ImportState.UNDONE, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_taking_back_is_stopped_in_the_middle():
    officer = a_person(Role.OFFICER)
    file = written(sent(a_list(*several(3)), officer), officer)
    when = file.finished_at
    importing.take_back(file=file, by=officer)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM households_stamp WHERE unit_id = %s FOR UPDATE", [officer.unit.pk])
            held.set()
            done.wait(30)

    [holding] = beside(hold)
    held.wait(30)
    [working] = beside(lambda: tasks.take_file_back.func(key=str(file.pk)))
    while Import.objects.get(pk=file.pk).state != ImportState.UNDOING:
        pass
    importing.stop(file=file, by=officer)
    working.join(30)
    assert not working.is_alive()
    done.set()
    holding.join(30)
    file.refresh_from_db()
    assert (file.state, file.finished_at, Household.objects.count()) == (ImportState.DONE, when, 3)
    assert "Đã dừng hoàn tác" in file.message


# ---- forgotten after their time


def forgotten_on(moment: datetime, file: Import) -> Import:
    with clock.set_to(moment):
        tasks.forget_files.func()
    file.refresh_from_db()
    return file


def days_later(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def content_of(file: Import) -> tuple[int, int, bool]:
    name = file.file.name
    return (
        ImportRow.objects.filter(file=file).count(),
        ImportProblem.objects.filter(file=file).count(),
        bool(name) and default_storage.exists(name),
    )


@pytest.fixture
def finished(officer: Person) -> Import:
    """A written file with one refused row."""
    raw = a_list(a_row("HR-1", "Lê Văn Ba"), a_row("HR-2", "Hồ Văn Không Thật", birth_year=19577))
    return written(sent(raw, officer, name="ds tổ 1.xlsx"), officer, without_rejected=True)


def test_a_written_file_is_forgotten_after_thirty_days_and_nothing_else_with_it(officer, finished):
    other = sent(a_list(a_row("HR-7", "Tạ Văn Quy Ước")), officer)
    assert content_of(forgotten_on(days_later(30) - timedelta(minutes=1), finished)) == (2, 1, True)
    before, stored, others = registry(), finished.file.name, content_of(other)
    counts = {
        name: getattr(finished, name) for name in ("rows", "accepted", "rejected", "sha256", "name", "size")
    }

    forgotten_on(days_later(30), finished)

    assert content_of(finished) == (0, 0, False) and not default_storage.exists(stored)
    assert finished.understanding == {}
    assert (finished.state, finished.forgotten_at) == (ImportState.DONE, days_later(30))
    assert {name: getattr(finished, name) for name in counts} == counts
    assert registry() == before and tallied() == recounted()
    assert content_of(other) == others
    assert history_of(Household.objects.filter(code="HR-1"))[0].reason == "ds tổ 1.xlsx"


def test_what_was_taken_back_is_kept_from_that_moment(officer, finished):
    with clock.set_to(clock.now() + timedelta(hours=5)):
        taken_back(finished, officer)
    assert content_of(forgotten_on(days_later(30), finished))[0] == 2
    assert content_of(forgotten_on(days_later(30) + timedelta(hours=5), finished)) == (0, 0, False)
    assert finished.state == ImportState.UNDONE


@pytest.mark.parametrize("end", ["given up", "stopped", "failed"])
def test_files_that_came_to_nothing_are_forgotten_too(officer, end):
    if end == "failed":
        file = sent(b"PK\x03\x04 not a workbook", officer)
        assert file.state == ImportState.FAILED
    else:
        file = importing.receive(
            id=uuid.uuid4(),
            raw=a_list(a_row("HR-1")),
            name="a.xlsx",
            unit=officer.unit,
            year=2018,
            by=officer,
        )
        if end == "stopped":
            importing.stop(file=file, by=officer)
        else:
            tasks.read_file.func(key=str(file.pk))
            importing.discard(file=file, by=officer)
        file.refresh_from_db()
    stored = file.file.name
    assert forgotten_on(days_later(29), file).forgotten_at is None
    assert forgotten_on(days_later(30), file).forgotten_at
    assert not default_storage.exists(stored)


def test_a_file_that_nobody_decided_about_is_given_up_after_ninety_days(officer):
    raw = a_list(a_row("HR-1"))
    file = sent(raw, officer)
    assert forgotten_on(days_later(89), file).state == ImportState.READ
    forgotten_on(days_later(90), file)
    assert (file.state, content_of(file)) == (ImportState.DISCARDED, (0, 0, False))
    with clock.set_to(days_later(91)):
        page = text_of(a_client(officer).get(reverse("households:import", args=[file.pk])))
        assert "Nội dung tệp đã được xóa ngày 10/09/2019, sau 90 ngày." in page
        assert "Tệp chờ quyết định quá lâu nên đã bỏ, chưa ghi gì vào sổ." in page
        assert sent(raw, officer).state == ImportState.READ, "it may come again"


@pytest.mark.parametrize(
    "state",
    [
        ImportState.WAITING, ImportState.READING, ImportState.QUEUED, ImportState.WRITING,
        ImportState.UNDO_ASKED, ImportState.UNDOING,
    ],
)  # fmt: skip
def test_a_file_at_work_is_never_forgotten(finished, state):
    Import.objects.filter(pk=finished.pk).update(state=state)
    assert content_of(forgotten_on(days_later(1000), finished)) == (2, 1, True)
    assert finished.state == state


def test_a_file_that_somebody_is_at_waits_for_the_next_look(finished):
    with tasks._alone(finished):
        assert forgotten_on(days_later(31), finished).forgotten_at is None
    assert forgotten_on(days_later(31), finished).forgotten_at


def test_a_file_that_went_to_work_since_it_was_found_is_left_alone(finished):
    with clock.set_to(days_later(31)):
        [found] = forgetting.due()
        Import.objects.filter(pk=finished.pk).update(state=ImportState.UNDO_ASKED)
        assert not forgetting.forget(found)
    assert content_of(finished) == (2, 1, True)


def test_days_are_what_the_installation_sets(finished, settings):
    settings.FORGET_FILES_AFTER = 7
    assert forgotten_on(days_later(7), finished).forgotten_at


def test_a_page_whose_content_is_gone_says_so_wherever_it_is_asked(officer, finished):
    client = a_client(officer)
    forgotten_on(days_later(30), finished)
    gone = "Nội dung tệp đã được xóa ngày 12/07/2019, sau 30 ngày."
    page = text_of(client.get(reverse("households:import", args=[finished.pk])))
    assert gone in page
    assert "hộ trong sổ và lịch sử của từng hộ vẫn còn" in page
    assert "2 dòng có chữ=1 thêm mới+0 thay đổi+0 giữ nguyên+1 bị từ chối+0 bỏ qua" in page
    assert "có đánh dấu ô sai" not in page and "Hoàn tác cả lần nhập" not in page
    assert gone in text_of(client.get(reverse("households:import_lines", args=[finished.pk, "rejected"])))
    for name, method in (
        ("marked_import", client.get), ("write_import", client.post), ("explain_import", client.post),
        ("discard_import", client.post), ("take_back_import", client.post),
    ):  # fmt: skip
        answer = method(reverse(f"households:{name}", args=[finished.pk]), follow=True)
        assert gone in text_of(answer), name
    finished.refresh_from_db()
    assert finished.state == ImportState.DONE


@pytest.mark.parametrize(
    "ask",
    [
        lambda file, by: importing.write(file=file, without_rejected=True, by=by),
        lambda file, by: importing.choose(file=file, choices={}, by=by),
        lambda file, by: importing.take_back(file=file, by=by),
        lambda file, by: importing.discard(file=file, by=by),
    ],
    ids=["write", "explain", "take back", "give up"],
)
def test_nothing_can_be_done_with_a_file_whose_content_is_gone(officer, finished, ask):
    forgotten_on(days_later(30), finished)
    with pytest.raises(NotAllowed, match="Nội dung tệp đã được xóa ngày 12/07/2019"):
        ask(finished, officer)


def test_the_same_file_after_that_opens_the_one_written_before(officer):
    raw = a_list(a_row("HR-1", "Lê Văn Ba"))
    file = written(sent(raw, officer), officer)
    forgotten_on(days_later(30), file)
    with clock.set_to(days_later(31)):
        again = importing.receive(
            id=uuid.uuid4(), raw=raw, name="khac.xlsx", unit=officer.unit, year=2018, by=officer
        )
    assert again == file and Import.objects.count() == 1


def test_kept_counts_have_no_rows_below_nothing(officer, known):
    taken_back(written(sent(the_list(), officer), officer), officer)
    assert not Tally.objects.filter(households__lt=0).exists()
