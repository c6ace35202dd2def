"""Records that look alike: found by the machine, decided by people, and every merge can be taken back."""

import re
import threading
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import parsed, problems_of, table_of, text_of, typed, words
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.models import Reading
from tiepcan.accounts.roles import Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import actions, suspicion
from tiepcan.households.models import Household, Pair, PairState, Review, Tally
from tiepcan.households.queries import recounted
from tiepcan.supports import actions as supports
from tiepcan.supports.figures import counts
from tiepcan.units.models import Unit

pytestmark = pytest.mark.django_db
LIST = "households:pairs"
NUMBER, OTHER_NUMBER = "038157000214", "038157000777"


@pytest.fixture
def officer():
    return a_person(Role.OFFICER)


@pytest.fixture
def client(officer):
    return a_client(officer)


def find(units: Any = None, only: Any = None) -> int:
    with act("pairs.sought", by=CONSOLE):
        return suspicion.find(units or a_unit(), only)


def two_alike(unit: Unit | None = None, **of_second: Any) -> tuple[Household, Household]:
    """Trưng and Chưng of Thôn 4; the first record was there first."""
    facts = {"birth_year": 1957, "hamlet": "Thôn 4", "members": 3}
    one = a_household(unit, head_name="Đỗ Thị Tượng Trưng", **facts)
    other = a_household(unit, head_name="Đỗ Thị Tượng Chưng", **(facts | {"members": 2} | of_second))
    return one, other


def a_pair(unit: Unit | None = None, **of_second: Any) -> tuple[Pair, Household, Household]:
    one, other = two_alike(unit, **of_second)
    find(one.unit)
    return Pair.objects.get(first__in=[one, other], second__in=[one, other]), one, other


def merge(pair: Pair, keep: Household, by: Any = CONSOLE, **more: Any) -> Household:
    return actions.merge(pair=pair, keep=keep, values_of=more.pop("values_of", {}), by=by, **more)


def side(pair: Pair, record: Household) -> str:
    return "first" if pair.first_id == record.pk else "second"


def page_of(client: Any, pair: Pair) -> Any:
    return client.get(reverse("households:pair", args=[pair.pk]))


def decide(client: Any, pair: Pair, decision: str, **more: Any) -> Any:
    sent = typed(page_of(client, pair))
    seen = Pair.objects.select_related("first", "second").get(pk=pair.pk)
    form = {"seen": f"{seen.first.version}-{seen.second.version}", "decision": decision}
    kept = {name: value for name, value in sent.items() if name and name.startswith("value_")}
    return client.post(reverse("households:decide_pair", args=[pair.pk]), kept | form | more)


def kept_of(*records: Household) -> dict[str, Any]:
    """Everything that is stored of records and their reviews, but how often they were changed."""
    rows = {
        f"household {row['code']}": {name: value for name, value in row.items() if name != "version"}
        for row in Household.objects.filter(pk__in=[record.pk for record in records]).values()
    }
    reviews = {f"review {row['id']}": row for row in Review.objects.filter(household__in=records).values()}
    return rows | reviews


def kept_counts_are_true() -> bool:
    kept = {(t.unit_id, t.year, t.poverty, t.lack): t.households for t in Tally.objects.all() if t.households}
    return kept == recounted()


def poor_of(unit: Unit, year: int = 2018) -> int:
    return sum(t.households for t in Tally.objects.filter(unit=unit, year=year, lack=""))


# ---- finding


def test_records_that_look_alike_are_asked_about_once_and_nothing_is_merged():
    one, other = two_alike()
    a_household(head_name="Phạm Văn Khác Hẳn", birth_year=1988, hamlet="Tổ 9", members=6)

    assert find() == 1
    pair = Pair.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}
    assert pair.state == PairState.WAITING
    assert pair.score >= 50
    assert "Cùng năm sinh 1957" in pair.reasons
    assert find() == 0
    assert not Household.objects.exclude(merged_into=None).exists()


def test_one_code_written_in_two_ways_for_two_households_is_no_likeness():
    a_household(code="TK-05", head_name="Cao Văn Ký Hiệu", birth_year=1950)
    a_household(code="tk 5", head_name="Phạm Thị Khác Hẳn", birth_year=1988)
    assert find() == 0


