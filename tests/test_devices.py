"""Every device is at one place, no store holds fewer than nothing, and what is handed over is a household's support."""

import base64
import io
import uuid
from datetime import date, datetime

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from PIL import Image

from tests.factories import a_client, a_device, a_household, a_person, a_plan, a_unit, an_outcome, the_city
from tests.pages import problems_of, text_of, words
from tests.racing_devices import ACTS, campaign
from tests.threads import at_once
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.devices import actions, figures
from tiepcan.devices.models import (
    Check,
    Device,
    DeviceKind,
    HandOver,
    Held,
    Move,
    Place,
    Pledge,
    Receipt,
    StockEntry,
)
from tiepcan.households import actions as households
from tiepcan.plans.queries import listed_rows
from tiepcan.standards.models import Indicator, Scheme, Source
from tiepcan.supports.models import EntryKind, Evidence, Outcome, Support

pytestmark = pytest.mark.django_db
ASSET = "information_asset"
TODAY = date(2019, 6, 12)
A_PAPER = ("bien-ban.pdf", b"%PDF-1.4 signed")


@pytest.fixture
def plan():
    return a_plan()


@pytest.fixture
def officer():
    return a_person(Role.OFFICER, full_name="Lương Thị Hư Cấu")


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR, full_name="Trần Thị Minh Chứng")


def lacking(unit=None, **facts):
    return a_household(unit, lacks=(ASSET,), **facts)


def handed(device, household, by, **more) -> HandOver:
    facts = {
        "id": uuid.uuid4(), "on": TODAY, "condition": "good", "receiver": household.head_name, "signature": A_PAPER,
    }  # fmt: skip
    return actions.hand_over(device=device, household=household, by=by, **(facts | more))


def now(device) -> Device:
    return Device.objects.select_related("kind__means", "unit", "receipt__source").get(pk=device.pk)


def at(device) -> tuple[str, str]:
    found = now(device)
    return found.place, found.unit.name


def lines(device) -> list[str]:
    return list(StockEntry.objects.filter(device=device).order_by("ordinal").values_list("kind", flat=True))


def put(act, device, by, **more) -> StockEntry:
    facts = {"id": uuid.uuid4(), "on": TODAY, "reason": "không lên hình"}
    return act(device=now(device), by=by, **(facts | more))


# ---- a device's way


def test_a_device_goes_from_a_pledge_to_a_household_and_the_household_counts(plan, officer, coordinator):
    city, tv = the_city(), DeviceKind.objects.get(pk="tv_32")
    source = Source.objects.get(pk="enterprise")
    promised = actions.pledge(
        id=uuid.uuid4(), unit=city, who="Doanh nghiệp B", source=source, kind=tv, quantity=6, paper="21/CV-DNB",
        pledged_on=date(2019, 3, 6), due_on=date(2019, 8, 30), by=coordinator,
    )  # fmt: skip
    receipt = actions.receive(
        id=uuid.uuid4(), unit=city, kind=tv, serials=[" tv32-1 ", "TV32-2"], source=source, provider="Doanh nghiệp B",
        received_on=date(2019, 4, 17), minutes="04", pledge=promised, by=coordinator,
    )  # fmt: skip
    first, second = receipt.devices.order_by("serial")
    actions.issue(
        id=uuid.uuid4(),
        devices=[first],
        store=city,
        to=a_unit(),
        on=date(2019, 6, 3),
        paper="11",
        by=coordinator,
    )
    household = lacking()
    given = handed(now(first), household, officer, instructed=True)

    assert (first.serial, at(first), at(second)) == (
        "TV32-1",
        ("household", "Hàm Rồng"),
        ("store", city.name),
    )
    assert lines(first) == [Move.RECEIVED, Move.ISSUED, Move.HANDED_OVER]
    assert Pledge.objects.with_received().get().owed == 4
    assert given.uncounted == ""
    assert given.support.outcome == Outcome.objects.standing().get(household=household)
    assert (given.support.source, given.support.provider) == (source, "Doanh nghiệp B")
    assert given.signature in given.support.outcome.files
    assert given.check_due_on == date(2019, 12, 12)


def test_a_household_that_does_not_count_is_given_the_device_and_the_sentence_why(plan, officer):
    not_lacking = a_household(lacks=("telecom_service",))
    given = handed(a_device(), not_lacking, officer)
    assert "theo rà soát cuối năm 2018." in given.uncounted
    assert not Outcome.objects.exists()
    recorded = an_outcome(lacking(), plan=plan, indicator=ASSET)
    again = handed(a_device(), recorded.household, officer)
    assert "Hộ đã được ghi nhận cho chỉ tiêu này" in again.uncounted
    assert again.support.outcome == recorded
    assert Outcome.objects.count() == 1


def test_a_scheme_gives_a_household_one_device_and_names_the_first(plan, officer):
    scheme, household = Scheme.objects.get(pk="equipment_2017"), lacking()
    handed(a_device(), household, officer, scheme=scheme)
    second = a_device()
    with pytest.raises(NotAllowed, match="đã được hỗ trợ một lần theo chính sách"):
        handed(second, household, officer, scheme=scheme)
    assert at(second)[0] == Place.STORE
    handed(second, household, officer)  # a gift of somebody else is no second one of the scheme
    with pytest.raises(NotAllowed, match="không cấp ti vi"):
        handed(a_device(), lacking(), officer, scheme=Scheme.objects.get(pk="phone_2015"))


