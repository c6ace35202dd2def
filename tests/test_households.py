"""The list of households: kept by their ward, found by anyone who may, never told in an address."""

import re
import threading
import uuid
from functools import partial
from urllib.parse import unquote

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome, the_city
from tests.pages import parsed, problems_of, table_of, text_of, typed, words
from tiepcan.accounts.models import Reading
from tiepcan.accounts.roles import Role
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import actions
from tiepcan.households.models import Household, PovertyClass, Review
from tiepcan.households.queries import lacking_by_unit
from tiepcan.standards.models import Indicator
from tiepcan.supports.rules import why_not_counted

pytestmark = pytest.mark.django_db
LIST = "households:households"


@pytest.fixture
def officer():
    return a_person(Role.OFFICER)


@pytest.fixture
def client(officer):
    return a_client(officer)


def a_form(**more) -> dict:
    return {
        "id": str(uuid.uuid4()), "unit": a_unit().pk, "code": "HR-001", "head_name": "Lê Văn Giả Định",
        "hamlet": "Tổ 3", "birth_year": "1957", "members": "4", "poverty": "poor_income",
        "lacks": ["telecom_service", "information_asset"],
    } | more  # fmt: skip


def add(client, form):
    return client.post(reverse("households:add"), form)


# ---- adding


def test_a_household_is_added_with_what_last_years_review_found(client, officer):
    answer = add(client, a_form(head_name="  Lê  Văn Giả Định "))
    household = Household.objects.get()
    assert answer.url == reverse("households:household", args=[household.pk])
    assert (household.head_name, household.unit, household.members) == ("Lê Văn Giả Định", a_unit(), 4)
    review = household.reviews.get()
    assert (review.year, review.poverty) == (2018, PovertyClass.POOR_INCOME)
    assert set(review.lacks) == {"telecom_service", "information_asset"}


def test_the_same_form_twice_is_one_household(client):
    form = a_form()
    assert add(client, form).url == add(client, form).url
    assert Household.objects.count() == Review.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"head_name": "Phạm Thị Khác"},
        {"code": "HR-002"},
        {"members": "5"},
        {"poverty": "near_poor"},
        {"lacks": ["telecom_service"]},
    ],
)
def test_a_form_that_was_used_for_another_household_is_refused(client, change):
    form = a_form()
    add(client, form)
    answer = add(client, form | change)
    assert "Biểu mẫu này đã lưu một hộ khác." in " ".join(problems_of(answer))
    household = Household.objects.get()
    assert (household.head_name, household.code, household.members) == ("Lê Văn Giả Định", "HR-001", 4)
    assert len(household.reviews.get().lacks) == 2


def test_a_form_used_in_another_ward_is_refused_and_tells_nothing_of_it(client):
    other = a_household(a_unit("Nam Ngạn"), head_name="Trần Văn Hàng Xóm")
    answer = add(client, a_form(id=str(other.pk)))
    assert "đã lưu một hộ khác" in text_of(answer)
    assert "Hàng Xóm" not in text_of(answer)


