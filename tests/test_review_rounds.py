"""Yearly reviews of a ward: what waits, what is kept as it was, sums that add up, and the lock."""

import random
import uuid
from datetime import date, datetime

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_unit
from tests.pages import parsed, problems_of, table_of, text_of, words
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import actions
from tiepcan.households.models import POOR, Household, Pair, Review, ReviewRound, Tally
from tiepcan.households.queries import flow, passages, recounted, waiting_in_rounds
from tiepcan.units.models import Unit

pytestmark = pytest.mark.django_db
NEAR = ("near_poor",)
LIST = "households:rounds"


@pytest.fixture
def officer():
    return a_person(Role.OFFICER)


@pytest.fixture
def client(officer):
    return a_client(officer)


def at(name: str, *more, unit: Unit | None = None, year: int = 2019) -> str:
    return reverse(f"households:{name}", args=[(unit or a_unit()).pk, year, *more])


def a_round(unit: Unit | None = None, year: int = 2019, *, locked: bool = False) -> ReviewRound:
    by = a_person(Role.OFFICER, unit or a_unit())
    made = actions.start_round(unit=unit or a_unit(), year=year, by=by)
    return actions.lock_round(round=made, by=by) if locked else made


def reviewed(household: Household, year: int, poverty: str, lacks: tuple[str, ...] = ()) -> None:
    household.refresh_from_db()
    actions.review(
        household=household, version=household.version, year=year, poverty=poverty, lacks=lacks, by=CONSOLE
    )
    household.refresh_from_db()


def sums_on(answer) -> list[str]:
    return [words(line.text_content()) for line in parsed(answer).xpath("//p[@class='adds']")]


# ---- one round


def test_a_ward_begins_its_round_reviews_keeps_and_locks_it(client, officer):
    poor, near = a_household(head_name="Lê An"), a_household(head_name="Lê Ba", poverty="near_poor", lacks=())
    out, changed = a_household(head_name="Lê Ca", poverty="out", lacks=()), a_household(head_name="Lê Dũng")
    page = client.get(at("round"))
    assert "Chưa bắt đầu." in text_of(page)
    client.post(at("round_start"))
    page = client.get(at("round"))
    assert "Còn 3 hộ chưa rà soát." in text_of(page)
    assert [row[0] for row in table_of(page, "cho")[1:]] == ["Lê An", "Lê Ba", "Lê Dũng"]
    assert out.head_name not in str(table_of(page, "cho"))
    assert "Còn 3 hộ của danh sách cuối năm 2018 chưa rà soát." in text_of(page)

    # One is reviewed on its form of that year, which the list leads to.
    [link] = [
        href
        for href in parsed(page).xpath("//section[@aria-labelledby='cho']//a/@href")
        if str(changed.pk) in href
    ]
    assert link.endswith("?nam=2019")
    answer = client.post(link, {"version": "1", "poverty": "out"})
    assert answer.status_code == 302
    assert changed.reviews.get(year=2019).poverty == "out"
    assert changed.reviews.get(year=2018).poverty == "poor_income"

    everybody = client.get(at("round") + "?chon=tat-ca")
    ticked = parsed(everybody).xpath("//input[@name='households'][@checked]/@value")
    assert set(ticked) == {str(poor.pk), str(near.pk)}
    answer = client.post(at("round_keep"), {"households": ticked}, follow=True)
    assert "Đã giữ nguyên kết quả năm trước cho 2 hộ." in text_of(answer)
    assert poor.reviews.get(year=2019).lacks == ["telecom_service"]
    assert sums_on(answer) == [
        "2 hộ nghèo cuối 2018 = 1 giữ nguyên + 1 thoát nghèo",
        "1 hộ nghèo cuối 2019 = 1 giữ nguyên",
        "1 hộ cận nghèo cuối 2018 = 1 giữ nguyên",
        "1 hộ cận nghèo cuối 2019 = 1 giữ nguyên",
    ]

    asked = client.get(at("round_lock"))
    assert "Số liệu sẽ khóa" in text_of(asked)
    assert not ReviewRound.objects.get().locked_at
    locked = client.post(at("round_lock"), follow=True)
    assert "Đã khóa từ 09:00, 12/06/2019" in text_of(locked)
    assert officer.full_name in text_of(locked)
    assert not parsed(locked).xpath("//main//form")