@pytest.mark.parametrize("state", [PairState.DIFFERENT, PairState.SAME])
def test_what_was_decided_is_not_asked_again(state):
    pair, one, _ = a_pair()
    if state == PairState.SAME:
        merge(pair, one)
    else:
        actions.keep_apart(pair=pair, by=CONSOLE)
    assert find() == 0
    assert Pair.objects.get().state == state


def test_new_records_are_held_against_all_and_old_ones_not_against_each_other():
    two_alike()
    third = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    assert find(only=[third.pk]) == 2
    assert find(only=[]) == 0
    assert find() == 1


def test_records_that_left_the_lists_are_not_asked_about():
    pair, one, _ = a_pair()
    third = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    merge(pair, one)
    actions.leave(household=third, version=1, why="away", left_on=date(2019, 6, 1), by=a_person(Role.OFFICER))
    assert find() == 0


def test_members_who_share_their_names_are_evidence(officer):
    one = a_household(head_name="Lê Văn Cha", birth_year=1940, members=3, hamlet="Tổ 2")
    other = a_household(head_name="Lê Thị Mẹ Già", birth_year=1944, members=3, hamlet="Tổ 2")
    assert find() == 0
    for record in (one, other):
        for name in ("Lê Hiếm Hoi Danh", "Lê Ít Gặp Tính"):
            record.refresh_from_db()
            actions.keep_member(
                household=record, version=record.version, name=name, relation="con", birth_year=1990, by=officer
            )  # fmt: skip
    other.refresh_from_db()
    actions.keep_member(
        household=other, version=other.version, name="Lê Văn Cha", relation="chồng", birth_year=1940, by=officer
    )  # fmt: skip
    assert find() == 1


def test_a_unit_takes_the_same_number_of_questions_however_many_it_has(django_assert_max_num_queries):
    two_alike()
    with django_assert_max_num_queries(10) as few:
        find()
    for n in range(12):
        a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", code=f"N-{n}")
    with django_assert_max_num_queries(10) as many:
        assert find() > 12
    assert len(many) == len(few)


# ---- across wards


def in_two_wards(**facts: Any) -> tuple[Household, Household]:
    return (
        a_household(a_unit("Hàm Rồng"), head_name="Đỗ Thị Tượng Trưng", **facts),
        a_household(a_unit("Nam Ngạn"), head_name="Trần Thị Đã Đổi Tên", **(facts | {"birth_year": 1971})),
    )


def test_one_identity_number_in_two_wards_is_for_the_citys_office_and_for_neither_ward(officer, client):
    in_two_wards(number=NUMBER)
    client.post(reverse("households:seek_pairs"))
    assert not Pair.objects.exists()  # a ward does not see beyond itself

    city = a_client(a_person(Role.COORDINATOR))
    said = text_of(city.post(reverse("households:seek_pairs"), follow=True))
    assert "thêm 1 cặp nghi trùng" in said
    assert "Đỗ Thị Tượng Trưng" in said
    pair = Pair.objects.get()
    assert pair.score >= 95
    shown = text_of(page_of(city, pair))
    assert "Hai hồ sơ do hai phường, xã giữ." in shown
    assert "Lưu quyết định" not in shown

    neighbour = a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    for ward in (client, neighbour):
        assert "Không có hồ sơ nào nghi trùng" in text_of(ward.get(reverse(LIST)))
        assert page_of(ward, pair).status_code == 404
        sent = {"decision": "different", "seen": "1-1"}
        assert ward.post(reverse("households:decide_pair", args=[pair.pk]), sent).status_code == 404
    with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
        actions.keep_apart(pair=pair, by=officer)


def test_name_year_and_members_find_a_household_that_moved_and_other_numbers_do_not():
    facts = {"head_name": "Đỗ Thị Tượng Trưng", "birth_year": 1957, "members": 3}
    a_household(a_unit("Hàm Rồng"), **facts)
    a_household(a_unit("Nam Ngạn"), **facts)
    a_household(a_unit("Quảng Phú"), **(facts | {"members": 4}))
    assert find(a_unit("Nam Ngạn")) == 1
    assert find([a_unit("Hàm Rồng"), a_unit("Quảng Phú")]) == 0


