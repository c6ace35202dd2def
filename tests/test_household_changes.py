"""What changes a household: members, hidden facts, moves between wards, leaving, splitting; through real pages."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import parsed, problems_of, table_of, text_of, typed
from tiepcan.accounts.models import Reading
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import actions
from tiepcan.households.models import Household, Member, Move
from tiepcan.households.queries import moves_of
from tiepcan.supports import actions as supports
from tiepcan.supports.models import Outcome

pytestmark = pytest.mark.django_db
NUMBER = "038157000214"


@pytest.fixture
def officer():
    return a_person(Role.OFFICER)


@pytest.fixture
def client(officer):
    return a_client(officer)


def at(name: str, household: Household, *more) -> str:
    return reverse(f"households:{name}", args=[household.pk, *more])


def version_on(answer) -> str:
    [version] = parsed(answer).xpath("//input[@name='version' or @name='sua-version']/@value")
    return version


def a_member(household: Household, name: str = "Lê Thị Minh Họa", **facts) -> Member:
    household.refresh_from_db()
    given = {"relation": "con", "birth_year": 1999, "sex": "female"} | facts
    by = a_person(Role.OFFICER, household.unit)
    made = actions.keep_member(household=household, version=household.version, name=name, by=by, **given)
    household.refresh_from_db()
    return made


# ---- members


def test_a_member_is_added_changed_and_taken_off_with_a_reason(client):
    household = a_household(members=3)
    form = {"name": " Lê  Thị Minh Họa", "relation": "con", "birth_year": "1999", "sex": "female", "number": "038 199 000 123", "version": "1"}  # fmt: skip
    assert client.post(at("add_member", household), form).url == at("household", household)
    member = household.people.get()
    assert (member.name, member.ordinal) == ("Lê Thị Minh Họa", 2)
    page = client.get(at("household", household))
    assert table_of(page, "tv")[1][:5] == ["Lê Thị Minh Họa", "con", "1999", "Nữ", "•••• 123"]
    assert "038199000123" not in page.content.decode()

    # The number stays when the field is left empty.
    answer = client.get(at("edit_member", household, member.pk))
    assert "Đang ghi •••• 123." in text_of(answer)
    client.post(
        at("edit_member", household, member.pk), form | {"relation": "cháu", "number": "", "version": "2"}
    )
    assert table_of(client.get(at("household", household)), "tv")[1][1:5] == [
        "cháu",
        "1999",
        "Nữ",
        "•••• 123",
    ]

    address = at("take_member_off", household, member.pk)
    answer = client.post(address, {"version": "3", "reason": " "})
    assert problems_of(answer) == {"Lý do: Chưa điền mục này.": "id_reason"}
    assert household.people.exists()
    client.post(address, {"version": "3", "reason": "chuyển về quê nội"})
    assert not household.people.exists()
    history = text_of(client.get(at("history", household)))
    assert "Bỏ thành viên khỏi hộ" in history
    assert "chuyển về quê nội" in history


def test_a_member_changed_from_an_old_page_shows_both(client):
    household = a_household()
    member = a_member(household)
    a_member(household, "Lê Văn Người Kia Thêm")
    address = at("edit_member", household, member.pk)
    mine = {"name": "Tên Tôi Gõ", "relation": "con", "version": "2"}
    answer = client.post(address, mine)
    said = text_of(answer)
    assert "Người khác vừa sửa hộ này." in said
    assert "Lê Văn Người Kia Thêm" in said
    assert typed(answer)["name"] == "Tên Tôi Gõ"
    member.refresh_from_db()
    assert member.name == "Lê Thị Minh Họa"
    client.post(address, mine | {"version": version_on(answer)})
    member.refresh_from_db()
    assert member.name == "Tên Tôi Gõ"


def test_a_member_of_another_household_is_not_reached_through_this_one(client):
    household, other = a_household(), a_household()
    member = a_member(other)
    for name in ("edit_member", "take_member_off"):
        assert client.get(at(name, household, member.pk)).status_code == 404
    a_member(household, "Lê Văn Trong Hộ")
    answer = client.post(at("succeed", household), {"member": member.pk, "reason": "đã mất", "version": "2"})
    assert "id_member" in "".join(filter(None, problems_of(answer).values()))
    assert Member.objects.filter(pk=member.pk).exists()


def test_another_member_becomes_the_head(client):
    household = a_household(head_name="Lê Văn Cũ", members=3, number=NUMBER)
    member = a_member(household, "Lê Thị Mới", birth_year=1980, number="038180000777")
    answer = client.post(
        at("succeed", household), {"member": member.pk, "reason": "chủ hộ mất ngày 01/06", "version": "2"}
    )
    assert answer.url == at("household", household)
    household.refresh_from_db()
    assert (household.head_name, household.birth_year, household.members) == ("Lê Thị Mới", 1980, 2)
    assert not household.people.exists()
    assert "Số định danh •••• 777." in text_of(client.get(answer.url))
    assert "chủ hộ mất ngày 01/06" in text_of(client.get(at("history", household)))


def test_more_people_than_are_counted_is_said(client):
    household = a_household(members=2)
    a_member(household)
    assert "Hộ đang ghi 2 nhân khẩu." in text_of(client.get(at("household", household)))
    a_member(household, "Lê Văn Thứ Ba")
    page = text_of(client.get(at("household", household)))
    assert "Danh sách có 3 người cùng chủ hộ, hộ đang ghi 2 nhân khẩu: sửa số nhân khẩu." in page


def test_a_head_alone_has_nobody_to_follow_and_the_page_says_so(client):
    said = text_of(client.get(at("succeed", a_household())))
    assert "Sổ chưa ghi thành viên nào khác." in said


# ---- what is hidden


def test_hidden_facts_show_only_on_the_answer_to_a_reason_and_the_reading_is_noted(client, officer):
    household = a_household(number=NUMBER)
    Household.objects.filter(pk=household.pk).update(ethnicity="Mường", disability=True)
    page = client.get(at("household", household))
    said = text_of(page)
    assert "Số định danh •••• 214." in said
    assert "Dân tộc, khuyết tật: ẩn. Xem, có ghi nhật ký" in said
    asked = client.get(at("sensitive", household))
    refused = client.post(at("sensitive", household), {"reason": " "})
    for hidden in (page, asked, refused):
        assert NUMBER not in hidden.content.decode()
        assert "Mường" not in hidden.content.decode()
    assert not Reading.objects.filter(what__contains="nhạy cảm")
    assert problems_of(refused) == {"Lý do xem: Chưa điền mục này.": "id_reason"}

    shown = client.post(at("sensitive", household), {"reason": "đối chiếu căn cước"})
    assert table_of(shown, "nc")[1][1:] == [NUMBER, "Mường", "có"]
    assert "no-store" in shown["Cache-Control"]
    reading = Reading.objects.get(what__contains="nhạy cảm")
    assert reading.what == "Xem thông tin nhạy cảm: đối chiếu căn cước"
    assert (reading.subject, reading.person_name) == (f"household:{household.pk}", officer.full_name)
    # The next page hides them again.
    assert NUMBER not in client.get(at("sensitive", household)).content.decode()


def test_hidden_facts_are_changed_from_there_with_a_reason(client):
    household = a_household()
    form = {
        "reason": "bổ sung",
        "luu": "1",
        "sua-version": "1",
        "sua-ethnicity": "Thái",
        "sua-disability": "no",
    }
    answer = client.post(at("sensitive", household), form)
    assert problems_of(answer) == {"Lý do: Chưa điền mục này.": "id_sua-reason"}
    assert typed(answer)["sua-ethnicity"] == "Thái"
    client.post(at("sensitive", household), form | {"sua-reason": "theo giấy khai sinh"})
    household.refresh_from_db()
    assert (household.ethnicity, household.disability, household.version) == ("Thái", False, 2)
    history = text_of(client.get(at("history", household)))
    assert "Sửa thông tin nhạy cảm" in history
    assert "Thái" not in history

    stale = client.post(at("sensitive", household), form | {"sua-ethnicity": "Kinh", "sua-reason": "đọc lại"})
    assert "Bản người khác vừa lưu" in text_of(stale)
    assert table_of(stale, "nc")[1][2] == "Thái"
    assert typed(stale)["sua-ethnicity"] == "Kinh"
    assert version_on(stale) == "2"


def test_who_does_not_keep_the_list_sees_with_a_reason_and_changes_nothing():
    household = a_household(number=NUMBER)
    client = a_client(a_person(Role.VERIFIER))
    shown = client.post(at("sensitive", household), {"reason": "xác minh tại nhà"})
    assert NUMBER in text_of(shown)
    assert not parsed(shown).xpath("//input[@name='luu']")
    form = {"luu": "1", "sua-version": "1", "sua-ethnicity": "Thái", "sua-reason": "thử"}
    for reason in ({}, {"reason": "xác minh tại nhà"}):
        client.post(at("sensitive", household), form | reason)
        household.refresh_from_db()
        assert household.ethnicity == ""


def test_what_is_sent_to_be_changed_shows_nothing_without_a_reason_to_see_it(client):
    household = a_household(number=NUMBER)
    answer = client.post(at("sensitive", household), {"luu": "1", "sua-version": "1"})
    assert NUMBER not in answer.content.decode()
    assert not Reading.objects.filter(what__contains="nhạy cảm")


# ---- moving to another ward; each request stands behind PostgreSQL's wall


def moved(client, household, **more):
    form = {"to": a_unit("Nam Ngạn").pk, "moved_on": "10/06/2019", "hamlet": "Tổ 8", "code": "NN-77", "reason": "về nhà con", "version": household.version}  # fmt: skip
    return client.post(at("move", household), form | more)


@pytest.fixture
def there():
    return a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))


def test_a_household_moves_with_its_history_and_each_ward_keeps_its_side_of_the_line(client, there):
    household = a_household(head_name="Đỗ Thị Dời Nhà", code="HR-5", hamlet="Tổ 2")
    a_member(household)
    answer = moved(client, household)
    assert answer.url == reverse("households:moves")
    household.refresh_from_db()
    assert (household.unit, household.code, household.hamlet) == (a_unit("Nam Ngạn"), "NN-77", "Tổ 8")

    old, new = client.get(answer.url), there.get(answer.url)
    for page in (old, new):
        said = text_of(page)
        for words in ("Đỗ Thị Dời Nhà", "HR-5", "Tổ 2", "Phường Hàm Rồng", "Phường Nam Ngạn", "về nhà con"):
            assert words in said
    assert not parsed(old).xpath("//tbody//a")
    assert parsed(new).xpath("//tbody//a/@href") == [at("household", household)]
    assert "NN-77" not in text_of(old)

    names = (
        "household",
        "edit",
        "review",
        "history",
        "move",
        "leave",
        "split",
        "succeed",
        "sensitive",
        "add_member",
    )
    assert {client.get(at(name, household)).status_code for name in names} == {404}
    assert {there.get(at(name, household)).status_code for name in names} == {200}
    assert "Lê Thị Minh Họa" in text_of(there.get(at("household", household)))
    history = text_of(there.get(at("history", household)))
    assert "Chuyển hộ sang phường, xã khác" in history
    assert "Thêm hộ" in history
    third = a_person(Role.OFFICER, a_unit("Quảng Thắng"))
    assert "Đỗ Thị" not in text_of(a_client(third).get(answer.url))
    # The query holds without the wall, too.
    assert not moves_of(third)
    assert not moves_of(a_person(Role.LEADER))
    assert moves_of(a_person(Role.COORDINATOR)).count() == 1


def test_the_old_ward_sees_nothing_that_the_new_one_changes_and_keeps_what_it_recorded(client, there):
    plan = a_plan()
    household = a_household(head_name="Đỗ Thị Dời Nhà", code="HR-5")
    outcome = an_outcome(household, plan=plan)
    supports.give_back(outcome=outcome, reason="ảnh mờ", by=a_person(Role.VERIFIER))
    household.refresh_from_db()
    moved(client, household)
    household.refresh_from_db()
    actions.edit(
        household=household, version=household.version, code="NN-99", head_name="Tên Mới Ở Nam Ngạn", birth_year=1960,
        hamlet="Ngõ Riêng", members=2, by=a_person(Role.OFFICER, a_unit("Nam Ngạn")),
    )  # fmt: skip

    pages = [
        reverse("supports:outcome", args=[outcome.pk]),
        reverse("supports:history", args=[outcome.pk]),
        reverse("reporting:behind", args=[plan.pk, "telecom_service", "ghi-nhan"]) + f"?don-vi={a_unit().pk}",
        reverse("home:home"),
        reverse("households:moves"),
        reverse("households:households"),
        reverse("households:round", args=[a_unit().pk, 2018]),
        reverse("households:round_behind", args=[a_unit().pk, 2018, "ngheo", "nam-nay"]),
        reverse("households:round_behind", args=[a_unit().pk, 2019, "ngheo", "chuyen-di"]),
    ]
    for address in pages:
        said = client.get(address, follow=True).content.decode()
        for secret in ("Tên Mới Ở Nam Ngạn", "NN-99", "Ngõ Riêng", str(household.pk)):
            assert secret not in said, address
    for address in (*pages[:1], *pages[2:5], *pages[7:]):
        assert "Đỗ Thị Dời Nhà" in text_of(client.get(address, follow=True)), address

    # The new ward is told what was recorded, and has no link to what only the other ward can open.
    page = there.get(at("household", household))
    assert "Ảnh mờ" in text_of(page) or "ảnh mờ" in text_of(page)
    assert not [href for href in parsed(page).xpath("//a/@href") if str(outcome.pk) in href]
    # The verifier of the city names the household as its ward knew it, and can open it.
    supports.answer(outcome=Outcome.objects.get(), note="chụp lại", by=a_person(Role.OFFICER))
    verifying = a_client(a_person(Role.VERIFIER)).get(reverse("supports:to_verify"))
    assert "Đỗ Thị Dời Nhà" in text_of(verifying)


def test_a_household_that_came_back_is_known_by_its_name_of_today(client, there):
    plan = a_plan()
    household = a_household(head_name="Đỗ Thị Dời Nhà")
    outcome = an_outcome(household, plan=plan)
    moved(client, household)
    household.refresh_from_db()
    moved(there, household, to=a_unit().pk, code="HR-50")
    household.refresh_from_db()
    actions.edit(
        household=household, version=household.version, code="HR-50", head_name="Đỗ Thị Về", birth_year=None, hamlet="",
        members=2, by=a_person(Role.OFFICER),
    )  # fmt: skip
    assert "Đỗ Thị Về" in text_of(client.get(reverse("supports:outcome", args=[outcome.pk])))
    assert client.get(at("household", household)).status_code == 200
    assert there.get(at("household", household)).status_code == 404
    assert Move.objects.count() == 2


def test_a_code_taken_in_the_new_ward_is_said_and_nothing_moves(client):
    a_household(a_unit("Nam Ngạn"), code="NN-77")
    household = a_household()
    answer = moved(client, household)
    assert problems_of(answer) == {
        "Số hồ sơ ở nơi đến: Phường Nam Ngạn đã có hộ số hồ sơ NN-77. Ghi số hồ sơ khác cho nơi đến.": "id_code"
    }
    assert typed(answer)["hamlet"] == "Tổ 8"
    assert not Move.objects.exists()


def test_only_other_wards_of_the_province_that_are_there_today_can_be_chosen(client):
    household = a_household()
    page = parsed(client.get(at("move", household)))
    offered = page.xpath("//select[@name='to']/option/@value")
    assert a_unit("Nam Ngạn").pk in offered
    assert a_unit().pk not in offered
    assert not [key for key in offered if key.endswith("-2025") or key.startswith(("thanh-pho", "tinh"))]
    answer = moved(client, household, to=a_unit().pk)
    assert list(problems_of(answer).values()) == ["id_to"]
    answer = moved(client, household, moved_on="13/06/2019")
    assert list(problems_of(answer).values()) == ["id_moved_on"]


# ---- leaving, coming back, splitting


def test_a_household_leaves_the_lists_and_comes_back(client):
    household = a_household(head_name="Trần Văn Đi Xa")
    answer = client.post(
        at("leave", household), {"why": "dissolved", "left_on": "01/06/2019", "version": "1"}
    )
    page = client.get(answer.url)
    assert "Đã ra khỏi sổ từ 01/06/2019" in text_of(page)
    assert "Không còn thành viên." in text_of(page)
    assert "Trần Văn Đi Xa" not in text_of(client.get(reverse("households:households")))
    offered = parsed(page).xpath("//section[@aria-labelledby='tt']//footer/a/@href")
    assert offered == [at("come_back", household)]
    for name, form in (
        ("leave", {"why": "away", "left_on": "02/06/2019"}),
        ("move", {"to": a_unit("Nam Ngạn").pk, "moved_on": "02/06/2019", "code": "1"}),
        ("split", {"id": uuid.uuid4(), "code": "1", "head_name": "Trần Ba", "members": "1"}),
    ):
        assert "Hộ đã ra khỏi sổ" in text_of(client.get(at(name, household)))
        assert "Hộ đã ra khỏi sổ" in " ".join(
            problems_of(client.post(at(name, household), form | {"version": "2"}))
        )
    client.post(at("come_back", household), {"version": "2", "reason": "hộ trở về"})
    assert "Trần Văn Đi Xa" in text_of(client.get(reverse("households:households")))
    refused = client.post(at("come_back", household), {"version": "3", "reason": "lần nữa"})
    assert "Hộ đang ở trong sổ" in " ".join(problems_of(refused))


def test_part_of_a_household_becomes_one_of_its_own_once(client):
    household = a_household(members=5, head_name="Lê Văn Gốc")
    form = {"id": str(uuid.uuid4()), "code": "HR-5B", "head_name": "Lê Văn Riêng", "members": "2", "hamlet": "Tổ 1", "version": "1"}  # fmt: skip
    answer = client.post(at("split", household), form)
    made = Household.objects.get(pk=form["id"])
    assert answer.url == at("household", made)
    assert client.post(at("split", household), form).url == answer.url
    household.refresh_from_db()
    assert (household.members, made.members, made.split_from) == (3, 2, household)
    assert "Tách từ hộ Lê Văn Gốc" in text_of(client.get(answer.url))
    assert "Đã tách ra hộ Lê Văn Riêng, hồ sơ HR-5B" in text_of(client.get(at("household", household)))

    too_many = client.post(at("split", household), form | {"id": str(uuid.uuid4()), "code": "HR-5C", "members": "3", "version": "2"})  # fmt: skip
    assert "Hộ có 3 nhân khẩu: hộ mới phải ít hơn 3 người." in " ".join(problems_of(too_many))
    assert typed(too_many)["head_name"] == "Lê Văn Riêng"


@pytest.mark.parametrize("name", ["succeed", "move", "leave", "split", "come_back", "add_member"])
def test_the_citys_offices_change_no_household(name):
    household = a_household()
    client = a_client(a_person(Role.COORDINATOR))
    assert client.get(at(name, household)).status_code == 403
    page = parsed(client.get(at("household", household)))
    assert not [href for href in page.xpath("//a/@href") if at(name, household) in href]


def test_an_action_refuses_who_does_not_keep_the_ward():
    household, stranger = a_household(), a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
        actions.move(
            household=household, version=1, to=a_unit("Nam Ngạn"), moved_on=date(2019, 6, 1), hamlet="", code="1", by=stranger
        )  # fmt: skip