def test_a_code_that_is_taken_is_said_and_may_be_used_in_another_ward(client):
    add(client, a_form())
    answer = add(client, a_form(head_name="Phạm Thị Khác"))
    assert problems_of(answer) == {
        "Số hồ sơ: Phường Hàm Rồng đã có hộ số hồ sơ HR-001. Mở hộ đó, hoặc ghi số hồ sơ khác.": "id_code"
    }
    assert typed(answer)["head_name"] == "Phạm Thị Khác"
    assert Household.objects.count() == Review.objects.count() == 1

    neighbour = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    assert add(a_client(neighbour), a_form(unit=a_unit("Nam Ngạn").pk)).status_code == 302


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"head_name": " "}, "id_head_name", "Chưa điền mục này."),
        ({"code": ""}, "id_code", "Chưa điền mục này."),
        ({"birth_year": "57"}, "id_birth_year", "Năm sinh gồm bốn chữ số, ví dụ 1957."),
        ({"birth_year": "2020"}, "id_birth_year", "Năm sinh không thể sau năm nay."),
        ({"members": "0"}, "id_members", "Số nhân khẩu là số nguyên từ 1 đến 60."),
        ({"members": "ba"}, "id_members", "Số nhân khẩu là số nguyên từ 1 đến 60."),
        ({"poverty": ""}, "id_poverty_0", "Chưa điền mục này."),
    ],
)
def test_a_form_with_errors_keeps_what_was_typed_and_links_to_the_field(client, change, field, sentence):
    answer = add(client, a_form(**change))
    [(line, link)] = problems_of(answer).items()
    assert sentence in line
    assert link == field
    held = typed(answer)
    for name in ("code", "head_name", "hamlet", "birth_year", "members"):
        assert held[name].strip() == a_form(**change)[name].strip()
    assert not Household.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_household():
    unit, officer, key = a_unit(), a_person(Role.OFFICER), uuid.uuid4()
    barrier, made = threading.Barrier(2), []

    def press() -> None:
        barrier.wait()
        try:
            made.append(a_household(unit, by=officer, id=key, code="HR-9", head_name="Lê Thị Một").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [key, key]
    assert Household.objects.count() == Review.objects.count() == 1


# ---- editing


def edit_form(household: Household, **more) -> dict:
    names = ("code", "head_name", "hamlet", "birth_year", "members", "version")
    return {name: str(getattr(household, name) or "") for name in names} | more


def test_an_edit_keeps_the_keys_by_which_lists_are_searched(client):
    household = a_household()
    client.post(
        reverse("households:edit", args=[household.pk]), edit_form(household, head_name="Đặng Thị Ánh Đào")
    )
    household.refresh_from_db()
    assert household.version == 2
    assert (household.sort_key, "dang thi anh dao" in household.search_key) == ("dao dang thi anh", True)


def test_an_edit_of_an_old_version_shows_both_and_keeps_what_was_typed(client, officer):
    household = a_household(members=3)
    mine = edit_form(household, head_name="Tên Tôi Gõ", members="5")
    actions.edit(
        household=household, version=1, code=household.code, head_name="Tên Người Khác Gõ", birth_year=1961,
        hamlet="Tổ 9", members=4, by=a_person(Role.OFFICER),
    )  # fmt: skip

    answer = client.post(reverse("households:edit", args=[household.pk]), mine)

    said = text_of(answer)
    assert "Người khác vừa sửa hộ này." in said
    assert "Bản người khác vừa lưu" in said
    assert "Tên Người Khác Gõ" in said
    assert (typed(answer)["head_name"], typed(answer)["members"]) == ("Tên Tôi Gõ", "5")
    household.refresh_from_db()
    assert (household.head_name, household.version) == ("Tên Người Khác Gõ", 2)

    # Saving again, with eyes open, is a choice: the page now carries the version that was shown.
    [version] = parsed(answer).xpath("//input[@name='version']/@value")
    assert version == "2"
    client.post(reverse("households:edit", args=[household.pk]), mine | {"version": version})
    household.refresh_from_db()
    assert (household.head_name, household.members, household.version) == ("Tên Tôi Gõ", 5, 3)


def test_an_edit_to_a_code_that_is_taken_is_refused(client):
    taken, household = a_household(code="HR-1"), a_household(code="HR-2")
    answer = client.post(reverse("households:edit", args=[household.pk]), edit_form(household, code="HR-1"))
    assert "đã có hộ số hồ sơ HR-1" in " ".join(problems_of(answer))
    household.refresh_from_db()
    assert (household.code, household.version) == ("HR-2", 1)
    assert taken.code == "HR-1"


# ---- the review


def test_a_review_is_corrected_and_its_history_tells_what_was_taken_away(client):
    household = a_household(lacks=("telecom_service",))
    answer = client.post(
        reverse("households:review", args=[household.pk]),
        {"version": household.version, "poverty": "poor_deprivation", "lacks": ["information_asset"]},
    )
    assert answer.status_code == 302
    review = household.reviews.get()
    assert review.poverty == PovertyClass.POOR_DEPRIVATION
    assert review.lacks == ["information_asset"]

    said = text_of(client.get(reverse("households:history", args=[household.pk])))
    assert "thiếu hụt: “Dịch vụ viễn thông” thành “Tài sản thông tin”" in said
    assert "“Hộ nghèo về thu nhập (N1)” thành “Hộ nghèo thiếu hụt đa chiều (N2)”" in said


def test_a_review_without_a_class_is_refused(client):
    household = a_household()
    answer = client.post(
        reverse("households:review", args=[household.pk]), {"version": 1, "lacks": ["information_asset"]}
    )
    assert problems_of(answer) == {"Phân loại hộ: Chưa điền mục này.": "id_poverty_0"}
    assert household.reviews.get().lacks == ["telecom_service"]


def test_a_review_of_an_old_version_shows_both_and_keeps_what_was_chosen(client):
    household = a_household()
    actions.review(
        household=household, version=1, year=2018, poverty="out", lacks=[], by=a_person(Role.OFFICER)
    )  # fmt: skip
    address = reverse("households:review", args=[household.pk])
    mine = {"version": "1", "poverty": "poor", "lacks": ["information_asset"]}
    answer = client.post(address, mine)
    assert "Người khác vừa sửa hộ này." in text_of(answer)
    assert "Thoát nghèo; thiếu: không" in text_of(answer)
    assert parsed(answer).xpath("//input[@checked]/@value") == ["poor", "information_asset"]
    assert household.reviews.get().poverty == "out"
    [version] = parsed(answer).xpath("//input[@name='version']/@value")
    assert client.post(address, mine | {"version": version}).status_code == 302
    assert household.reviews.get().poverty == "poor"


@pytest.mark.parametrize("poverty", [PovertyClass.NEAR_POOR, PovertyClass.OUT])
def test_who_is_not_poor_does_not_count(poverty):
    plan = a_plan()
    household, poor = a_household(poverty=poverty), a_household()
    indicator = Indicator.objects.get(pk="telecom_service")
    assert list(Household.objects.lacking("telecom_service", 2018)) == [poor]
    assert lacking_by_unit([a_unit()], "telecom_service", 2018) == {a_unit().pk: 1}
    assert "không phải hộ nghèo" in why_not_counted(plan, household, indicator)
    assert why_not_counted(plan, poor, indicator) is None


@pytest.mark.parametrize(
    "poverty", [PovertyClass.POOR_INCOME, PovertyClass.POOR_DEPRIVATION, PovertyClass.POOR]
)
def test_every_kind_of_poor_household_counts(poverty):
    household = a_household(poverty=poverty)
    assert list(Household.objects.lacking("telecom_service", 2018)) == [household]
    assert not Household.objects.lacking("telecom_service", 2017)
    assert not Household.objects.lacking("information_asset", 2018)


# ---- the list


def names(answer) -> list[str]:
    return [words(cell.text_content()) for cell in parsed(answer).xpath("//tbody/tr/th")]


def search(client, **asked):
    return client.post(reverse(LIST), asked, follow=True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("duc", ["Nguyễn Văn Đức"]),
        ("ĐỨC nguyen", ["Nguyễn Văn Đức"]),
        ("dang", ["Đặng Thị Hoà"]),
        ("hòa", ["Đặng Thị Hoà"]),
        ("hoa dang", ["Đặng Thị Hoà"]),
        ("HR-77", ["Nguyễn Văn Đức"]),
        ("bac son", ["Đặng Thị Hoà"]),
        ("Ðức", ["Nguyễn Văn Đức"]),
        ("không ai", []),
        ("%", []),
    ],
)
def test_the_search_folds_accents(client, asked, found):
    a_household(head_name="Nguyễn Văn Đức", code="HR-77")
    a_household(head_name="Đặng Thị Hoà", hamlet="Bắc Sơn")
    assert names(search(client, q=asked)) == found


