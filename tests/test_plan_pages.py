"""The plan's page and the division of its targets, as the people who use them see them."""

import uuid
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import a_client, a_draft, a_household, a_person, a_plan, a_unit, confirm_all, the_city
from tests.pages import parsed, problems_of, table_of, text_of, typed
from tests.papers import writers
from tests.papers.truth import ROWS, Truth
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.plans import actions
from tiepcan.plans.models import Basis, Division, Duty, DutyReport, Paper, Plan, Recipient, Version
from tiepcan.reporting.figures import figures_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return a_plan()


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR)


@pytest.fixture
def client(coordinator):
    return a_client(coordinator)


def page_of(plan: Plan, client, query: str = ""):
    return client.get(reverse("plans:plan", args=[plan.pk]) + query)


# ---- the plan's page


def test_the_table_stands_beside_the_baseline_and_an_empty_cell_is_no_zero(client):
    truth = Truth(rows=[("Phường Hàm Rồng", 31, 0, None), ("Phường Nam Ngạn", 22, 8, 1), *ROWS[2:]])
    answer = page_of(a_plan(truth), client)
    head, *rows, total = table_of(answer, "chi-tieu")
    assert head[2:] == ["Số hộ nghèo đầu kỳ", "Sử dụng dịch vụ viễn thông", "Tài sản tiếp cận thông tin"]
    assert rows[0] == ["1", "Phường Hàm Rồng", "31", "0", "không giao"]
    assert rows[1] == ["2", "Phường Nam Ngạn", "22", "8", "1"]
    assert total == ["", "Cộng 10 đơn vị", "299", "57", "7"]


def test_a_name_that_the_paper_misspells_stands_beside_the_official_one(client):
    misspelt = Truth(rows=[*ROWS[:3], ("Phường Ngọc Trao", 7, 1, None), *ROWS[4:]])
    assert table_of(page_of(a_plan(misspelt), client), "chi-tieu")[4][1] == (
        "Phường Ngọc Trạo văn bản ghi “Phường Ngọc Trao”"
    )


def test_dates_are_told_by_their_last_day_with_its_weekday(client, plan):
    _, half, year = table_of(page_of(plan, client), "thoi-han")
    assert half == ["Báo cáo 6 tháng", "UBND các phường, xã", "20/06/2019", "hết thứ Tư 19/06/2019", "0/10"]
    assert year == ["Báo cáo năm", "UBND các phường, xã", "01/12/2019", "hết thứ Bảy 30/11/2019", "0/10"]


def test_the_paper_its_bases_and_its_aims_are_told(client, plan):
    said = text_of(page_of(plan, client))
    assert "Quyết định 412/QĐ-UBND ngày 28/01/2019 của UBND tỉnh Thanh Hóa" in said
    assert "TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH, Nguyễn Văn Giả Tưởng" in said
    assert "57 hộ, sử dụng dịch vụ viễn thông" in said
    assert "Chủ nhật 03/03/2019" in said


def test_the_paper_is_an_attachment_with_the_same_bytes(client, plan):
    raw, name = writers.utf8(Truth())
    answer = client.get(reverse("plans:paper", args=[plan.pk, 1]))
    assert b"".join(answer.streaming_content) == raw
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.get(reverse("plans:paper", args=[plan.pk, 2])).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.SUPERVISOR, Role.PARTNER])
def test_others_read_the_plan_and_are_offered_nothing_that_they_may_not_do(plan, role):
    unit = the_city().parent if role == Role.SUPERVISOR else None
    answer = page_of(plan, a_client(a_person(role, unit)))
    assert answer.status_code == 200
    page = parsed(answer)
    for forbidden in ("divide", "upload"):
        assert not page.xpath(
            f"//a[contains(@href, '{reverse(f'plans:{forbidden}', args=[plan.pk]) if forbidden == 'divide' else reverse('plans:upload')}')]"
        )
    assert not page.xpath("//section[@id='noi-nhan']//form")


# ---- recipients