def test_another_province_is_not_looked_into():
    far = Unit.objects.create(id="xa-khac", code="9", kind="xa", name="Khác", path="/tinh-khac/xa-khac/")
    a_household(number=NUMBER, by=CONSOLE)
    a_household(far, head_name="Trần Thị Xa", number=NUMBER, by=CONSOLE)
    assert find() == find(far) == 0


# ---- the pages


def test_pairs_wait_likest_first_and_decided_ones_stand_below(client, officer):
    pair, one, other = a_pair()
    a_household(head_name="Cao Văn Ký Hiệu", birth_year=1970, number=NUMBER)
    a_household(head_name="Cao Ký Hiệu", birth_year=1970, number=NUMBER)
    actions.keep_apart(pair=pair, reason="cha và con cùng tên", by=officer)

    third = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=9)
    client.post(reverse("households:seek_pairs"))
    answer = client.get(reverse(LIST))

    scores = [int(row[3].split("/")[0]) for row in table_of(answer, "cho")[1:]]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] >= 95
    assert third.code in text_of(answer)
    decided = table_of(answer, "qd")[1]
    assert {one.code, other.code} <= set(decided[0].split())
    assert decided[1] == "Hai hộ khác nhau: cha và con cùng tên"
    assert officer.full_name in decided[2]
    assert decided[3].startswith("Xét lại")
    assert f"Nghi trùng ({len(scores)})" in text_of(answer)
    assert Reading.objects.filter(
        what="Mở danh sách hồ sơ nghi trùng", person_name=officer.full_name
    ).exists()


def test_the_list_goes_on_page_by_page_and_loses_nobody(client, monkeypatch):
    monkeypatch.setattr("tiepcan.households.views.pairs.PAGE", 2)
    for n in range(4):
        a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", code=f"N-{n}")
    assert find() == 6
    seen, address = [], reverse(LIST)
    while address:
        answer = client.get(address)
        rows = parsed(answer).xpath("//section[@aria-labelledby='cho']//tbody//a/@href")
        seen += rows
        [address] = [href for href in parsed(answer).xpath("//a/@href") if "sau=" in href] or [None]
    assert len(seen) == len(set(seen)) == 6
    for strange in ("x", "99999999999999999999", "123456"):
        assert len(table_of(client.get(reverse(LIST) + f"?sau={strange}"), "cho")) == 3


def test_two_records_stand_side_by_side_with_what_differs_marked(client):
    one, _ = two_alike(number=NUMBER, poverty="near_poor", lacks=())
    an_outcome(one, plan=a_plan())
    find()
    pair = Pair.objects.get()
    answer = page_of(client, pair)
    rows = {row[0].removesuffix(" (khác nhau)"): row[1:] for row in table_of(answer, "so")}
    at = 0 if pair.first == one else 1

    assert rows["Chủ hộ"][at] == "Đỗ Thị Tượng Trưng"
    marked = parsed(answer).xpath("//table[contains(@class,'vs')]//tbody/tr[1]//mark/text()")
    assert marked == (["Tr", "Ch"] if at == 0 else ["Ch", "Tr"])
    assert rows["Năm sinh"] == ["1957", "1957"]
    assert rows["Số nhân khẩu"][at] == "3"
    assert rows["Số định danh"][at] == "chưa ghi"
    assert rows["Số định danh"][1 - at] == "•••• 214"
    assert rows["Phân loại cuối 2018"][1 - at] == "Hộ cận nghèo"
    assert rows["Thiếu hụt cuối 2018"][1 - at] == "không thiếu chỉ số nào"
    assert "ghi nhận" in rows["Hỗ trợ đã nhận"][at]
    assert rows["Hỗ trợ đã nhận"][1 - at] == "chưa có"
    assert rows["Nguồn"][at].startswith("Thêm hộ, 12/06/2019, Nguyễn Văn Thử")
    differing = [words(row.text_content()) for row in parsed(answer).xpath("//tr[@class='diff']/th")]
    assert "Năm sinh (khác nhau)" not in differing
    assert "Số nhân khẩu (khác nhau)" in differing
    assert f"{len(differing)} mục khác nhau được tô" in text_of(answer)
    assert Reading.objects.filter(subject=f"pair:{pair.pk}").exists()