def test_a_returned_device_ends_the_support_and_can_be_given_to_another(plan, officer):
    device, first, second = a_device(), lacking(), lacking()
    given = handed(device, first, officer)
    put(actions.take_back_from_household, device, officer, reason="hộ chuyển đi")
    support = Support.objects.get(pk=given.support_id)
    assert (support.ended_on, support.ended_why, support.standing) == (TODAY, "hộ chuyển đi", True)
    assert HandOver.objects.get(pk=given.pk).state == Held.RETURNED
    assert Outcome.objects.standing().filter(household=first).exists(), (
        "people decide whether it still counts"
    )
    handed(now(device), second, officer)
    assert HandOver.objects.standing().get().support.household == second


def test_a_device_that_is_mended_goes_back_to_the_household_that_has_it(plan, officer):
    device = a_device()
    given = handed(device, lacking(), officer)
    put(actions.send_to_repair, device, officer)
    assert at(device)[0] == Place.REPAIR
    put(actions.back_from_repair, device, officer, reason="thay nguồn")
    assert at(device)[0] == Place.HOUSEHOLD
    assert HandOver.objects.get(pk=given.pk).state == Held.STANDING
    stored = a_device()
    put(actions.send_to_repair, stored, officer)
    put(actions.back_from_repair, stored, officer)
    assert at(stored)[0] == Place.STORE