def test_a_recipient_is_issued_to_and_then_acknowledges(client, plan):
    first = Recipient.objects.filter(version__plan=plan)[0]
    address = reverse("plans:recipient", args=[first.pk])

    client.post(address, {"on": "05/03/2019"})
    client.post(address, {"on": "07/03/2019"})

    first.refresh_from_db()
    assert (first.issued_on, first.acknowledged_on) == (date(2019, 3, 5), date(2019, 3, 7))
    row = table_of(page_of(plan, client), "noi-nhan")[1]
    assert row[:3] == ["Sở Thông tin và Truyền thông", "05/03/2019", "07/03/2019"]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("04/03/2019", "Ngày báo nhận phải từ ngày phát hành."),
        ("13/06/2019", "đến hôm nay 12/06/2019"),
        ("ngày mai", "Ngày chưa đúng."),
        ("", "Chưa điền mục này."),
    ],
)
def test_a_day_that_cannot_be_is_refused(client, plan, coordinator, on, sentence):
    first = Recipient.objects.filter(version__plan=plan)[0]
    actions.issue_to(recipient=first, on=date(2019, 3, 5), by=coordinator)
    said = client.post(reverse("plans:recipient", args=[first.pk]), {"on": on}, follow=True)
    assert sentence in text_of(said)
    first.refresh_from_db()
    assert first.acknowledged_on is None


def test_two_people_do_not_note_the_same_issue_twice(plan, coordinator):
    one, other = (Recipient.objects.filter(version__plan=plan)[0] for _ in range(2))
    actions.issue_to(recipient=one, on=date(2019, 3, 5), by=coordinator)
    with pytest.raises(Stale):
        actions.issue_to(recipient=other, on=date(2019, 3, 9), by=coordinator)
    with pytest.raises(NotAllowed):  # it has not heard of the issue yet
        actions.acknowledge(recipient=other, on=date(2019, 3, 9), by=coordinator)
    with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
        actions.issue_to(recipient=other, on=date(2019, 3, 9), by=a_person(Role.OFFICER))


# ---- duties


def duty_of(plan: Plan, kind: str) -> Duty:
    return Duty.objects.get(version__plan=plan, kind=kind)


def report(client, duty: Duty, what: str, done_on: str = "10/06/2019", **more):
    form = {"id": uuid.uuid4(), "done_on": done_on, "what": what} | more
    return client.post(reverse("plans:report_duty", args=[duty.pk]), form)


def test_what_was_done_for_a_duty_is_told_under_the_own_organisation(plan):
    officer, culture = a_person(Role.OFFICER, a_unit("Nam Ngạn")), a_person(Role.COORDINATOR)
    report(a_client(officer), duty_of(plan, "local"), "Phát loa ba buổi", organisation="UBND tỉnh")
    report(a_client(culture), duty_of(plan, "culture"), "Mở lớp tập huấn", unit=a_unit().pk)

    assert set(DutyReport.objects.values_list("organisation", "unit__name", "what")) == {
        (officer.organisation_name, "Nam Ngạn", "Phát loa ba buổi"),
        (culture.organisation_name, "Thanh Hóa", "Mở lớp tập huấn"),
    }
    said = " ".join(" ".join(row) for row in table_of(page_of(plan, a_client(culture)), "nhiem-vu"))
    assert said.count("(1/1 nhiệm vụ đã có việc làm)") == 2
    assert "10/06/2019" in said
    # A ward sees its own; what another ward or the city's offices did is not its to see.
    assert "Phát loa ba buổi" in text_of(page_of(plan, a_client(officer)))
    assert "Mở lớp tập huấn" not in text_of(page_of(plan, a_client(officer)))
    assert "Phát loa ba buổi" not in text_of(page_of(plan, a_client(a_person(Role.OFFICER))))