@pytest.mark.parametrize(
    ("numbers", "said"), [((NUMBER, NUMBER), "dấu khớp"), ((NUMBER, OTHER_NUMBER), "hai số khác nhau")]
)
def test_identity_numbers_are_masked_and_only_compared(client, numbers, said):
    facts = {"head_name": "Đỗ Thị Tượng Trưng", "birth_year": 1957, "hamlet": "Thôn 4"}
    one, other = (a_household(number=number, **facts) for number in numbers)
    first, second = sorted((one, other), key=lambda row: row.pk)
    pair = Pair.objects.create(first=first, second=second, score=70, found_at=clock.now())
    answer = page_of(client, pair)
    assert said in text_of(answer)
    assert "•••• 214" in text_of(answer)
    assert not re.search(r"03815700", answer.content.decode())


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.COORDINATOR])
def test_the_citys_offices_see_a_pair_and_do_not_decide(role):
    pair, _, _ = a_pair()
    client = a_client(a_person(role))
    answer = page_of(client, pair)
    assert "Đỗ Thị Tượng" in text_of(answer)
    assert "quyết định. Anh/chị chỉ xem." in text_of(answer)
    assert not parsed(answer).xpath("//main//form")
    for step in ("decide_pair", "take_back_pair", "reconsider_pair"):
        assert client.post(reverse(f"households:{step}", args=[pair.pk])).status_code == 403
        assert client.get(reverse(f"households:{step}", args=[pair.pk])).status_code in (403, 405)
    if role == Role.VERIFIER:
        assert client.post(reverse("households:seek_pairs")).status_code == 403
    pair.refresh_from_db()
    assert pair.state == PairState.WAITING


# ---- deciding


def test_a_merge_takes_the_chosen_values_and_keeps_both_histories(client, officer):
    pair, one, other = a_pair(number=NUMBER)
    unit = one.unit
    assert poor_of(unit) == 2
    answer = decide(
        client, pair, side(pair, one),
        value_head_name=side(pair, other), value_members=side(pair, one),
    )  # fmt: skip
    assert answer.url == reverse(LIST)
    one.refresh_from_db()
    other.refresh_from_db()
    pair.refresh_from_db()
    assert (one.head_name, one.members, one.version) == ("Đỗ Thị Tượng Chưng", 3, 2)
    assert one.sort_key == "chung do thi tuong"
    assert bytes(one.identity_digest) == bytes(other.identity_digest)
    assert other.merged_into == one
    assert (other.head_name, other.members) == ("Đỗ Thị Tượng Chưng", 2)
    assert (pair.state, pair.decided_by) == (PairState.SAME, officer.full_name)
    assert list(Household.objects.listed()) == [one]
    assert poor_of(unit) == 1
    assert kept_counts_are_true()
    for record in (one, other):
        said = text_of(client.get(reverse("households:history", args=[record.pk])))
        assert "Gộp hai hồ sơ" in said
        assert "Thêm hộ" in said
    assert "Không có hồ sơ nào nghi trùng" in text_of(client.get(reverse(LIST)))


def test_reviews_of_other_years_go_along_and_of_one_year_the_kept_records_counts():
    pair, one, other = a_pair()
    actions.review(household=other, version=1, year=2017, poverty="poor", lacks=[], by=CONSOLE)
    merge(pair, one)
    assert sorted(one.reviews.values_list("year", "standing")) == [(2017, True), (2018, True)]
    assert list(other.reviews.values_list("year", "standing")) == [(2018, False)]
    assert kept_counts_are_true()


def test_values_that_nobody_chose_are_those_of_the_record_that_stays_and_a_value_is_better_than_none(client):
    pair, one, other = a_pair(sex="female")
    answer = page_of(client, pair)
    assert typed(answer)["value_sex"] == side(pair, other)
    assert not parsed(answer).xpath("//input[@name='value_head_name'][@checked]")
    decide(client, pair, side(pair, one))
    one.refresh_from_db()
    assert (one.head_name, one.members, one.sex) == ("Đỗ Thị Tượng Trưng", 3, "female")