def test_kept_as_before_asks_for_a_choice_and_passes_over_who_was_reviewed_meanwhile(client):
    one, other = a_household(), a_household()
    a_round()
    answer = client.post(at("round_keep"), {})
    assert "Chưa chọn hộ nào." in " ".join(problems_of(answer))
    answer = client.post(at("round_keep"), {"households": ["no-key"]})
    assert problems_of(answer)
    reviewed(one, 2019, "out")
    stranger = a_household(a_unit("Nam Ngạn"))
    answer = client.post(at("round_keep"), {"households": [one.pk, other.pk, stranger.pk]}, follow=True)
    assert "cho 1 hộ." in text_of(answer)
    assert "2 hộ đã có kết quả hoặc đã ra khỏi sổ nên để nguyên." in text_of(answer)
    assert one.reviews.get(year=2019).poverty == "out"
    assert not stranger.reviews.filter(year=2019)


def test_nothing_is_kept_as_before_when_another_standard_begins(client):
    household = a_household(year=2020)
    with clock.set_to(datetime(2021, 12, 1, 9, 0, tzinfo=clock.VIETNAM)):
        unit = household.unit
        made = actions.start_round(unit=unit, year=2021, by=CONSOLE)
        page = client.get(at("round", year=2021))
        assert "Cuối năm 2021 áp dụng chuẩn nghèo mới" in text_of(page)
        assert not parsed(page).xpath("//input[@type='checkbox']")
        with pytest.raises(NotAllowed, match="chuẩn nghèo mới"):
            actions.keep_as_before(round=made, households=[household], by=CONSOLE)


def test_a_round_with_households_that_wait_is_not_locked(client):
    a_household()
    made = a_round()
    page = client.get(at("round_lock"))
    assert "Còn 1 hộ của danh sách cuối năm 2018 chưa rà soát." in text_of(page)
    answer = client.post(at("round_lock"), follow=True)
    assert "Còn 1 hộ" in text_of(answer)
    made.refresh_from_db()
    assert made.locked_at is None


def test_who_left_or_moved_does_not_keep_a_round_from_being_locked():
    away, gone, there = a_household(), a_household(), a_unit("Nam Ngạn")
    made = a_round()
    assert waiting_in_rounds([made]) == {made.pk: 2}
    actions.leave(household=away, version=1, why="away", left_on=date(2019, 5, 1), by=CONSOLE)
    actions.move(
        household=gone, version=1, to=there, moved_on=date(2019, 5, 2), hamlet="", code="X-1", by=CONSOLE
    )
    assert actions.not_reviewed(made).count() == 0
    assert waiting_in_rounds([made]) == {}
    actions.lock_round(round=made, by=CONSOLE)
    result = flow(a_unit(), 2019)
    assert (result.before, result.left, result.moved_away, result.after) == (2, 1, 1, 0)


def test_a_locked_review_is_text_with_who_locked_it_and_refuses_what_is_sent(client):
    household = a_household(year=2019)
    a_round(locked=True)
    address = reverse("households:review", args=[household.pk]) + "?nam=2019"
    page = client.get(address)
    said = text_of(page)
    assert "Đã khóa từ 09:00, 12/06/2019, người khóa: Nguyễn Văn Thử" in said
    assert "Hộ nghèo về thu nhập (N1)" in said
    assert not parsed(page).xpath("//main//input | //main//select")
    answer = client.post(address, {"version": household.version, "poverty": "out"})
    assert "đã khóa ngày 12/06/2019" in " ".join(problems_of(answer))
    assert parsed(answer).xpath("//input[@checked]/@value") == ["out"]
    assert household.reviews.get().poverty == "poor_income"
    # Last year's form is another round's.
    assert parsed(client.get(reverse("households:review", args=[household.pk]))).xpath("//main//form")


@pytest.mark.parametrize("year", ["2020", "1999", "x", ""])
def test_a_review_of_a_year_that_cannot_be_is_not_found(client, year):
    household = a_household()
    assert client.get(reverse("households:review", args=[household.pk]) + f"?nam={year}").status_code == 404
    if year.isdecimal():
        assert client.get(at("round", year=int(year))).status_code == 404