def test_an_organisation_reports_its_own_duties_alone(plan):
    address = reverse("plans:report_duty", args=[duty_of(plan, "culture").pk])
    for person in (a_person(Role.PARTNER), a_person(Role.OFFICER), a_person(Role.VERIFIER)):
        form = {"id": uuid.uuid4(), "done_on": "10/06/2019", "what": "Việc của người khác"}
        said = a_client(person).post(address, form, follow=True)
        assert "Nhiệm vụ này của Phòng Văn hóa và Thông tin; chỉ cơ quan đó" in text_of(said)
        with pytest.raises(NotAllowed, match="chỉ cơ quan đó, hoặc người điều phối"):
            actions.report_duty(
                id=uuid.uuid4(), duty=duty_of(plan, "culture"), organisation=person.organisation_name,
                unit=person.unit, done_on=date(2019, 6, 1), what="x", by=person,
            )  # fmt: skip
    assert not DutyReport.objects.exists()


def test_a_duty_reported_for_somebody_elses_area_is_refused(plan):
    note = partial(
        actions.report_duty, duty=duty_of(plan, "local"), organisation="x", done_on=date(2019, 6, 1), what="x"
    )
    with pytest.raises(NotAllowed, match="Chỉ ghi được việc của cơ quan, địa bàn mình"):
        note(id=uuid.uuid4(), unit=a_unit("Nam Ngạn"), by=a_person(Role.OFFICER))
    with pytest.raises(NotAllowed):
        note(id=uuid.uuid4(), unit=the_city(), by=a_person(Role.LEADER))


def test_a_duty_form_sent_twice_is_one_report_and_another_content_is_refused(plan, coordinator):
    note = partial(
        actions.report_duty,
        id=uuid.uuid4(), duty=duty_of(plan, "culture"), organisation=coordinator.organisation_name,
        unit=coordinator.unit, done_on=date(2019, 6, 1), by=coordinator,
    )  # fmt: skip
    assert note(what="Phát tin") == note(what=" Phát tin ")
    with pytest.raises(NotAllowed, match="đã ghi một việc khác"):
        note(what="Việc khác hẳn")
    assert DutyReport.objects.count() == 1


@pytest.mark.parametrize("day", ["13/06/2019", "02/03/2019"])
def test_a_duty_report_with_errors_keeps_what_was_typed(plan, client, day):
    answer = report(client, duty_of(plan, "culture"), "Phát tin", done_on=day)
    assert problems_of(answer) == {"Ngày làm: Phải từ 03/03/2019 đến hôm nay 12/06/2019.": "id_done_on"}
    assert typed(answer)["what"].strip() == "Phát tin"