def test_the_one_who_decides_goes_on_to_the_next_pair(client):
    for n in range(3):
        a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", code=f"N-{n}")
    find()
    first, second, third = Pair.objects.all()
    assert decide(client, first, "later").url == reverse("households:pair", args=[second.pk])
    assert decide(client, second, "different", reason="cha và con").url == reverse(
        "households:pair", args=[third.pk]
    )
    assert decide(client, third, "different").url == reverse(LIST)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == PairState.WAITING
    assert (second.state, second.reason) == (PairState.DIFFERENT, "cha và con")
    assert "Cặp 1 trong 1 còn chờ" in text_of(page_of(client, first))


def test_no_decision_is_none_and_what_was_typed_stays(client):
    pair, one, _ = a_pair()
    address = reverse("households:decide_pair", args=[pair.pk])
    other_side = "second" if side(pair, one) == "first" else "first"
    answer = client.post(address, {"seen": "1-1", "value_members": other_side, "reason": "còn hỏi thôn"})
    assert "Hai hồ sơ này: Chọn một quyết định." in problems_of(answer)
    assert typed(answer)["reason"] == "còn hỏi thôn"
    assert typed(answer)["value_members"] == other_side
    assert not parsed(page_of(client, pair)).xpath("//input[@name='decision'][@checked]")
    pair.refresh_from_db()
    assert pair.state == PairState.WAITING


def test_a_merge_on_what_somebody_else_changed_meanwhile_is_asked_again(client):
    pair, one, _ = a_pair()
    sent = {"seen": "1-1", "decision": side(pair, one), "value_members": "first", "value_head_name": "first"}
    actions.review(household=one, version=1, year=2018, poverty="out", lacks=[], by=CONSOLE)
    answer = client.post(reverse("households:decide_pair", args=[pair.pk]), sent)
    assert "Người khác vừa sửa một trong hai hồ sơ." in text_of(answer)
    [seen] = parsed(answer).xpath("//input[@name='seen']/@value")
    assert typed(answer)["decision"] == side(pair, one)
    one.refresh_from_db()
    assert one.merged.count() == 0
    assert (
        client.post(reverse("households:decide_pair", args=[pair.pk]), sent | {"seen": seen}).status_code
        == 302
    )
    assert one.merged.count() == 1