def test_the_list_is_by_unit_and_given_name(client):
    for name in ("Trần Thị Bình", "Nguyễn Văn Đức", "Lê Văn An", "Phạm An", "Đỗ Thị Cúc"):
        a_household(head_name=name)
    given = ["Lê Văn An", "Phạm An", "Trần Thị Bình", "Đỗ Thị Cúc", "Nguyễn Văn Đức"]
    assert names(client.get(reverse(LIST))) == given

    a_household(a_unit("Nam Ngạn"), head_name="Bùi Thị An")
    city = names(a_client(a_person(Role.COORDINATOR)).get(reverse(LIST)))
    assert city == [*given, "Bùi Thị An"]


def test_a_search_stays_through_its_pages_and_is_taken_off_again(client):
    for n in range(60):
        a_household(head_name="Nguyễn Thị Lan", code=f"L-{n}")
    a_household(head_name="Trần Văn Ba")
    first = search(client, q="lan")
    assert len(names(first)) == 50
    [following] = [href for href in parsed(first).xpath("//a/@href") if "sau=" in href]
    assert len(names(client.get(following))) == 10
    assert len(names(client.get(reverse(LIST) + "?tat-ca=1"))) == 50
    assert names(client.get(reverse(LIST)))[0] == "Trần Văn Ba"