def test_a_duty_report_is_taken_back_by_whoever_noted_it_with_a_reason(plan, coordinator):
    officer = a_person(Role.OFFICER)
    report(a_client(officer), duty_of(plan, "local"), "Phát loa")
    noted = DutyReport.objects.get()
    with pytest.raises(NotAllowed, match="Chỉ cơ quan đã ghi, hoặc người điều phối"):
        actions.take_duty_report_back(report=noted, reason="x", by=a_person(Role.VERIFIER))
    with pytest.raises(NotAllowed):
        actions.take_duty_report_back(report=noted, reason="x", by=a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    with pytest.raises(NotAllowed, match="Ghi lý do"):
        actions.take_duty_report_back(report=noted, reason=" ", by=officer)
    address = reverse("plans:take_duty_report_back", args=[noted.pk])
    assert a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn"))).get(address).status_code == 404
    a_client(officer).post(address, {"reason": "ghi nhầm ngày"})
    assert not DutyReport.objects.exists()


# ---- versions and history


class Amending(Truth):
    """A paper of 10 May that gives one unit more."""

    @property
    def paragraphs(self) -> list[str]:
        return [
            line.replace("87/KH-UBND", "120/KH-UBND").replace("ngày 03 tháng 3", "ngày 10 tháng 5")
            for line in super().paragraphs
        ]


def amended(plan: Plan, by) -> None:
    draft = a_draft(Amending(rows=[("Phường Hàm Rồng", 31, 9, None)], body=(9, 0)), by=by, amends=plan)
    confirm_all(draft, by)
    actions.open_plan(draft=draft, version=draft.version, reason="tỉnh giao thêm", by=by)


def test_a_units_targets_are_told_through_the_versions(client, plan, coordinator):
    amended(plan, coordinator)
    answer = client.get(reverse("plans:unit_targets", args=[plan.pk, a_unit().pk]))
    said = text_of(answer)
    for words in ("03/03/2019", "10/05/2019", "Kế hoạch 120/KH-UBND", "tỉnh giao thêm", "bản đầu"):
        assert words in said
    rows = parsed(answer).xpath("//tbody/tr")
    assert [row.xpath("string(td[3])").strip() for row in rows] == ["5", "9"]
    assert (
        client.get(reverse("plans:unit_targets", args=[plan.pk, a_unit("Điện Biên").pk])).status_code == 404
    )


def test_an_earlier_version_says_that_it_no_longer_stands(client, plan, coordinator):
    amended(plan, coordinator)
    earlier = page_of(plan, client, "?ban=1")
    assert "Đây không phải bản đang có hiệu lực" in text_of(earlier)
    assert table_of(earlier, "chi-tieu")[1][3] == "5"
    now = page_of(plan, client)
    assert "không phải bản đang có hiệu lực" not in text_of(now)
    assert table_of(now, "chi-tieu")[1][3] == "9"
    assert page_of(plan, client, "?ban=nine").status_code == 200


def test_the_history_of_a_plan_is_told_in_words(client, plan, coordinator):
    first = Recipient.objects.filter(version__plan=plan)[0]
    with clock.set_to(clock.now() - timedelta(days=2)):
        actions.issue_to(recipient=first, on=date(2019, 3, 5), by=coordinator)
    amended(plan, coordinator)

    answer = client.get(reverse("plans:history", args=[plan.pk]))
    steps = [
        " ".join(step.text_content().split()) for step in parsed(answer).xpath("//ol[@class='trail']/li")
    ]
    amending, issuing, opening = steps
    assert amending.startswith("Điều chỉnh kế hoạch")
    assert "tỉnh giao thêm" in amending
    assert coordinator.full_name in amending
    assert "phát hành ngày: “trống” thành “05/03/2019”" in issuing
    assert opening.startswith("Mở kế hoạch")
    assert "10 dòng phụ lục" in opening
    assert "16 chỉ tiêu" in opening


# ---- dividing

UNITS = [name for name, *_ in ROWS]


def keyed(name: str):
    return a_unit(name.split(" ", 1)[1])


def a_form(**more) -> dict[str, str]:
    return {
        "id": str(uuid.uuid4()), "indicator": "telecom_service", "total": "57", "basis": "poor",
        "method": "largest_remainder",
    } | more  # fmt: skip


def divide(client, plan: Plan, form: dict[str, str]):
    return client.post(reverse("plans:divide", args=[plan.pk]), form)


def shares(made: Division) -> dict[str, int]:
    return {share.unit.full_name: share.households for share in made.shares.select_related("unit")}


@pytest.mark.parametrize("method", ["largest_remainder", "sainte_lague"])
@pytest.mark.parametrize("total", [1, 57, 150, 299])
def test_a_total_is_divided_by_poor_households_to_the_last_one(client, plan, method, total):
    answer = divide(client, plan, a_form(total=str(total), method=method))
    assert answer.status_code == 302, problems_of(answer)
    made = Division.objects.get()
    assert sum(shares(made).values()) == total
    assert {s.unit.full_name: s.weight for s in made.shares.all()} == {name: poor for name, poor, *_ in ROWS}
    for share in made.shares.all():
        assert share.households <= share.weight
        assert share.reason


def test_it_is_divided_by_the_households_that_lack_the_service(client, plan):
    for _ in range(3):
        a_household(a_unit())
    a_household(a_unit("Nam Ngạn"))
    a_household(a_unit("Nam Ngạn"), lacks=("information_asset",))
    a_household(a_unit("Nam Ngạn"), poverty="near_poor")
    assert divide(client, plan, a_form(basis="lacking", total="4")).status_code == 302
    given = shares(Division.objects.get())
    assert (given.pop("Phường Hàm Rồng"), given.pop("Phường Nam Ngạn")) == (3, 1)
    assert set(given.values()) == {0}

    answer = divide(client, plan, a_form(basis="lacking", total="5"))
    assert "chỉ nhận được tối đa 4 hộ, ít hơn tổng 5 hộ" in " ".join(problems_of(answer))


def test_shares_typed_by_hand_must_add_up(client, plan):
    by_hand = {f"weight-{keyed(name).pk}": str(telecom) for name, _, telecom, _ in ROWS}
    assert divide(client, plan, a_form(basis="by_hand", **by_hand)).status_code == 302
    assert shares(Division.objects.get()) == {name: telecom for name, _, telecom, _ in ROWS}

    answer = divide(client, plan, a_form(basis="by_hand", total="60", **by_hand))
    assert problems_of(answer) == {
        "Các đơn vị cộng lại được 57 hộ, còn thiếu 3 hộ so với tổng 60 hộ.": "id_total"
    }
    assert typed(answer)[f"weight-{keyed(UNITS[0]).pk}"] == "5"


def test_floors_and_caps_bind_and_a_cap_is_never_above_the_households(client, plan):
    bounds = {f"floor-{keyed(name).pk}": "2" for name in UNITS}
    bounds |= {f"cap-{keyed('Xã Thiệu Khánh').pk}": "6", f"cap-{keyed('Phường Ngọc Trạo').pk}": "1.000"}
    assert divide(client, plan, a_form(total="150", **bounds)).status_code == 302
    made = Division.objects.get()
    given = shares(made)
    assert min(given.values()) >= 2
    assert given["Xã Thiệu Khánh"] == 6
    assert made.shares.get(unit=keyed("Phường Ngọc Trạo")).cap == 7
    assert sum(given.values()) == 150

    by_hand = {f"weight-{keyed(name).pk}": "0" for name in UNITS} | {
        f"weight-{keyed('Phường Ngọc Trạo').pk}": "8"
    }
    answer = divide(client, plan, a_form(basis="by_hand", total="8", **by_hand))
    assert "Phường Ngọc Trạo: 8 hộ, cao hơn mức trần 7 hộ." in problems_of(answer)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"total": "300"}, "chỉ nhận được tối đa 299 hộ"),
        ({"total": "0"}, "Số hộ phải là số nguyên từ 1 trở lên."),
        ({"total": "năm mươi"}, "Số hộ phải là số nguyên từ 1 trở lên."),
        ({"total": "99999999999"}, "Số hộ quá lớn so với một địa bàn."),
        ({"floor": "31", "cap": "5"}, "mức sàn 31 hộ lớn hơn mức trần 5 hộ"),
        ({"floor": "32"}, "mức sàn 32 hộ lớn hơn mức trần 31 hộ"),
        ({"total": "10", "floor": "11"}, "Các mức sàn cộng lại là 11 hộ"),
    ],
)
def test_what_cannot_be_divided_is_said_and_nothing_is_kept(client, plan, more, sentence):
    bounds = {f"{name}-{a_unit().pk}": value for name, value in more.items() if name != "total"}
    form = a_form(**bounds) | ({"total": more["total"]} if "total" in more else {})
    answer = divide(client, plan, form)
    assert answer.status_code == 200
    lines = problems_of(answer)
    assert sentence in " ".join(lines)
    assert set(lines.values()) == {"id_total"}
    assert {name: typed(answer)[name] for name in form if name != "id"} == {
        n: v for n, v in form.items() if n != "id"
    }
    assert not Division.objects.exists()