def test_the_coordinator_opens_a_locked_round_again_with_a_reason(client):
    a_round(locked=True)
    assert client.get(at("round_reopen")).status_code == 403
    above = a_client(a_person(Role.COORDINATOR))
    assert parsed(above.get(at("round"))).xpath("//a[@href=$url]", url=at("round_reopen"))
    answer = above.post(at("round_reopen"), {"reason": ""})
    assert problems_of(answer) == {"Lý do: Chưa điền mục này.": "id_reason"}
    assert ReviewRound.objects.get().locked_at
    above.post(at("round_reopen"), {"reason": "sửa hai hộ theo kiểm tra"})
    assert not ReviewRound.objects.get().locked_at
    again = above.post(at("round_reopen"), {"reason": "lần nữa"})
    assert "Đợt rà soát này đang mở." in " ".join(problems_of(again))
    assert above.post(at("round_start", year=2018)).status_code == 403
    assert above.post(at("round_lock")).status_code == 403


def test_new_households_without_findings_are_listed_beside(client):
    household = a_household(members=4)
    actions.split(
        household=household, version=1, id=uuid.uuid4(), code="R-1", head_name="Lê Văn Riêng", birth_year=None,
        hamlet="", members=1, by=CONSOLE,
    )  # fmt: skip
    a_round()
    assert [row[0] for row in table_of(client.get(at("round")), "moi")[1:]] == ["Lê Văn Riêng"]


# ---- the figures and what is behind them


def test_every_figure_of_a_sum_leads_to_as_many_households(client):
    households = [a_household() for _ in range(6)] + [
        a_household(poverty="near_poor", lacks=()) for _ in range(2)
    ]
    came = a_household(a_unit("Nam Ngạn"))
    actions.move(
        household=came, version=1, to=a_unit(), moved_on=date(2019, 5, 2), hamlet="", code="X-1", by=CONSOLE
    )
    actions.move(
        household=households[0], version=1, to=a_unit("Nam Ngạn"), moved_on=date(2019, 5, 2), hamlet="", code="X-1", by=CONSOLE
    )  # fmt: skip
    actions.leave(household=households[1], version=1, why="dissolved", left_on=date(2019, 5, 1), by=CONSOLE)
    a_round()
    reviewed(households[2], 2019, "near_poor")
    reviewed(households[3], 2019, "out")
    reviewed(households[4], 2019, "poor_deprivation")
    reviewed(households[6], 2019, "poor")
    reviewed(came, 2019, "poor")
    a_household(year=2019)
    page = client.get(at("round"))
    assert sums_on(page) == [
        "6 hộ nghèo cuối 2018 = 1 giữ nguyên + 1 sang hộ cận nghèo + 1 thoát nghèo "
        "+ 1 chuyển đi phường, xã khác + 1 ra khỏi sổ + 1 chưa rà soát",
        "4 hộ nghèo cuối 2019 = 1 giữ nguyên + 1 từ hộ cận nghèo + 1 từ nơi khác chuyển đến + 1 phát sinh mới",
        "2 hộ cận nghèo cuối 2018 = 1 sang hộ nghèo + 1 chưa rà soát",
        "1 hộ cận nghèo cuối 2019 = 1 từ hộ nghèo",
    ]
    for link in parsed(page).xpath("//p[@class='adds']/a"):
        number = int(link.xpath("./b")[0].text_content())
        behind = client.get(link.get("href"))
        assert behind.status_code == 200
        assert f"rà soát cuối năm 2019: {number} hộ." in text_of(behind)
        assert len(parsed(behind).xpath("//tbody/tr")) == number
    assert client.get(at("round_behind", "giau", "thoat")).status_code == 404
    assert client.get(at("round_behind", "ngheo", "khac")).status_code == 404


def test_a_household_that_was_away_for_a_while_waits_again(client):
    household = a_household()
    there, made = a_unit("Nam Ngạn"), a_round()
    actions.move(
        household=household, version=1, to=there, moved_on=date(2019, 3, 1), hamlet="", code="X", by=CONSOLE
    )
    assert flow(a_unit(), 2019).moved_away == 1
    household.refresh_from_db()
    actions.move(
        household=household,
        version=2,
        to=a_unit(),
        moved_on=date(2019, 4, 1),
        hamlet="",
        code="Y",
        by=CONSOLE,
    )
    assert flow(a_unit(), 2019).waiting == actions.not_reviewed(made).count() == 1


# ---- the list of rounds