def test_the_list_is_filtered_by_lack_and_unit():
    client = a_client(a_person(Role.COORDINATOR))
    telecom = a_household(head_name="Lê An")
    asset = a_household(a_unit("Nam Ngạn"), head_name="Lê Ba", lacks=("information_asset",))
    a_household(head_name="Lê Cận", poverty=PovertyClass.NEAR_POOR)
    assert names(search(client, lack="telecom_service")) == [telecom.head_name, "Lê Cận"]
    assert names(search(client, lack="telecom_service", poverty="poor_any")) == [telecom.head_name]
    assert names(search(client, poverty="near_poor")) == ["Lê Cận"]
    assert names(search(client, unit=a_unit("Nam Ngạn").pk)) == [asset.head_name]
    assert names(search(client, unit=a_unit("Nam Ngạn").pk, lack="telecom_service")) == []
    # A search that cannot be is said, and the one before it stays.
    assert "Gõ tên, số hồ sơ hoặc thôn" in text_of(search(client, unit="no-such-unit", q="le"))
    assert names(search(client)) == [telecom.head_name, "Lê Cận", asset.head_name]


def test_paging_by_key_loses_nobody_and_shows_nobody_twice():
    client = a_client(a_person(Role.COORDINATOR))
    # Many of the same name: the key alone then decides the order.
    made = {
        str(a_household(unit, head_name=name).pk)
        for unit in (a_unit("Quảng Phú"), a_unit(), a_unit("Nam Ngạn"))
        for name in ["Nguyễn Thị Lan"] * 30 + ["Lê Văn An", "Đỗ Thị Ánh"] * 8 + ["Phạm Bình"] * 2
    }
    seen, address, pages = [], reverse(LIST), 0
    while address:
        answer = client.get(address)
        links = parsed(answer).xpath("//tbody/tr/th/a/@href")
        seen += [re.search(r"[0-9a-f-]{36}", link)[0] for link in links]
        [address] = [href for href in parsed(answer).xpath("//a/@href") if "sau=" in href] or [None]
        pages += 1
    assert pages == 3
    assert len(seen) == len(made) == 144
    assert set(seen) == made


def test_a_page_that_begins_at_somebody_unknown_is_the_first(client):
    a_household(head_name="Lê An")
    stranger = a_household(a_unit("Nam Ngạn"))
    for after in ("", "x", str(uuid.uuid4()), str(stranger.pk)):
        assert names(client.get(reverse(LIST) + f"?sau={after}")) == ["Lê An"]


def test_htmx_gets_the_rows_alone(client):
    a_household(head_name="Lê An")
    answer = client.post(reverse(LIST), {"q": "an"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "Lê An" in said
    assert "<html" not in said


# ---- scope, reading, addresses


def test_an_officer_cannot_touch_another_ward(client, officer):
    other = a_household(a_unit("Nam Ngạn"), head_name="Trần Văn Hàng Xóm")
    assert names(client.get(reverse(LIST))) == []
    for name in ("household", "edit", "review", "history"):
        address = reverse(f"households:{name}", args=[other.pk])
        assert client.get(address).status_code == 404
        if name in ("edit", "review"):
            assert client.post(address, edit_form(other, poverty="out")).status_code == 404
    answer = add(client, a_form(unit=a_unit("Nam Ngạn").pk))
    assert list(problems_of(answer).values()) == ["id_unit"]
    acts = [
        partial(actions.edit, household=other, version=1, code="x", head_name="x", birth_year=None, hamlet="", members=1),
        partial(actions.review, household=other, version=1, year=2018, poverty="out", lacks=[]),
        partial(a_household, a_unit("Nam Ngạn")),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
            act(by=officer)
    other.refresh_from_db()
    assert (other.head_name, other.version) == ("Trần Văn Hàng Xóm", 1)
    assert Household.objects.count() == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VERIFIER])
def test_the_citys_offices_read_and_do_not_keep_the_list(role):
    household, person = a_household(), a_person(role)
    client = a_client(person)
    page = client.get(reverse("households:household", args=[household.pk]))
    assert household.head_name in text_of(page)
    assert not [href for href in parsed(page).xpath("//a/@href") if href.endswith(("/sua/", "/ra-soat/"))]
    assert client.get(reverse("households:edit", args=[household.pk])).status_code == 403
    with pytest.raises(NotAllowed):
        actions.edit(
            household=household, version=1, code="x", head_name="x", birth_year=None, hamlet="", members=1, by=person
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.LEADER, Role.PARTNER, Role.ADMINISTRATOR, Role.SUPERVISOR])
def test_others_see_no_household_at_all(role):
    household, person = a_household(), a_person(role)
    assert not Household.objects.visible_to(person).exists()
    for address in (reverse(LIST), reverse("households:household", args=[household.pk])):
        assert a_client(person).get(address).status_code == 403