def test_wrong_numbers_in_the_table_keep_everything_and_link_to_their_fields(client, plan):
    wrong = {
        f"floor-{keyed('Phường Hàm Rồng').pk}": "hai",
        f"cap-{keyed('Xã Hoằng Đại').pk}": "-3",
        f"cap-{keyed('Phường Nam Ngạn').pk}": "12345678900",
        f"floor-{keyed('Phường Đông Thọ').pk}": "3",
    }
    form = a_form(method="sainte_lague", **wrong)
    answer = divide(client, plan, form)
    assert problems_of(answer) == {
        "Phường Hàm Rồng: mức sàn phải là số hộ nguyên.": f"floor-{keyed('Phường Hàm Rồng').pk}",
        "Xã Hoằng Đại: mức trần phải là số hộ nguyên.": f"cap-{keyed('Xã Hoằng Đại').pk}",
        "Phường Nam Ngạn: mức trần phải là số hộ nguyên.": f"cap-{keyed('Phường Nam Ngạn').pk}",
    }
    assert {name: typed(answer)[name] for name in form if name != "id"} == {
        n: v for n, v in form.items() if n != "id"
    }
    assert parsed(answer).xpath("//title")[0].text.startswith("Lỗi:")


def test_the_same_form_twice_is_one_division_and_another_content_is_refused(client, plan):
    form = a_form()
    first, second = divide(client, plan, form), divide(client, plan, form)
    assert first.url == second.url
    for change in ({"total": "58"}, {"method": "sainte_lague"}, {f"floor-{a_unit().pk}": "1"}):
        answer = divide(client, plan, form | change)
        assert "Biểu mẫu này đã chia một lần khác." in " ".join(problems_of(answer))
    assert Division.objects.count() == 1