def test_a_ward_sees_its_years_and_the_city_its_wards():
    a_household()
    a_household(a_unit("Nam Ngạn"), year=2019)
    a_round()
    a_round(a_unit("Nam Ngạn"), locked=True)
    own = text_of(a_client(a_person(Role.OFFICER)).get(reverse(LIST)))
    assert "2019 Đang rà soát còn 1 hộ 2018 Chưa bắt đầu" in own
    assert "Nam Ngạn" not in own
    city = a_client(a_person(Role.COORDINATOR)).get(reverse(LIST))
    lines = {row[0]: row[1:] for row in table_lines(city)}
    assert len(lines) == 37
    assert lines["Phường Hàm Rồng"] == ["Đang rà soát", "còn 1 hộ"]
    assert lines["Phường Nam Ngạn"] == ["Đã khóa 09:00, 12/06/2019", ""]
    assert lines["Phường Quảng Thắng"] == ["Chưa bắt đầu", ""]
    before = a_client(a_person(Role.COORDINATOR)).get(reverse(LIST) + "?nam=2018")
    assert {row[1] for row in table_lines(before)} == {"Chưa bắt đầu"}


def table_lines(answer) -> list[list[str]]:
    return [[words(cell.text_content()) for cell in row] for row in parsed(answer).xpath("//tbody/tr")]


def test_the_list_of_rounds_asks_a_fixed_number_of_queries(django_assert_max_num_queries):
    client = a_client(a_person(Role.COORDINATOR))
    for unit in Unit.objects.filter(parent=a_unit().parent, valid_from=None)[:12]:
        a_household(unit)
        a_round(unit)
    with django_assert_max_num_queries(14):
        assert client.get(reverse(LIST)).status_code == 200


@pytest.mark.parametrize("name", ["round", "round_lock", "round_start", "round_keep"])
def test_another_wards_round_is_not_found(client, name):
    there = a_unit("Nam Ngạn")
    a_round(there)
    ask = client.get if name == "round" else client.post
    assert ask(at(name, unit=there)).status_code == 404
    assert client.get(at("round_behind", "ngheo", "nam-nay", unit=there)).status_code == 404


# ---- whatever happens, the sums add up