def test_reading_a_household_is_noted_with_who_and_without_a_name(client, officer):
    household = a_household()
    client.get(reverse("households:household", args=[household.pk]))
    client.get(reverse("households:history", args=[household.pk]))
    page, history = Reading.objects.order_by("pk")
    assert (page.subject, page.person_name, page.organisation) == (
        f"household:{household.pk}", officer.full_name, officer.organisation_name,
    )  # fmt: skip
    assert history.what == "Mở lịch sử của hộ"
    assert "Ví Dụ" not in page.subject + page.what

    stranger = a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    assert stranger.get(reverse("households:household", args=[household.pk])).status_code == 404
    assert Reading.objects.count() == 2


def test_nothing_personal_stands_in_an_address(client):
    household = a_household(
        head_name="Quách Khoa Tuyến",
        code="MAHO-4711",
        hamlet="Xóm Bí Mật",
        lacks=("telecom_service", "information_asset"),
    )
    outcome = an_outcome(household, provider="Nhà hảo tâm Giấu Tên")
    secrets = [folded_key(word) for word in ("Quách", "Tuyến", "4711", "Bí Mật", "Giấu")]
    met, waiting = set(), [
        reverse(LIST),
        reverse("households:edit", args=[household.pk]),
        reverse("households:review", args=[household.pk]),
        reverse("supports:outcome", args=[outcome.pk]),
        reverse("supports:record") + f"?ho={household.pk}",
    ]  # fmt: skip
    answers = [search(client, q="quach khoa"), client.post(reverse("supports:record"), {"q": "Quách"})]
    while waiting:
        address = waiting.pop()
        if address not in met and len(met) < 40:
            met.add(address)
            answers.append(client.get(address, follow=True))
            found = (
                parsed(answers[-1]).xpath("//a/@href") if "text/html" in answers[-1]["Content-Type"] else []
            )
            waiting += [href for href in found if href.startswith(("/ho-ngheo/", "/ket-qua/"))]
    assert len(met) > 6
    for answer in answers:
        if "text/html" not in answer["Content-Type"]:
            continue
        addresses = parsed(answer).xpath("//@href | //@action | //@hx-post | //@hx-get | //@src")
        addresses += [url for url, _ in getattr(answer, "redirect_chain", [])]
        for address in addresses:
            assert not [word for word in secrets if word in folded_key(unquote(address))], address


def test_the_page_of_a_household_says_what_the_standard_calls_a_lack(client):
    household = a_household()
    rows = table_of(client.get(reverse("households:household", args=[household.pk])), "th")
    assert len(rows) == 10, "a line for each indicator of the standard"
    [telecom, asset] = rows[-2:]
    assert (telecom[1], asset[1]) == ("Thiếu hụt", "Không")
    assert "59/2015/QĐ-TTg" in telecom[0]


def test_a_stale_edit_is_an_exception_of_its_own(officer):
    household = a_household()
    with pytest.raises(Stale):
        actions.edit(
            household=household, version=7, code="x", head_name="x", birth_year=None, hamlet="", members=1, by=officer
        )  # fmt: skip
    assert the_city().covers(household.unit)