def test_a_division_stands_beside_the_plans_own_table(client, plan):
    made = divide(client, plan, a_form())
    answer = client.get(made.url)
    _, *rows, total = table_of(answer, "bang")
    own = {name: telecom for name, _, telecom, _ in ROWS}
    given = shares(Division.objects.get())
    for name, weight, got, planned, difference, reason in rows:
        assert (int(got), int(planned)) == (given[name], own[name])
        assert int(difference) == given[name] - own[name]
        assert f"{weight}/299 hộ" in reason
    assert total[:5] == ["Cộng 10 đơn vị", "299", "57", "57", "0"]
    moved = sum(abs(given[name] - own[name]) for name in own)
    assert f"{moved} hộ chênh, cộng cả tăng và giảm" in text_of(answer)

    same = {f"weight-{keyed(name).pk}": str(telecom) for name, telecom in own.items()}
    identical = client.get(divide(client, plan, a_form(basis="by_hand", **same)).url)
    assert "Giống hệt bảng của kế hoạch" in text_of(identical)


def test_a_division_compares_an_empty_cell_as_no_target(client, plan):
    answer = client.get(divide(client, plan, a_form(indicator="information_asset", total="7")).url)
    rows = {row[0]: row for row in table_of(answer, "bang")}
    assert rows["Phường Hàm Rồng"][3] == "không giao"
    assert rows["Cộng 10 đơn vị"][3] == "7"


def test_only_the_coordinator_divides(plan):
    for role in (Role.OFFICER, Role.LEADER, Role.VERIFIER, Role.PARTNER):
        person = a_person(role)
        assert a_client(person).get(reverse("plans:divide", args=[plan.pk])).status_code == 403
        with pytest.raises(NotAllowed):
            actions.divide(
                id=uuid.uuid4(), plan=plan, indicator=None, total=1, basis=Basis.POOR,
                method="sainte_lague", claims=[], by=person,
            )  # fmt: skip


# ---- a division becomes the plan's targets


def amend_by(client, made: Division, **more):
    form = {
        "id": str(uuid.uuid4()), "number": "512", "symbol": "QĐ-UBND", "issued_on": "01/06/2019",
        "title": "Giao lại chỉ tiêu", "position": "PHÓ CHỦ TỊCH", "signatory": "Lê Thị Giả Định", "reason": "tỉnh giao thêm",
        "file": SimpleUploadedFile("quyet-dinh.pdf", b"%PDF-1.4 signed"),
    }  # fmt: skip
    return client.post(reverse("plans:amend_by_division", args=[made.pk]), form | more)