def test_what_is_lost_is_nowhere_and_ends_the_support(plan, officer):
    device = a_device()
    given = handed(device, lacking(), officer)
    put(actions.write_off, device, officer, how=Move.LOST, reason="mất trộm, biên bản công an xã")
    assert (at(device)[0], HandOver.objects.get(pk=given.pk).state) == (Place.GONE, Held.GONE)
    assert Support.objects.get(pk=given.support_id).ended_why == "Mất: mất trộm, biên bản công an xã"
    for act, more in (
        (actions.write_off, {"how": Move.LOST}), (actions.send_to_repair, {}), (actions.back_from_repair, {}),
        (actions.take_back_from_household, {}), (actions.return_to_store, {}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="đã ghi là mất lúc 09:00, 12/06/2019"):
            put(act, device, officer, **more)


def test_a_device_returns_to_the_store_that_received_it(officer, coordinator):
    device = a_device(in_store_of=the_city())
    put(actions.return_to_store, device, officer)
    assert at(device) == ("store", the_city().name)
    own = a_device()
    with pytest.raises(NotAllowed, match="đang ở kho đã nhận nó"):
        put(actions.return_to_store, own, officer)


# ---- who may, and when


def test_a_store_is_its_own_offices(plan, officer, coordinator):
    there = a_unit("Nam Ngạn")
    device, sister = a_device(there), a_person(Role.OFFICER, there)
    tv, source = DeviceKind.objects.get(pk="tv_32"), Source.objects.get(pk="charity")
    for by in (officer, a_person(Role.VERIFIER), a_person(Role.LEADER), a_person(Role.ADMINISTRATOR)):
        for act, more in (
            (actions.send_to_repair, {}), (actions.back_from_repair, {}), (actions.take_back_from_household, {}),
            (actions.return_to_store, {}), (actions.write_off, {"how": Move.LOST}),
        ):  # fmt: skip
            with pytest.raises(NotAllowed, match="Chỉ người giữ kho của phường Nam Ngạn"):
                put(act, device, by, **more)
        with pytest.raises(NotAllowed, match="Chỉ người giữ kho"):
            actions.issue(id=uuid.uuid4(), devices=[device], store=there, to=a_unit(), on=TODAY, by=by)
        with pytest.raises(NotAllowed, match="Chỉ người giữ kho"):
            actions.receive(
                id=uuid.uuid4(), unit=there, kind=tv, serials=["X"], source=source, provider="x", received_on=TODAY, by=by
            )  # fmt: skip
        with pytest.raises(NotAllowed, match="Chỉ người giữ kho"):
            actions.pledge(
                id=uuid.uuid4(), unit=there, who="x", source=source, kind=tv, quantity=1, pledged_on=TODAY, by=by
            )  # fmt: skip
        with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
            handed(device, lacking(there), by)
    with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
        handed(device, lacking(there), coordinator)
    with pytest.raises(NotAllowed, match="chỉ cấp máy cho phường, xã của mình"):
        actions.issue(id=uuid.uuid4(), devices=[device], store=there, to=a_unit(), on=TODAY, by=sister)
    assert lines(device) == [Move.RECEIVED]


def test_a_ward_gives_only_what_stands_in_its_own_store(plan, officer):
    with pytest.raises(NotAllowed, match="không còn trong kho phường Hàm Rồng"):
        handed(a_device(a_unit("Nam Ngạn")), lacking(), officer)
    assert not HandOver.objects.exists() and not Support.objects.exists()


def test_days_follow_each_other_and_none_is_to_come(plan, officer):
    device = a_device(on=date(2019, 4, 17))
    for day, why in ((date(2019, 4, 16), "không thể sớm hơn"), (date(2019, 6, 13), "không thể sau hôm nay")):
        with pytest.raises(NotAllowed, match=why):
            handed(device, lacking(), officer, on=day)
        with pytest.raises(NotAllowed, match=why):
            put(actions.send_to_repair, device, officer, on=day)
    assert lines(device) == [Move.RECEIVED]


def test_a_broken_device_is_not_handed_over(plan, officer):
    with pytest.raises(NotAllowed, match="Máy không dùng được thì chưa giao"):
        handed(a_device(), lacking(), officer, condition="broken")


def test_serial_numbers_are_had_once(officer):
    kind, source = DeviceKind.objects.get(pk="tv_32"), Source.objects.get(pk="charity")

    def receive(*serials, kind=kind):
        return actions.receive(
            id=uuid.uuid4(), unit=a_unit(), kind=kind, serials=serials, source=source, provider="Nhà hảo tâm",
            received_on=TODAY, by=officer,
        )  # fmt: skip

    receive("TV-1", "TV-2", "")
    with pytest.raises(NotAllowed, match=r"Số máy đã có trong sổ kho \(ti vi 32 inch\): TV-2"):
        receive("tv-2", "TV-3")
    with pytest.raises(NotAllowed, match="ghi hai lần trong danh sách: TV-4"):
        receive("TV-4", "tv-4")
    with pytest.raises(NotAllowed, match="ít nhất một số máy"):
        receive("", " ")
    receive("TV-1", kind=DeviceKind.objects.get(pk="fm_radio"))
    assert Device.objects.count() == 3
    assert Receipt.objects.count() == 2


def test_the_same_form_twice_is_one_row_and_another_content_is_refused(plan, officer):
    key, device, household = uuid.uuid4(), a_device(), lacking()
    assert handed(device, household, officer, id=key) == handed(device, household, officer, id=key)
    with pytest.raises(NotAllowed, match="đã ghi một việc khác"):
        handed(a_device(), household, officer, id=key)
    again = uuid.uuid4()
    assert put(actions.send_to_repair, device, officer, id=again) == put(
        actions.send_to_repair, device, officer, id=again
    )
    with pytest.raises(NotAllowed, match="đã ghi một việc khác"):
        put(actions.send_to_repair, a_device(), officer, id=again)
    check = uuid.uuid4()
    for _ in range(2):
        actions.check_condition(
            id=check, hand_over=HandOver.objects.get(), on=TODAY, found="works", files=[A_PAPER], by=officer
        )
    assert Check.objects.count() == HandOver.objects.count() == Support.objects.count() == 1
    assert Evidence.objects.count() == 2
    assert lines(device) == [Move.RECEIVED, Move.HANDED_OVER, Move.TO_REPAIR]


# ---- undoing


def test_a_hand_over_of_today_is_undone_as_a_whole(plan, officer):
    device, household = a_device(), lacking()
    given = handed(device, household, officer)
    actions.undo_hand_over(hand_over=given, reason="nhầm hộ", by=officer)
    outcome = Outcome.objects.get()
    assert at(device) == ("store", "Hàm Rồng")
    assert lines(device) == [Move.RECEIVED, Move.HANDED_OVER, Move.UNDONE]
    assert not Support.objects.get().standing
    assert (outcome.standing, outcome.state, outcome.entries.last().reason) == (
        False,
        EntryKind.WITHDRAWN,
        "nhầm hộ",
    )
    assert HandOver.objects.get().state == Held.UNDONE
    again = handed(now(device), lacking(), officer)
    assert again.uncounted == ""


def test_undoing_leaves_an_outcome_that_was_recorded_otherwise(plan, officer):
    recorded = an_outcome(lacking(), plan=plan, indicator=ASSET)
    given = handed(a_device(), recorded.household, officer)
    actions.undo_hand_over(hand_over=given, reason="nhầm máy", by=officer)
    recorded.refresh_from_db()
    assert recorded.standing
    assert Support.objects.standing().get().with_outcome


def test_a_household_with_a_second_device_goes_on_counting_when_the_first_is_undone(plan, officer):
    household = lacking()
    first, second = handed(a_device(), household, officer), handed(a_device(), household, officer)
    assert second.uncounted
    actions.undo_hand_over(hand_over=first, reason="nhầm máy", by=officer)
    second.support.refresh_from_db()
    assert second.support.outcome == Outcome.objects.standing().get()
    assert Outcome.objects.count() == 2


def test_a_hand_over_is_undone_on_its_day_by_its_office_and_before_anything_else(plan, officer):
    given = handed(a_device(), lacking(), officer)
    with (
        clock.set_to(datetime(2019, 6, 13, 8, tzinfo=clock.VIETNAM)),
        pytest.raises(NotAllowed, match="trong ngày ghi"),
    ):
        actions.undo_hand_over(hand_over=given, reason="nhầm", by=officer)
    for by in (a_person(Role.OFFICER, a_unit("Nam Ngạn")), a_person(Role.COORDINATOR)):
        with pytest.raises(NotAllowed, match="hoàn tác được bàn giao này"):
            actions.undo_hand_over(hand_over=given, reason="nhầm", by=by)
    with pytest.raises(NotAllowed, match="Ghi lý do hoàn tác"):
        actions.undo_hand_over(hand_over=given, reason=" ", by=officer)
    put(actions.send_to_repair, given.device, officer)
    with pytest.raises(NotAllowed, match="Máy đã có việc khác sau khi giao: đã đưa đi sửa"):
        actions.undo_hand_over(hand_over=given, reason="nhầm", by=officer)
    put(actions.back_from_repair, given.device, officer)
    put(actions.take_back_from_household, given.device, officer)
    with pytest.raises(NotAllowed, match="Hộ đã trả máy".lower()):
        actions.undo_hand_over(hand_over=given, reason="nhầm", by=officer)


# ---- the database itself


def line(device, **more) -> None:
    facts = {
        "device_id": device.pk, "ordinal": 2, "kind": "handed_over", "batch": uuid.uuid4(), "from_place": "store",
        "from_unit_id": device.unit_id, "to_place": "household", "to_unit_id": device.unit_id, "on": TODAY,
        "at": clock.now(), "paper": "", "reason": "", "by_name": "x", "organisation": "x",
    } | more  # fmt: skip
    names = ", ".join(f'"{name}"' for name in facts)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO devices_stockentry ({names}) VALUES ({', '.join(['%s'] * len(facts))})",
            list(facts.values()),
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"ordinal": 1},
        {"ordinal": 3},
        {"from_place": "household", "kind": "taken_back", "to_place": "store", "reason": "x"},  # it is not there
        {"from_unit_id": "phuong-nam-ngan-14761", "to_unit_id": "phuong-nam-ngan-14761"},  # nor in that store
        {"from_unit_id": None},
        {"to_place": "repair"},  # not where a hand-over leads
        {"to_unit_id": "phuong-nam-ngan-14761"},  # a household of another ward
        {"kind": "issued", "to_place": "store"},  # to where it is
        {"kind": "to_repair", "to_place": "repair"},  # no reason
        {"kind": "lost", "to_place": "gone"},  # no reason
        {"kind": "vanished"},
        {"on": date(2019, 4, 16)},  # before the line before
    ],
)  # fmt: skip
def test_the_database_refuses_a_line_that_cannot_be(wrong):
    device = a_device()
    with pytest.raises(IntegrityError):
        line(device, **wrong)
    line(device)  # and takes one that can
    assert at(device)[0] == Place.HOUSEHOLD


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE devices_stockentry SET reason = 'x'",
        "DELETE FROM devices_stockentry",
        "UPDATE devices_device SET place = 'store'",
        "UPDATE devices_device SET unit_id = 'phuong-nam-ngan-14761'",
        "UPDATE devices_device SET lines = lines + 1",
        "UPDATE devices_device SET serial = 'x'",
        "DELETE FROM devices_device",
        "UPDATE devices_handover SET receiver = 'x'",
        "DELETE FROM devices_handover",
        "UPDATE devices_check SET found = 'broken'",
        "DELETE FROM devices_check",
    ],
)
def test_what_was_written_is_not_changed_even_by_plain_sql(plan, officer, statement):
    given = handed(a_device(), lacking(), officer)
    actions.check_condition(id=uuid.uuid4(), hand_over=given, on=TODAY, found="works", by=officer)
    with (
        pytest.raises((ProgrammingError, IntegrityError), match=r"pgtrigger: Cannot|moved by a line"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_gives_a_device_to_one_household_at_a_time(plan, officer):
    given = handed(a_device(), lacking(), officer)
    another = handed(a_device(), lacking(), officer)
    with pytest.raises(IntegrityError, match="device_is_with_one_household"), transaction.atomic():
        HandOver.objects.create(
            support=Support.objects.create(
                household=lacking(), unit=given.support.unit, indicator=given.support.indicator,
                means=given.support.means, began_on=TODAY,
            ),
            device=given.device, entry=StockEntry.objects.exclude(hand_over__isnull=False).first(),
            condition="good", receiver="x", instructed=False,
        )  # fmt: skip
    assert another.state == Held.STANDING


# ---- at the same moment


@pytest.fixture
def committed(transactional_db):
    """Real transactions: what one thread commits the others see."""


def one_refused(said: list[object]) -> str:
    [refused] = [one for one in said if isinstance(one, Exception)]
    assert isinstance(refused, NotAllowed), refused
    return str(refused)


def test_two_hand_overs_of_the_last_device_end_with_one_and_a_sentence_that_names_who_took_it(committed):
    a_plan()
    device, first, second = a_device(), lacking(), lacking()
    both = [a_person(Role.OFFICER, full_name=name) for name in ("Lê Thị Trước", "Lê Thị Sau")]
    said = at_once(*(
        lambda by=by, household=household: handed(device, household, by)
        for by, household in zip(both, (first, second), strict=True)
    ))  # fmt: skip
    winner = HandOver.objects.get()
    taker = winner.entry.by_name
    assert f"Máy {device.serial} không còn trong kho phường Hàm Rồng: đã giao cho hộ lúc" in one_refused(said)
    assert taker in one_refused(said)
    assert Support.objects.count() == Outcome.objects.count() == Evidence.objects.count() == 1
    assert lines(device) == [Move.RECEIVED, Move.HANDED_OVER]


def test_two_issues_of_one_device_end_with_one_and_all_of_the_other_is_refused(committed):
    city = the_city()
    wanted, spare = a_device(city), a_device(city)
    by = a_person(Role.COORDINATOR)
    said = at_once(
        lambda: actions.issue(
            id=uuid.uuid4(), devices=[wanted], store=city, to=a_unit("Nam Ngạn"), on=TODAY, by=by
        ),
        lambda: actions.issue(
            id=uuid.uuid4(), devices=[spare, wanted], store=city, to=a_unit("Nam Ngạn"), on=TODAY, by=by
        ),
    )
    assert (
        f"Máy {wanted.serial} không còn trong kho thành phố Thanh Hóa: đã cấp cho kho phường Nam Ngạn"
        in one_refused(said)
    )
    assert lines(wanted) == [Move.RECEIVED, Move.ISSUED]
    assert lines(spare) == (
        [Move.RECEIVED, Move.ISSUED] if isinstance(said[0], Exception) else [Move.RECEIVED]
    )


def test_a_hand_over_against_a_write_off_leaves_one_truth(committed):
    a_plan()
    device, household, by = a_device(), lacking(), a_person(Role.OFFICER)
    at_once(
        lambda: handed(device, household, by),
        lambda: put(actions.write_off, device, by, how=Move.SCRAPPED, reason="vỡ màn hình"),
    )
    assert at(device)[0] == Place.GONE
    found = HandOver.objects.select_related("support").first()
    assert found is None or (found.state, found.support.ended_on) == (Held.GONE, TODAY)
    assert lines(device) in (
        [Move.RECEIVED, Move.SCRAPPED],
        [Move.RECEIVED, Move.HANDED_OVER, Move.SCRAPPED],
    )


def test_one_form_pressed_twice_at_once_is_one_hand_over(committed, tmp_path):
    a_plan()
    device, household, by, key = a_device(), lacking(), a_person(Role.OFFICER), uuid.uuid4()

    def act() -> HandOver:
        return handed(device, household, by, id=key)

    first, second = at_once(act, act)
    assert first == second == HandOver.objects.get()
    assert Evidence.objects.count() == len(list((tmp_path / "files" / "minh-chung").rglob("*.bin"))) == 1


def test_a_line_written_past_the_lock_is_refused_by_the_table(committed):
    """Two connections that did not lock: the trigger lets one line through, whoever comes second."""
    device = a_device()
    said = at_once(lambda: line(device), lambda: line(device, kind="lost", to_place="gone", reason="x"))
    assert [type(one) for one in said if one is not None] == [IntegrityError]
    assert now(device).lines == StockEntry.objects.filter(device=device).count() == 2


def test_what_only_the_table_saw_is_said_as_a_sentence(plan, officer, monkeypatch):
    device = a_device()
    stale = now(device)
    line(device)
    monkeypatch.setattr(actions, "locked", lambda keys: [stale])
    with pytest.raises(NotAllowed, match="Người khác vừa ghi việc khác cho máy này"):
        put(actions.send_to_repair, device, officer)


def test_the_ledger_is_right_after_every_race(committed):
    done = campaign(15, seed=2)
    assert sum(number for how, number in done.items() if how.endswith("done")) == 15
    assert sum(number for how, number in done.items() if how == f"{ACTS} of {ACTS} done") < 15, (
        "nobody was in the way"
    )


# ---- figures


def test_what_came_in_is_what_is_there_given_in_repair_or_gone(plan, officer, coordinator):
    ward, other = a_unit(), a_unit("Nam Ngạn")
    inside = [a_device(ward, in_store_of=the_city()) for _ in range(5)]
    a_device(the_city())
    a_device(other)
    radio = a_device(ward, kind="fm_radio")
    handed(now(inside[0]), lacking(), officer)
    handed(now(inside[1]), lacking(), officer)
    put(actions.send_to_repair, inside[1], officer)
    put(actions.write_off, inside[2], officer, how=Move.LOST)
    put(actions.return_to_store, inside[3], officer)

    city, own = figures.stock(coordinator), figures.stock(officer)
    tv, fm = city.lines
    assert tv == figures.Line(inside[0].kind, received=7, own=2, below=2, households=1, repair=1, gone=1)
    assert fm == figures.Line(radio.kind, received=1, own=0, below=1, households=0, repair=0, gone=0)
    assert own.lines[0] == figures.Line(
        inside[0].kind, received=4, own=1, below=0, households=1, repair=1, gone=1
    )
    for stock in (city, own, figures.stock(a_person(Role.OFFICER, other))):
        assert stock.total.adds_up
        assert all(line.adds_up for line in stock.lines)


def test_every_figure_opens_to_as_many_devices(plan, officer, coordinator):
    devices = [a_device(in_store_of=the_city()) for _ in range(4)]
    a_device(the_city())
    handed(now(devices[0]), lacking(), officer)
    put(actions.send_to_repair, devices[1], officer)
    put(actions.write_off, devices[2], officer, how=Move.SCRAPPED)
    for person in (officer, coordinator):
        total = figures.stock(person).total
        for figure, number in (
            ("nhan", total.received), ("kho", total.own), ("kho-duoi", total.below), ("da-giao", total.households),
            ("sua", total.repair), ("mat", total.gone), ("con", total.own + total.below), ("giao-theo-ke-hoach", 1),
        ):  # fmt: skip
            assert figures.behind(person, figure).count() == number
            page = text_of(a_client(person).get(reverse("devices:behind", args=[figure])))
            assert f"{number} máy" in page


def test_a_page_of_a_figure_that_does_not_add_up_says_so(officer, monkeypatch):
    a_device()
    client = a_client(officer)
    assert "không khớp nhau" not in text_of(client.get(reverse("devices:devices")))
    monkeypatch.setattr(figures, "_received", lambda person: {"tv_32": 2})
    assert "không khớp nhau" in text_of(client.get(reverse("devices:devices")))


def test_the_target_is_what_was_given_is_in_stores_was_promised_and_is_missing(plan, officer, coordinator):
    household = lacking()
    a_device(the_city())
    handed(a_device(), household, officer)
    actions.pledge(
        id=uuid.uuid4(), unit=the_city(), who="Doanh nghiệp C", source=Source.objects.get(pk="enterprise"),
        kind=DeviceKind.objects.get(pk="fm_radio"), quantity=3, pledged_on=TODAY, due_on=date(2019, 6, 30), by=coordinator,
    )  # fmt: skip
    [one] = [e for e in figures.enough(coordinator, plan) if e.indicator.pk == ASSET]
    assert (one.given, one.stored, one.promised, one.last_due) == (1, 1, 3, date(2019, 6, 30))
    assert one.target == one.given + one.stored + one.promised + one.missing
    assert one.target == sum(row.targets.get(ASSET, 0) for row in listed_rows(plan.version_on(TODAY)))


def test_the_need_is_counted_from_households_and_stores(plan, officer, coordinator):
    there = a_unit("Nam Ngạn")
    for _ in range(3):
        lacking()
    lacking(there)
    a_household(lacks=("telecom_service",))
    a_device(there)
    a_device(there)
    a_device(the_city())
    handed(a_device(), lacking(), officer)
    needs = figures.needs(coordinator, plan_indicator())
    by_ward = {
        line.unit.name: (line.lacking, line.served, line.waiting, line.stored, line.needed)
        for line in needs.lines
    }
    assert by_ward == {"Hàm Rồng": (4, 1, 3, 0, 3), "Nam Ngạn": (1, 0, 1, 2, 0)}
    assert (needs.needed, needs.own_store, needs.promised, needs.to_ask) == (3, 1, 0, 2)


@pytest.mark.parametrize(("figure", "many"), [("thieu-hut", 3), ("da-tiep-can", 1), ("con-cho", 2)])
def test_a_figure_of_need_opens_to_its_households(plan, officer, coordinator, figure, many):
    for _ in range(2):
        lacking()
    lacking(a_unit("Nam Ngạn"))
    handed(a_device(), lacking(), officer)
    needs = figures.needs(coordinator, plan_indicator())
    line = next(one for one in needs.lines if one.unit.pk == a_unit().pk)
    assert many == {"thieu-hut": line.lacking, "da-tiep-can": line.served, "con-cho": line.waiting}[figure]
    page = text_of(a_client(coordinator).get(reverse("devices:in_need", args=[ASSET, figure, a_unit().pk])))
    assert f"{many} hộ nghèo, Phường Hàm Rồng" in page


def plan_indicator() -> Indicator:
    return Indicator.objects.get(pk=ASSET)


# ---- the pages


@pytest.fixture
def client(officer):
    return a_client(officer)


def a_form(**more) -> dict:
    return {
        "id": str(uuid.uuid4()), "on": "12/06/2019", "condition": "good", "who": "head",
        "paper": SimpleUploadedFile("ky.pdf", b"%PDF-1.4 x", "application/pdf"),
    } | more  # fmt: skip


def to(device, household) -> str:
    return f"{reverse('devices:hand_over_to')}?may={device.pk}&ho={household.pk}"


def drawn(size=(600, 300)) -> str:
    written = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(written, "PNG")
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()


def test_an_officer_hands_over_with_a_signature_drawn_on_the_phone(plan, client):
    device, household = a_device(), lacking()
    page = client.get(to(device, household))
    assert "chưa nhận thiết bị nào" in text_of(page)
    answer = client.post(to(device, household), a_form(paper="", drawn=drawn(), instructed="on"))
    given = HandOver.objects.get()
    assert answer.url == reverse("devices:hand_over", args=[given.pk])
    assert (given.receiver, given.instructed, given.signature.name) == (
        household.head_name,
        True,
        "chu-ky.jpg",
    )
    with given.signature.file.open("rb") as kept:
        assert kept.read(2) == b"\xff\xd8", "as clean as every photo"
    shown = text_of(client.get(answer.url))
    assert "Hộ được ghi nhận" in shown
    assert "Chữ ký: chu-ky.jpg" in shown
    assert client.post(to(device, household), a_form(id=str(given.pk))).url == answer.url, "pressed twice"


def test_a_hand_over_needs_a_signature_and_a_receiver_who_stands_in(plan, client):
    device, household = a_device(), lacking()
    told = problems_of(client.post(to(device, household), a_form(paper="", who="other")))
    assert set(told.values()) == {"id_paper", "id_receiver", "id_relation"}
    for wrong in (
        "data:image/png;base64,!!",
        "data:image/png;base64,AAAA",
        "data:text/html;base64,PGI+",
        "x",
    ):
        answer = client.post(to(device, household), a_form(paper="", drawn=wrong))
        assert any("Chữ ký chưa gửi được" in line for line in problems_of(answer)), wrong
    bomb = client.post(
        to(device, household), a_form(paper="", drawn="data:image/png;base64," + "A" * 400_000)
    )
    assert bomb.status_code == 200
    broken = client.post(
        to(device, household), a_form(paper=SimpleUploadedFile("a.jpg", b"\xff\xd8 no photo"))
    )
    assert any("Tệp ảnh bị hỏng" in line for line in problems_of(broken))
    assert not HandOver.objects.exists()
    client.post(to(device, household), a_form(who="other", receiver="Lê Thị Nhận Thay", relation="con"))
    assert (HandOver.objects.get().receiver, HandOver.objects.get().relation) == ("Lê Thị Nhận Thay", "con")


def test_who_comes_second_is_led_to_another_device(plan, client, officer):
    device, first, second = a_device(), lacking(), lacking()
    handed(device, first, officer)
    answer = client.post(to(device, second), a_form(), follow=True)
    assert f"Máy {device.serial} không còn trong kho phường Hàm Rồng: đã giao cho hộ lúc 09:00" in text_of(
        answer
    )
    assert "chọn máy" in text_of(answer)


def test_the_chooser_offers_households_that_lack_and_others_when_searched(plan, client):
    device = a_device()
    waiting, other = lacking(head_name="Lê Thị Còn Chờ"), a_household(head_name="Lê Thị Không Thiếu")
    address = f"{reverse('devices:hand_over_to')}?may={device.pk}"
    shown = text_of(client.get(address))
    assert waiting.head_name in shown and other.head_name not in shown
    assert other.head_name in text_of(client.post(address, {"q": "khong thieu"}))
    assert device.serial in text_of(client.get(reverse("devices:hand_over_to")))


def test_a_coordinator_receives_issues_and_finds_a_serial_number(coordinator):
    client, ward = a_client(coordinator), a_unit()
    sent = {
        "id": str(uuid.uuid4()), "kind": "tv_32", "source": "charity", "provider": "Nhà hảo tâm", "received_on": "01/06/2019",
        "serials": "TV-1\nTV-2, TV-3",
    }  # fmt: skip
    assert client.post(reverse("devices:receive"), sent).status_code == 302
    assert client.post(reverse("devices:receive"), sent).status_code == 302, "the same again"
    again = client.post(reverse("devices:receive"), sent | {"id": str(uuid.uuid4())})
    assert any("Số máy đã có trong sổ kho" in line for line in problems_of(again))
    first, second, _ = Device.objects.order_by("serial")
    paper = {
        "id": str(uuid.uuid4()),
        "to": ward.pk,
        "on": "02/06/2019",
        "paper": "11",
        "devices": [first.pk, second.pk],
    }
    assert client.post(reverse("devices:issue"), paper).status_code == 302
    assert client.post(reverse("devices:issue"), paper).status_code == 302, "the same again"
    late = client.post(reverse("devices:issue"), paper | {"id": str(uuid.uuid4())})
    assert any("Có máy vừa rời kho này" in line for line in problems_of(late))
    page = text_of(client.get(reverse("devices:devices")))
    assert "Cấp cho phường Hàm Rồng, phiếu 11" in page
    assert "\u22122 ti vi" in page and "+3 ti vi" in page
    found = text_of(client.post(reverse("devices:behind", args=["nhan"]), {"q": "tv-2"}))
    assert "TV-2" in found and "TV-1" not in found
    assert StockEntry.objects.count() == 5


def test_a_devices_page_tells_its_way_and_takes_its_steps(plan, client, officer):
    device = a_device(in_store_of=the_city())
    address = reverse("devices:device", args=[device.pk])
    step = reverse("devices:take", args=[device.pk, "dua-di-sua"])
    nothing = client.post(step, {"dua-di-sua-id": str(uuid.uuid4()), "dua-di-sua-on": "12/06/2019"})
    assert problems_of(nothing) == {"Lý do: Chưa điền mục này.": "id_dua-di-sua-reason"}
    client.post(
        step,
        {
            "dua-di-sua-id": str(uuid.uuid4()),
            "dua-di-sua-on": "12/06/2019",
            "dua-di-sua-reason": "không lên hình",
        },
    )
    page = text_of(client.get(address))
    for part in ("Nhập kho thành phố Thanh Hóa", "Cấp cho phường Hàm Rồng", "Đưa đi sửa", "không lên hình"):
        assert part in page
    back = reverse("devices:take", args=[device.pk, "tra-kho"])
    said = client.post(back, {"tra-kho-id": str(uuid.uuid4()), "tra-kho-on": "12/06/2019"}, follow=True)
    assert "không còn trong kho" in text_of(said)
    done = reverse("devices:take", args=[device.pk, "sua-xong"])
    client.post(done, {"sua-xong-id": str(uuid.uuid4()), "sua-xong-on": "12/06/2019"})
    gone = client.post(back, {"tra-kho-id": str(uuid.uuid4()), "tra-kho-on": "12/06/2019"})
    assert gone.url == reverse("devices:devices"), "it is no more the ward's to see"
    assert client.get(address).status_code == 404
    assert client.post(reverse("devices:take", args=[device.pk, "an-mat"])).status_code == 404
    assert "Nhập kho" in text_of(client.get(reverse("devices:ledger"))) or StockEntry.objects.exists()


def test_a_hand_over_is_undone_on_its_page_and_asked_about_later(plan, client, officer):
    given = handed(a_device(), lacking(), officer)
    address = reverse("devices:hand_over", args=[given.pk])
    empty = client.post(reverse("devices:undo", args=[given.pk]), {"ht-reason": ""})
    assert problems_of(empty) == {"Lý do: Chưa điền mục này.": "id_ht-reason"}
    asked = {
        "hoi-id": str(uuid.uuid4()),
        "hoi-on": "12/06/2019",
        "hoi-found": "unused",
        "hoi-note": "chưa có điện",
    }
    client.post(reverse("devices:ask", args=[given.pk]), asked)
    assert "Còn máy nhưng hộ không dùng" in text_of(client.get(address))
    with clock.set_to(datetime(2019, 12, 12, 9, tzinfo=clock.VIETNAM)):
        later = a_client(officer)
        assert given.support.household.head_name in text_of(later.get(reverse("devices:to_ask")))
        assert "1 máy đã giao quá 6 tháng" in text_of(later.get(reverse("devices:devices")))
        assert "Chỉ hoàn tác được trong ngày ghi" in text_of(later.get(address))
    assert "Chưa có máy nào đến hạn" in text_of(client.get(reverse("devices:to_ask")))
    client.post(reverse("devices:undo", args=[given.pk]), {"ht-reason": "nhầm hộ"})
    assert "đã hoàn tác" in text_of(client.get(address))
    assert at(given.device)[0] == Place.STORE


def words_in(answer) -> str:
    document = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return words(" ".join([*(p.text for p in document.paragraphs), *cells]))


def test_minutes_and_letters_are_official_papers(plan, client, officer, coordinator):
    household = lacking(head_name="Quách Thị Phác Thảo")
    given = handed(a_device(), household, officer, instructed=True)
    said = words_in(client.get(reverse("devices:minutes", args=[given.pk])))
    for part in (
        "BIÊN BẢN", "Quách Thị Phác Thảo", given.device.serial, "02 bản", "BÊN NHẬN", "BÊN GIAO", "Lương Thị Hư Cấu",
        "12/12/2019",
    ):  # fmt: skip
        assert part in said
    lacking()
    promised = actions.pledge(
        id=uuid.uuid4(), unit=the_city(), who="Doanh nghiệp C", source=Source.objects.get(pk="enterprise"),
        kind=DeviceKind.objects.get(pk="fm_radio"), quantity=10, paper="08/CV", pledged_on=TODAY, by=coordinator,
    )  # fmt: skip
    office = a_client(coordinator)
    signed = {"position": "Phó Chủ tịch", "name": "Nguyễn Thị Hình Mẫu"}
    answer = office.post(reverse("devices:needs"), {"to": "Sở Thông tin và Truyền thông", **signed})
    letter = words_in(answer)
    assert "Kính gửi: Sở Thông tin và Truyền thông" in letter
    assert "KT. CHỦ TỊCH" in letter and "Phường Hàm Rồng" in letter
    assert household.head_name not in letter
    assert "Hình" not in answer["Content-Disposition"]
    reminder = words_in(office.post(reverse("devices:remind", args=[promised.pk]), {
        "cv-to": "Doanh nghiệp C", "cv-position": "Chủ tịch", "cv-name": "Lê Thử",
    }))  # fmt: skip
    assert "còn 10 máy chưa nhận" in reminder
    office.post(
        reverse("devices:end_pledge", args=[promised.pk]), {"thoi-reason": "doanh nghiệp đổi kế hoạch"}
    )
    assert Pledge.objects.with_received().get().owed == 0


def test_a_household_that_moved_away_is_told_as_the_ward_knew_it(plan, client, officer):
    given = handed(a_device(), lacking(head_name="Lê Thị Ở Đây"), officer)
    household = given.support.household
    households.move(
        household=household, version=household.version, to=a_unit("Nam Ngạn"), moved_on=TODAY, hamlet="Tổ 9",
        code="M-77", by=officer,
    )  # fmt: skip
    page = text_of(client.get(reverse("devices:hand_over", args=[given.pk])))
    assert "Lê Thị Ở Đây" in page and "M-77" not in page
    assert "M-77" not in text_of(client.get(reverse("devices:behind", args=["da-giao"])))


def test_pages_of_the_ledger_know_nothing_of_other_wards(plan, coordinator):
    here, there = a_unit(), a_unit("Nam Ngạn")
    device = a_device(here, in_store_of=the_city())
    sister = a_client(a_person(Role.OFFICER, there))
    put(actions.return_to_store, device, a_person(Role.OFFICER, here), reason="lỗi ở Hàm Rồng")
    actions.issue(id=uuid.uuid4(), devices=[device], store=the_city(), to=there, on=TODAY, by=coordinator)
    page = text_of(sister.get(reverse("devices:device", args=[device.pk])))
    assert "Cấp cho phường Nam Ngạn" in page
    assert "Hàm Rồng" not in page
    assert "Hàm Rồng" not in text_of(sister.get(reverse("devices:history", args=[device.pk])))