def test_who_decides_second_is_told_what_the_first_decided(client):
    pair, one, _ = a_pair()
    sent = {"seen": "1-1", "decision": side(pair, one), "value_members": "first", "value_head_name": "first"}
    actions.keep_apart(pair=pair, by=a_person(Role.OFFICER, full_name="Lê Thị Nhanh Hơn"))
    answer = client.post(reverse("households:decide_pair", args=[pair.pk]), sent)
    assert "Lê Thị Nhanh Hơn vừa quyết định cặp này: hai hộ khác nhau." in text_of(answer)
    assert one.merged.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told():
    pair, one, other = a_pair()
    people = [a_person(Role.OFFICER), a_person(Role.OFFICER)]
    barrier, won, told = threading.Barrier(2), [], []

    def press(keep: Household, by: Any) -> None:
        barrier.wait()
        try:
            won.append(merge(pair, keep, by).pk)
        except Stale as problem:
            told.append(str(problem))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=pressing) for pressing in zip((one, other), people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [kept], [sentence] = won, told
    assert "vừa quyết định cặp này: cùng một hộ, đã gộp." in sentence
    assert list(Household.objects.listed().values_list("pk", flat=True)) == [kept]
    assert kept_counts_are_true()


def test_a_pair_of_a_record_that_was_merged_meanwhile_waits_no_more(client):
    one, other = two_alike()
    third = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    find()
    pair = Pair.objects.get(first__in=[one, other], second__in=[one, other])
    moot = Pair.objects.get(first__in=[third, other], second__in=[third, other])
    merge(pair, one)
    assert moot not in Pair.objects.waiting_for(a_person(Role.OFFICER))
    said = text_of(page_of(client, moot))
    assert f"Hồ sơ {other.code} đã gộp vào hồ sơ khác." in said
    assert "Lưu quyết định" not in said
    with pytest.raises(NotAllowed, match="đã gộp vào hồ sơ khác"):
        merge(moot, third)


def test_records_merged_before_follow_to_the_record_that_stays():
    pair, one, other = a_pair()
    third = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    find()
    merge(pair, one)
    before = kept_of(one, other, third)
    second = Pair.objects.get(first__in=[third, one], second__in=[third, one])
    merge(second, third)
    assert set(third.records()) == {one, other, third}
    with pytest.raises(NotAllowed, match="Tách lần gộp đó trước"):
        actions.unmerge(pair=pair, reason="nhầm", by=CONSOLE)
    actions.unmerge(pair=second, reason="nhầm", by=CONSOLE)
    assert kept_of(one, other, third) == before
    assert kept_counts_are_true()


# ---- taking back


def test_a_merge_is_taken_back_exactly(client, officer):
    pair, one, other = a_pair(number=NUMBER, sex="female", poverty="near_poor", lacks=())
    actions.review(household=other, version=1, year=2017, poverty="poor", lacks=[], by=CONSOLE)
    before = kept_of(one, other)
    figures = recounted()
    decide(client, pair, side(pair, one), value_head_name=side(pair, other), value_sex=side(pair, other))
    assert kept_of(one, other) != before

    address = reverse("households:take_back_pair", args=[pair.pk])
    assert problems_of(client.post(address)) == {"Lý do tách lại: Chưa điền mục này.": "id_reason"}
    assert client.post(address, {"reason": "hai hộ thật"}).status_code == 302

    assert kept_of(one, other) == before
    assert recounted() == figures
    assert kept_counts_are_true()
    pair.refresh_from_db()
    assert (pair.state, pair.undo, pair.decided_by) == (PairState.WAITING, {}, "")
    said = text_of(client.get(reverse("households:history", args=[one.pk])))
    assert "Tách lại hai hồ sơ đã gộp" in said
    assert "hai hộ thật" in said


def test_what_was_changed_after_the_merge_stays_when_it_is_taken_back(officer):
    pair, one, other = a_pair(number=NUMBER)
    merge(pair, one, values_of={"head_name": side(pair, other), "members": side(pair, other)})
    one.refresh_from_db()
    actions.edit(
        household=one, version=one.version, code="HR-MỚI", head_name="Đỗ Thị Tên Mới", birth_year=1957,
        hamlet="Thôn 5", members=2, number=OTHER_NUMBER, by=officer,
    )  # fmt: skip
    one.refresh_from_db()
    actions.review(household=one, version=one.version, year=2018, poverty="near_poor", lacks=[], by=officer)
    digest = bytes(Household.objects.get(pk=one.pk).identity_digest)
    actions.unmerge(pair=pair, reason="nhầm", by=officer)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.head_name, one.hamlet, one.code) == ("Đỗ Thị Tên Mới", "Thôn 5", "HR-MỚI")
    assert one.members == 3  # nobody touched what the merge had brought
    assert bytes(one.identity_digest) == digest
    assert one.reviews.get(year=2018).poverty == "near_poor"
    assert (other.merged_into, other.head_name, other.members) == (None, "Đỗ Thị Tượng Chưng", 2)
    assert other.reviews.get(year=2018).standing
    assert kept_counts_are_true()


def lock(unit: Unit, year: int = 2018) -> None:
    actions.lock_round(round=actions.start_round(unit=unit, year=year, by=CONSOLE), by=CONSOLE)


def test_years_that_are_locked_stay_as_they_are():
    pair, one, other = a_pair()
    actions.review(household=other, version=1, year=2017, poverty="poor", lacks=[], by=CONSOLE)
    lock(one.unit)
    figures = poor_of(one.unit)
    merge(pair, one)
    assert other.reviews.get(year=2018).standing
    assert poor_of(one.unit) == figures == 2
    assert one.reviews.filter(year=2017).exists()
    actions.unmerge(pair=pair, reason="nhầm", by=CONSOLE)
    assert other.reviews.filter(year=2017).exists()
    assert kept_counts_are_true()