def plainly(unit: Unit, year: int, classes: tuple[str, ...]) -> dict[str, int]:
    """The figures of a flow that reviews alone tell, by SQL apart from ours."""
    both = "households_review a LEFT JOIN households_review b ON b.household_id = a.household_id AND b.unit_id = a.unit_id AND b.standing AND b.year = {}"
    asked = "a.unit_id = %(unit)s AND a.standing AND a.poverty = ANY(%(classes)s) AND a.year = {}"
    now, last = str(year), str(year - 1)
    from_last, from_now = f"FROM {both.format(now)} WHERE {asked.format(last)}", f"FROM {both.format(last)} WHERE {asked.format(now)}"  # fmt: skip
    counts = {
        "before": from_last,
        "after": from_now,
        "stayed": f"{from_last} AND b.poverty = ANY(%(classes)s)",
        "got_out": f"{from_last} AND b.poverty = 'out'",
        "to_other_class": f"{from_last} AND b.poverty <> 'out' AND NOT b.poverty = ANY(%(classes)s)",
        "unreviewed": f"{from_last} AND b.id IS NULL",
        "from_other_class": f"{from_now} AND b.poverty <> 'out' AND NOT b.poverty = ANY(%(classes)s)",
        "unknown": f"{from_now} AND b.id IS NULL",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, rest in counts.items():
            cursor.execute(f"SELECT count(*) {rest}", {"unit": unit.pk, "classes": list(classes)})
            found[name] = cursor.fetchone()[0]
    return found


class History:
    """A random history of two small wards: one thing after another, as people could do them."""

    def __init__(self, seed: int) -> None:
        self.by_chance = random.Random(seed)
        self.wards = [a_unit(), a_unit("Nam Ngạn")]
        self.n = 0

    def step(self) -> None:
        act = self.by_chance.choice(
            [self.added, self.reviewed, self.reviewed, self.reviewed, self.moved, self.left, self.back, self.split, self.merged, self.unmerged]
        )  # fmt: skip
        act()

    def day(self) -> date:
        return date(
            self.by_chance.choice((2018, 2019)), self.by_chance.randint(1, 5), self.by_chance.randint(1, 28)
        )

    def poverty(self) -> str:
        return self.by_chance.choice((*POOR, "near_poor", "near_poor", "out"))

    def some(self, **asked) -> Household | None:
        found = list(Household.objects.filter(merged_into=None, **asked).order_by("code", "unit"))
        return self.by_chance.choice(found) if found else None

    def code(self) -> str:
        self.n += 1
        return f"Q-{self.n:03}"

    def added(self) -> None:
        year, ward = self.by_chance.choice((2017, 2018, 2019)), self.by_chance.choice(self.wards)
        a_household(ward, code=self.code(), year=year, poverty=self.poverty(), by=CONSOLE, members=4)

    def reviewed(self) -> None:
        if one := self.some():
            lacks = self.by_chance.sample(
                ["telecom_service", "information_asset"], self.by_chance.randint(0, 2)
            )
            year = self.by_chance.choice((2018, 2019))
            # What another ward found before the household moved stays as it is.
            if not one.reviews.filter(year=year).exclude(unit=one.unit).exists():
                reviewed(one, year, self.poverty(), tuple(lacks))

    def moved(self) -> None:
        if one := self.some(left_on=None):
            [to] = [ward for ward in self.wards if ward.pk != one.unit_id]
            actions.move(
                household=one, version=one.version, to=to, moved_on=self.day(), hamlet="", code=self.code(), by=CONSOLE
            )  # fmt: skip

    def left(self) -> None:
        if one := self.some(left_on=None):
            actions.leave(household=one, version=one.version, why="away", left_on=self.day(), by=CONSOLE)

    def back(self) -> None:
        if one := self.some(left_on__isnull=False):
            actions.come_back(household=one, version=one.version, reason="đã về", by=CONSOLE)

    def split(self) -> None:
        if one := self.some(left_on=None, members__gt=1):
            actions.split(
                household=one, version=one.version, id=uuid.uuid4(), code=self.code(), head_name="Lê Riêng",
                birth_year=None, hamlet="", members=1, by=CONSOLE,
            )  # fmt: skip

    def merged(self) -> None:
        one = self.some(left_on=None)
        other = self.some(left_on=None, unit=one.unit) if one else None
        if not one or not other or one.pk == other.pk:
            return
        first, second = sorted((one, other), key=lambda record: record.pk)
        pair, _ = Pair.objects.get_or_create(
            first=first, second=second, defaults={"score": 90, "found_at": clock.now()}
        )
        if pair.state == "waiting":
            actions.merge(pair=pair, keep=one, values_of={}, by=CONSOLE)

    def unmerged(self) -> None:
        pairs = [
            pair
            for pair in Pair.objects.filter(state="same").order_by("id")
            if not actions.why_not_unmerge(pair)
        ]
        if pairs:
            actions.unmerge(pair=self.by_chance.choice(pairs), reason="nhầm", by=CONSOLE)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_sums_add_up_and_the_kept_counts_are_true(seed):
    history = History(seed)
    for _ in range(6):
        history.added()
    for _ in range(30):
        history.step()
        kept = {
            (row.unit_id, row.year, row.poverty, row.lack): row.households
            for row in Tally.objects.exclude(households=0)
        }
        assert kept == recounted()
    for ward in history.wards:
        for year in (2018, 2019):
            for classes in (POOR, NEAR):
                found, plain = flow(ward, year, classes), plainly(ward, year, classes)
                assert found.balances
                for name in ("before", "after", "stayed", "got_out", "to_other_class", "from_other_class"):
                    assert getattr(found, name) == plain[name], name
                gone = found.moved_away + found.left + found.merged + found.waiting
                assert gone == plain["unreviewed"]
                assert found.moved_in + found.split_off + found.new <= plain["unknown"]
                assert len({one.household for one in passages(ward, year, classes)}) == len(
                    passages(ward, year, classes)
                )
            waiting = sum(flow(ward, year, classes).waiting for classes in (POOR, NEAR))
            made, _ = ReviewRound.objects.get_or_create(
                unit=ward, year=year, defaults={"started_at": clock.now(), "started_by": "x"}
            )
            assert waiting == actions.not_reviewed(made).count()
            assert waiting == waiting_in_rounds([made]).get(made.pk, 0)
    assert Review.objects.exists()


def test_what_the_old_ward_found_is_not_changed_by_the_new_one():
    here, there = a_unit("Hàm Rồng"), a_unit("Nam Ngạn")
    household = a_household(here, by=CONSOLE)
    actions.move(
        household=household, version=1, to=there, moved_on=clock.today(), hamlet="", code="M-1", by=CONSOLE
    )
    household.refresh_from_db()
    with pytest.raises(NotAllowed, match="do Phường Hàm Rồng ghi trước khi hộ chuyển đến"):
        actions.review(household=household, version=2, year=2018, poverty="out", lacks=(), by=CONSOLE)