@pytest.fixture
def made(client, plan):
    divide(client, plan, a_form(total="150"))
    return Division.objects.get()


def test_a_signed_paper_makes_a_division_the_plans_targets(client, plan, made):
    before = table_of(page_of(plan, client), "chi-tieu")
    answer = amend_by(client, made)
    assert answer.url == reverse("plans:plan", args=[plan.pk])

    version = plan.versions.last()
    assert (version.ordinal, version.code, version.kind) == (2, "512/QĐ-UBND", "Quyết định")
    now = {row.unit.full_name: row.targets_by_indicator for row in version.rows.select_related("unit")}
    given = shares(made)
    for name, _, _, asset in ROWS:
        assert now[name].get("telecom_service") == (given[name] or None)
        assert now[name].get("information_asset") == asset, "the other indicator keeps its targets"
    after = table_of(page_of(plan, client), "chi-tieu")
    assert [row[:3] for row in after] == [row[:3] for row in before]
    assert after[-1][3:] == ["150", "7"]
    assert version.aims.get(indicator="telecom_service").households == 150

    assert figures_of(plan, date(2019, 5, 31)).total["telecom_service"].target == 57
    assert figures_of(plan, date(2019, 6, 1)).total["telecom_service"].target == 150
    # The dates, bases and recipients of the plan stay.
    assert len(table_of(page_of(plan, client), "noi-nhan")) == 4
    assert "412/QĐ-UBND" in text_of(page_of(plan, client))
    assert len(table_of(page_of(plan, client), "thoi-han")) == 3
    paper = client.get(reverse("plans:paper", args=[plan.pk, 2]))
    assert b"".join(paper.streaming_content) == b"%PDF-1.4 signed"


def test_a_signed_paper_that_is_no_paper_or_too_old_is_refused(client, plan, made, coordinator, tmp_path):
    for raw, sentence in (
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "Không phải tệp văn bản."),
        (b" ", "Tệp trống."),
    ):
        answer = amend_by(client, made, file=SimpleUploadedFile("qd.pdf", raw))
        [(line, link)] = problems_of(answer).items()
        assert (sentence in line, link) == (True, "id_file")
    old = actions.Signed("9", "QĐ-UBND", date(2019, 3, 2), "x", "x", "x")
    with pytest.raises(NotAllowed, match="Ngày ban hành phải từ ngày của bản trước, 03/03/2019"):
        actions.amend_by_division(
            id=uuid.uuid4(), of=made, signed=old, reason="x", raw=b"%PDF-1.4 x", name="x.pdf", by=coordinator
        )  # fmt: skip
    assert Version.objects.count() == Paper.objects.count() == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_the_same_amending_form_twice_is_one_version(client, plan, made):
    key = str(uuid.uuid4())
    amend_by(client, made, id=key)
    amend_by(client, made, id=key)
    assert plan.versions.count() == 2
    assert Paper.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        (
            {"issued_on": "02/03/2019"},
            "id_issued_on",
            "Phải từ 03/03/2019 đến hôm nay 12/06/2019.",
        ),
        ({"issued_on": "13/06/2019"}, "id_issued_on", "đến hôm nay 12/06/2019"),
        ({"reason": ""}, "id_reason", "Chưa điền mục này."),
        ({"number": "", "title": ""}, "id_number", "Chưa điền mục này."),
        ({"file": ""}, "id_file", "Chưa chọn tệp văn bản đã ký."),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_and_keeps_nothing(
    client, plan, made, tmp_path, more, field, sentence
):
    files = len([path for path in (tmp_path / "files").rglob("*") if path.is_file()])
    answer = amend_by(client, made, **more)
    lines = problems_of(answer)
    assert any(sentence in line and link == field for line, link in lines.items()), lines
    assert typed(answer)["symbol"] == "QĐ-UBND"
    assert Version.objects.count() == Paper.objects.count() == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == files