def test_a_merge_whose_year_was_locked_since_is_taken_back_after_it_is_opened_again(client, officer):
    pair, one, other = a_pair()
    before = kept_of(one, other)
    merge(pair, one)
    lock(one.unit)
    said = text_of(page_of(client, pair))
    assert "Đợt rà soát cuối năm 2018 của phường Hàm Rồng đã khóa sau khi gộp." in said.replace(
        "Phường", "phường"
    )
    answer = client.post(reverse("households:take_back_pair", args=[pair.pk]), {"reason": "nhầm"})
    assert "đã khóa sau khi gộp" in text_of(answer)
    assert typed(answer)["reason"] == "nhầm"
    other.refresh_from_db()
    assert other.merged_into == one

    actions.reopen_round(round=one.unit.rounds.get(), reason="tách hồ sơ", by=a_person(Role.COORDINATOR))
    actions.unmerge(pair=pair, reason="nhầm", by=officer)
    assert kept_of(one, other) == before


def test_a_decision_that_they_differ_is_reconsidered(client):
    pair, _, _ = a_pair()
    decide(client, pair, "different", reason="hai hộ")
    answer = client.post(reverse("households:reconsider_pair", args=[pair.pk]), follow=True)
    assert "Hai hồ sơ này có phải một hộ?" in text_of(answer)
    pair.refresh_from_db()
    assert (pair.state, pair.reason) == (PairState.WAITING, "")
    # Once more, as a second press does: it is told, and nothing happens.
    answer = client.post(reverse("households:reconsider_pair", args=[pair.pk]), follow=True)
    assert "Chỉ xét lại được cặp đã quyết định là hai hộ khác nhau." in text_of(answer)


# ---- what stands above: results of supports


def test_two_results_for_one_target_hinder_until_one_is_withdrawn(client, officer):
    plan = a_plan()
    pair, one, other = a_pair()
    an_outcome(one, plan=plan, by=officer)
    result = an_outcome(other, plan=plan, by=officer)
    supports.verify(outcome=result, by=a_person(Role.VERIFIER))

    said = text_of(page_of(client, pair))
    assert f"của hồ sơ {one.code} trước (kết quả của hồ sơ {other.code} vẫn tính)" in said
    assert "giữ hồ sơ" not in said
    sent = {"seen": "1-1", "decision": side(pair, one), "value_members": "first", "value_head_name": "first"}
    assert client.post(reverse("households:decide_pair", args=[pair.pk]), sent).status_code == 200
    assert one.merged.count() == 0

    supports.withdraw(outcome=one.outcomes.get(), reason="trùng hồ sơ", by=officer)
    assert decide(client, pair, side(pair, one)).status_code == 302
    assert one.merged.count() == 1


def test_the_action_itself_refuses_what_hinders():
    pair, one, _ = a_pair()
    with pytest.raises(NotAllowed, match="rút trước"):
        merge(pair, one, hinder=lambda keep, other: "rút trước")
    pair.refresh_from_db()
    assert pair.state == PairState.WAITING


def test_what_was_reported_stays_and_support_counts_once(officer):
    plan = a_plan()
    pair, one, other = a_pair()
    an_outcome(other, plan=plan, by=officer)
    before = counts(plan, clock.today())
    merge(pair, one)
    assert counts(plan, clock.today()) == before
    with pytest.raises(NotAllowed, match="Hộ đã được ghi nhận cho chỉ tiêu này"):
        an_outcome(one, plan=plan, by=officer)


# ---- on entry


def a_form(**more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "unit": a_unit().pk, "code": "HR-900", "head_name": "Đỗ Thị Tượng Chưng",
        "hamlet": "Thôn 4", "birth_year": "1957", "members": "2", "poverty": "poor_income",
        "lacks": ["telecom_service"],
    } | more  # fmt: skip


def add(client: Any, form: dict[str, Any], **more: Any) -> Any:
    return client.post(reverse("households:add"), form | more)


def the_tick(answer: Any) -> str:
    [value] = parsed(answer).xpath("//input[@name='other']/@value")
    return value


def test_a_household_that_may_be_there_already_is_shown_before_it_is_entered(client):
    there = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    form = a_form()
    answer = add(client, form)
    assert "Hộ này có thể đã có trong sổ" in text_of(answer)
    assert reverse("households:household", args=[there.pk]) in parsed(answer).xpath("//a/@href")
    held = typed(answer)
    assert {name: held[name] for name in ("head_name", "hamlet", "birth_year", "members", "code")} == {
        name: form[name] for name in ("head_name", "hamlet", "birth_year", "members", "code")
    }
    assert not parsed(answer).xpath("//input[@name='other'][@checked]")
    assert Household.objects.count() == 1

    # Said to be another, it is entered; the machine does not ask about the two again.
    done = add(client, form, other=the_tick(answer))
    assert done.status_code == 302
    assert add(client, form, other=the_tick(answer)).url == done.url
    assert add(client, form).url == done.url
    assert Household.objects.count() == 2
    assert Pair.objects.get().state == PairState.DIFFERENT
    assert find() == 0


def test_the_tick_is_worth_for_the_records_that_it_was_shown_with(client):
    a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    form = a_form()
    ticked = the_tick(add(client, form))
    a_household(head_name="Phạm Văn Người Khác", birth_year=1970, hamlet="Tổ 2", members=2)
    answer = add(
        client, form, other=ticked, head_name="Phạm Văn Người Khác", birth_year="1970", hamlet="Tổ 2"
    )
    assert "Hộ này có thể đã có trong sổ" in text_of(answer)
    assert Household.objects.count() == 2


def test_a_tick_is_not_lost_to_another_error(client):
    a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3, code="HR-1")
    form = a_form()
    ticked = the_tick(add(client, form))
    answer = add(client, form, other=ticked, members="0")
    assert "Hộ này có thể đã có trong sổ" not in text_of(answer)
    assert the_tick(answer) == ticked
    answer = add(client, form, other=ticked, code="HR-1")
    assert "đã có hộ số hồ sơ HR-1" in text_of(answer)
    assert parsed(answer).xpath("//input[@name='other'][@checked]")


def test_a_household_that_left_is_shown_too_and_one_of_another_ward_is_not(client, officer):
    gone = a_household(head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Thôn 4", members=3)
    actions.leave(household=gone, version=1, why="away", left_on=date(2019, 6, 1), by=officer)
    a_household(
        a_unit("Nam Ngạn"), head_name="Đỗ Thị Tượng Chưng", birth_year=1957, members=2, code="NN-777",
        number=NUMBER,
    )  # fmt: skip
    answer = add(client, a_form(number=NUMBER))
    assert "đã ra khỏi sổ ngày 01/06/2019" in text_of(answer)
    assert "NN-777" not in text_of(answer)


def test_the_number_that_is_typed_finds_the_record(client):
    a_household(head_name="Trần Văn Tên Cũ", birth_year=1930, number=NUMBER)
    answer = add(client, a_form(number="038 157 000 214"))
    assert "Trùng số định danh" in text_of(answer)


# ---- on the pages of the records


def test_a_merged_record_leads_to_the_kept_one_and_back(client):
    pair, one, other = a_pair()
    merge(pair, one)
    page = client.get(reverse("households:household", args=[other.pk]))
    assert "đã gộp" in text_of(page)
    assert reverse("households:household", args=[one.pk]) in parsed(page).xpath("//main//a/@href")
    page = client.get(reverse("households:household", args=[one.pk]))
    assert reverse("households:household", args=[other.pk]) in parsed(page).xpath("//main//a/@href")


def test_a_record_merged_into_another_wards_shows_nothing_of_it():
    one, other = in_two_wards(number=NUMBER)
    find()
    merge(Pair.objects.get(), one)
    ward = a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    answer = ward.get(reverse("households:household", args=[other.pk]))
    assert answer.status_code == 200
    assert "Hồ sơ được giữ thuộc địa bàn khác." in text_of(answer)
    assert one.head_name not in text_of(answer)
    assert one.code not in text_of(answer)


def test_a_merged_record_changes_no_more(client, officer):
    pair, one, other = a_pair()
    merge(pair, one)
    other.refresh_from_db()
    version = other.version
    facts = {"code": "X", "head_name": "X", "birth_year": None, "hamlet": "", "members": 1}
    with pytest.raises(NotAllowed, match="đã gộp vào hồ sơ khác"):
        actions.edit(household=other, version=version, by=officer, **facts)
    with pytest.raises(NotAllowed, match="đã gộp vào hồ sơ khác"):
        actions.review(household=other, version=version, year=2017, poverty="poor", lacks=[], by=officer)
    page = client.get(reverse("households:household", args=[other.pk]))
    links = parsed(page).xpath("//main//a/@href")
    assert not [link for link in links if link.endswith(("/sua/", "/ra-soat/", "/them/"))]
