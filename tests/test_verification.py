"""The Labour Office visits a sample that anybody can draw again; what it finds follows into every figure."""

import csv
import io
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import docx
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import parsed, text_of, words
from tiepcan.accounts.models import OrganisationKind
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Plan
from tiepcan.supports import actions as supports
from tiepcan.supports.figures import counts
from tiepcan.supports.models import EntryKind
from tiepcan.supports.views import to_verify
from tiepcan.verification import actions
from tiepcan.verification.models import Finding, Round, Sampled, Signed, Visit
from tiepcan.verification.queries import Status, drawn_again, population, standing_of, status_of
from tiepcan.verification.workflow import asked_of, to_sign

pytestmark = pytest.mark.django_db
CUT_OFF, SEED = date(2019, 6, 14), "KH87-2019-6T|xo-so-mien-Bac-07/06/2019|48215"
LATER = date(2019, 6, 20)


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.set_to(datetime.combine(day, datetime.min.time(), clock.VIETNAM) + timedelta(hours=9)):
        yield


@pytest.fixture
def verifier():
    return a_person(Role.VERIFIER)


def a_round(verifier: Any, **facts: Any) -> Round:
    return actions.announce(
        **{
            "id": uuid.uuid4(),
            "plan": Plan.objects.first() or a_plan(),
            "name": "Đợt xác minh 6 tháng đầu năm 2019",
            "as_of": CUT_OFF,
            "ends_on": date(2019, 6, 28),
            "seed": SEED,
            "seed_origin": "5 số cuối giải đặc biệt xổ số miền Bắc kỳ 07/06/2019",
            "by": verifier,
        }
        | facts
    )


def a_drawn_round(verifier: Any, number: int = 5) -> Round:
    """A round over so many outcomes of one ward, drawn the day after its cut-off."""
    for _ in range(number):
        an_outcome()
    found = a_round(verifier)
    with on(date(2019, 6, 15)):
        return actions.draw_sample(found=found, by=verifier)


def drawn(found: Round) -> list[Sampled]:
    return list(found.sample.drawn().select_related("round__plan", "unit", "outcome__unit"))


def visited(sampled: Sampled, finding: str, by: Any, day: date = LATER, **facts: Any) -> Visit:
    given = {"checks": ["asked"], "reason": "hộ đã trả máy" if finding == Finding.DISAGREES else ""} | facts
    with on(day):
        return actions.visit(
            id=given.pop("id", uuid.uuid4()),
            sampled=sampled,
            visited_on=given.pop("visited_on", day),
            finding=finding,
            by=by,
            **given,
        )


def statuses(found: Round) -> list[Status]:
    return [line.status for line in standing_of(found).lines]


# ---- the seed comes before what it draws


def test_a_seed_is_announced_before_the_day_of_the_figures_is_over(verifier):
    a_plan()
    with pytest.raises(NotAllowed, match="đã qua"):
        a_round(verifier, as_of=date(2019, 6, 11))
    assert a_round(verifier, as_of=date(2019, 6, 12)).announced_on == date(2019, 6, 12)


def test_the_same_form_twice_opens_one_round(verifier):
    a_plan()
    key = uuid.uuid4()
    assert a_round(verifier, id=key) == a_round(verifier, id=key)
    with pytest.raises(NotAllowed, match="đã có đợt"):
        a_round(verifier)


def test_a_form_that_is_sent_again_after_its_day_finds_its_round(verifier):
    a_plan()
    facts = {"id": uuid.uuid4(), "as_of": date(2019, 6, 12)}
    made = a_round(verifier, **facts)
    with on(date(2019, 6, 13)):
        assert a_round(verifier, **facts) == made


@pytest.mark.parametrize("seed", ["  ", "hạt\ngiống"])
def test_a_seed_that_nobody_could_copy_is_refused(verifier, seed):
    a_plan()
    with pytest.raises(NotAllowed, match="Hạt giống"):
        a_round(verifier, seed=seed)


def test_a_round_ends_after_its_day(verifier):
    a_plan()
    with pytest.raises(NotAllowed, match="sau ngày chốt"):
        a_round(verifier, ends_on=CUT_OFF)


@pytest.mark.parametrize("column", ["seed = 'X'", "as_of = '2019-07-01'", "announced_on = '2019-01-01'"])
def test_an_announced_seed_never_changes(verifier, column):
    a_plan()
    a_round(verifier)
    with (
        pytest.raises((InternalError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE verification_round SET {column}")


def test_only_the_labour_office_opens_and_draws(verifier):
    a_plan()
    coordinator = a_person(Role.COORDINATOR)
    with pytest.raises(NotAllowed, match="người xác minh"):
        a_round(coordinator)
    found = a_round(verifier)
    with pytest.raises(NotAllowed, match="người xác minh"), on(date(2019, 6, 15)):
        actions.draw_sample(found=found, by=coordinator)


# ---- the draw


def test_the_population_is_what_counted_at_the_end_of_the_day(verifier):
    plan = a_plan()
    before, gone_before, gone_after = an_outcome(), an_outcome(), an_outcome()
    supports.withdraw(outcome=gone_before, reason="ghi sai", by=a_person(Role.OFFICER))
    with on(LATER):
        supports.withdraw(outcome=gone_after, reason="ghi sai", by=a_person(Role.OFFICER))
        an_outcome(on=LATER)
        assert {one.outcome for one in population(plan, CUT_OFF)} == {before, gone_after}


def test_a_sample_is_drawn_when_the_day_is_over_and_once(verifier):
    an_outcome()
    found = a_round(verifier)
    with pytest.raises(NotAllowed, match="chưa hết"), on(CUT_OFF):
        actions.draw_sample(found=found, by=verifier)
    with on(date(2019, 6, 15)):
        actions.draw_sample(found=found, by=verifier)
        an_outcome()
        actions.draw_sample(found=found, by=verifier)
    assert found.sample.count() == 1


def test_small_strata_are_taken_whole_and_of_larger_ones_three_are_drawn(verifier):
    for name, number in (("Nam Ngạn", 1), ("Trường Thi", 3)):
        for _ in range(number):
            an_outcome(a_household(a_unit(name)))
    found = a_drawn_round(verifier, 6)
    lines = {line.unit.name: (line.households, len(line.drawn)) for line in standing_of(found).strata}
    assert lines == {"Nam Ngạn": (1, 1), "Trường Thi": (3, 2), "Hàm Rồng": (6, 3)}


def test_nothing_recorded_is_a_sentence(verifier):
    a_plan()
    found = a_round(verifier)
    with pytest.raises(NotAllowed, match="chưa có kết quả"), on(date(2019, 6, 15)):
        actions.draw_sample(found=found, by=verifier)


def test_the_kept_sample_is_what_its_seed_draws_again(verifier):
    found = a_drawn_round(verifier)
    assert drawn_again(found)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE verification_sampled DISABLE TRIGGER USER")
        cursor.execute("UPDATE verification_sampled SET is_drawn = NOT is_drawn WHERE place IN (3, 4)")
        cursor.execute("ALTER TABLE verification_sampled ENABLE TRIGGER USER")
    assert not drawn_again(found)


def test_the_command_prints_the_same_sample_whatever_the_order_of_the_rows(verifier):
    found = a_drawn_round(verifier, 7)
    told = {one.household_code: one.is_drawn for one in found.sample.all()}

    def printed() -> str:
        out = io.StringIO()
        call_command(
            "draw_sample", plan=found.plan.code, year=2019, as_of=CUT_OFF, seed=SEED, json=True, stdout=out
        )
        return out.getvalue()

    first = printed()
    [stratum] = json.loads(first)["strata"]
    assert {one["code"]: one["drawn"] for one in stratum["members"]} == told
    with connection.cursor() as cursor:
        # Rows that are written anew stand at the table's end: the order in which they are read is another.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE supports_outcome DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE supports_outcome SET note = 'x' WHERE id IN (SELECT id FROM supports_outcome ORDER BY id LIMIT 3)"
        )
        cursor.execute("ALTER TABLE supports_outcome ENABLE TRIGGER USER")
    assert printed() == first


def test_a_household_that_moved_is_drawn_by_the_code_of_the_unit_that_recorded_it(verifier):
    from tiepcan.households import actions as households

    outcome = an_outcome()
    household = outcome.household
    code = household.code
    households.move(
        household=household, version=household.version, to=a_unit("Nam Ngạn"), moved_on=date(2019, 6, 12),
        hamlet="Tổ 2", code="NN-77", by=a_person(Role.OFFICER),
    )  # fmt: skip
    assert [one.code for one in population(outcome.plan, CUT_OFF)] == [code]


# ---- visits


def test_a_visit_that_agrees_verifies_the_outcome(verifier):
    found = a_drawn_round(verifier)
    one = drawn(found)[0]
    visited(one, Finding.AGREES, verifier)
    assert one.outcome.state == EntryKind.VERIFIED
    with on(LATER):
        assert counts(found.plan, LATER)[a_unit().pk, "telecom_service"].verified == 1


def test_a_visit_that_disagrees_goes_back_to_the_ward_is_answered_and_decided(verifier):
    found, officer = a_drawn_round(verifier), a_person(Role.OFFICER)
    one, other = drawn(found)[:2]
    for sampled in (one, other):
        visited(sampled, Finding.DISAGREES, verifier)
        assert sampled.outcome.state == EntryKind.RETURNED
    assert statuses(found).count(Status.ASKED) == 2
    with on(LATER):
        for sampled in (one, other):
            supports.answer(outcome=sampled.outcome, note="hộ vẫn dùng", by=officer)
        assert statuses(found).count(Status.TO_DECIDE) == 2
        actions.accept(sampled=one, by=verifier)
        actions.reject(sampled=other, reason="hộ đã chuyển đi", by=verifier)
    assert (one.outcome.state, other.outcome.state) == (EntryKind.VERIFIED, EntryKind.REJECTED)
    assert statuses(found).count(Status.RIGHT) == 1
    assert statuses(found).count(Status.WRONG) == 1
    with on(LATER):
        now = counts(found.plan, LATER)[a_unit().pk, "telecom_service"]
    assert (now.recorded, now.verified) == (4, 1)


def test_a_ward_that_does_not_answer_can_be_decided_on_but_not_accepted(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    visited(one, Finding.DISAGREES, verifier)
    with on(LATER):
        with pytest.raises(NotAllowed):
            actions.accept(sampled=one, by=verifier)
        with pytest.raises(NotAllowed, match="lý do"):
            actions.reject(sampled=one, reason=" ", by=verifier)
        actions.reject(sampled=one, reason="xã không trả lời", by=verifier)
    assert one.outcome.state == EntryKind.REJECTED


def test_what_nobody_disagreed_with_is_not_decided(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    with pytest.raises(NotAllowed, match="Chưa có phiếu"):
        actions.reject(sampled=one, reason="không rõ", by=verifier)


def test_a_household_that_nobody_met_is_visited_again_and_then_not_found(verifier):
    found = a_drawn_round(verifier)
    one = drawn(found)[0]
    visited(one, Finding.NOT_FOUND, verifier, checks=[])
    assert Status.AGAIN in statuses(found)
    visited(one, Finding.NOT_FOUND, verifier, date(2019, 6, 21), checks=[])
    assert Status.NOT_FOUND in statuses(found)
    visited(one, Finding.AGREES, verifier, date(2019, 6, 22))
    assert one.outcome.state == EntryKind.VERIFIED
    assert [visit.number for visit in one.visits.all()] == [1, 2, 3]


def test_a_household_is_found_one_way(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    visited(one, Finding.AGREES, verifier)
    with pytest.raises(NotAllowed, match="đã có phiếu"):
        visited(one, Finding.DISAGREES, verifier)
    assert one.outcome.state == EntryKind.VERIFIED


def test_the_same_form_twice_is_one_visit_and_another_content_is_refused(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    key = uuid.uuid4()
    assert visited(one, Finding.AGREES, verifier, id=key) == visited(one, Finding.AGREES, verifier, id=key)
    with pytest.raises(NotAllowed, match="phiếu khác"):
        visited(one, Finding.DISAGREES, verifier, id=key)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"finding": Finding.DISAGREES, "reason": " "}, "điểm nào"),
        ({"finding": Finding.AGREES, "checks": []}, "ít nhất một cách"),
        ({"finding": Finding.AGREES, "visited_on": CUT_OFF}, "sau ngày chốt"),
        ({"finding": Finding.AGREES, "visited_on": date(2019, 6, 30)}, "sau hôm nay"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_with_its_reason(verifier, facts, words):
    one = drawn(a_drawn_round(verifier))[0]
    with pytest.raises(NotAllowed, match=words):
        visited(one, facts.pop("finding"), verifier, **facts)
    assert not Visit.objects.exists()
    assert one.outcome.state == EntryKind.RECORDED


def test_who_was_not_drawn_is_not_visited(verifier):
    found = a_drawn_round(verifier)
    left = found.sample.filter(is_drawn=False).select_related("round", "unit", "outcome")[0]
    with pytest.raises(NotAllowed, match="không được rút"):
        visited(left, Finding.AGREES, verifier)


def test_an_outcome_that_its_ward_withdrew_is_wrong_without_a_visit(verifier):
    found = a_drawn_round(verifier)
    one = drawn(found)[0]
    with on(LATER):
        supports.withdraw(outcome=one.outcome, reason="ghi sai", by=a_person(Role.OFFICER))
    assert Status.WRONG in statuses(found)
    with pytest.raises(NotAllowed, match="không còn tính"):
        visited(one, Finding.AGREES, verifier)


def test_a_visit_whose_photo_is_none_leaves_nothing(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    with pytest.raises(NotAllowed, match=r"anh\.jpg"):
        visited(one, Finding.AGREES, verifier, files=[("anh.jpg", b"no photo")])
    assert not Visit.objects.exists()
    assert one.outcome.state == EntryKind.RECORDED


@pytest.mark.parametrize(
    ("findings", "last", "expected"),
    [
        ([], "recorded", Status.NOT_VISITED),
        (["not_found"], "recorded", Status.AGAIN),
        (["not_found", "not_found"], "recorded", Status.NOT_FOUND),
        (["agrees"], "verified", Status.RIGHT),
        (["not_found", "agrees"], "returned", Status.RIGHT),
        (["disagrees"], "returned", Status.ASKED),
        (["disagrees"], "answered", Status.TO_DECIDE),
        (["disagrees"], "verified", Status.RIGHT),
        (["disagrees"], "rejected", Status.WRONG),
        ([], "withdrawn", Status.WRONG),
    ],
)
def test_how_a_drawn_outcome_stands(findings, last, expected):
    assert status_of(findings, last) == expected


# ---- the minutes


def all_visited(found: Round, verifier: Any) -> None:
    for one in drawn(found):
        visited(one, Finding.AGREES, verifier)


def test_both_offices_sign_when_everything_is_decided(verifier):
    found, coordinator = a_drawn_round(verifier), a_person(Role.COORDINATOR)
    with pytest.raises(NotAllowed, match="3 hộ chưa đến"):
        actions.sign(found=found, by=verifier)
    all_visited(found, verifier)
    for person in (verifier, coordinator):
        actions.sign(found=found, by=person)
    with pytest.raises(NotAllowed, match="đã ký"):
        actions.sign(found=found, by=coordinator)
    digests = set(found.signatures.values_list("digest", flat=True))
    kinds = set(found.signatures.values_list("kind", flat=True))
    assert len(digests) == 1
    assert kinds == {OrganisationKind.LABOUR, OrganisationKind.CULTURE}


def test_a_disagreement_that_waits_keeps_the_minutes_open(verifier):
    found = a_drawn_round(verifier)
    for one in drawn(found):
        visited(one, Finding.DISAGREES, verifier)
    with pytest.raises(NotAllowed, match="chưa quyết định"):
        actions.sign(found=found, by=verifier)


def test_nobody_else_signs(verifier):
    found = a_drawn_round(verifier)
    all_visited(found, verifier)
    for person in (a_person(Role.OFFICER), a_person(Role.LEADER)):
        with pytest.raises(NotAllowed, match="cùng ký"):
            actions.sign(found=found, by=person)


def test_what_was_signed_does_not_change_any_more(verifier):
    found = a_drawn_round(verifier)
    one, *rest = drawn(found)
    visited(one, Finding.NOT_FOUND, verifier, checks=[])
    visited(one, Finding.NOT_FOUND, verifier, date(2019, 6, 21), checks=[])
    for other in rest:
        visited(other, Finding.AGREES, verifier)
    actions.sign(found=found, by=verifier)
    with pytest.raises(NotAllowed, match="đã được ký"):
        visited(one, Finding.AGREES, verifier, date(2019, 6, 22))
    with on(date(2019, 6, 22)):
        supports.withdraw(outcome=rest[0].outcome, reason="ghi sai", by=a_person(Role.OFFICER))
    found.refresh_from_db()
    assert found.frozen["statuses"]["right"] == 2


def test_an_outcome_given_back_after_the_first_signature_does_not_hinder_the_second(verifier):
    found = a_drawn_round(verifier)
    all_visited(found, verifier)
    actions.sign(found=found, by=verifier)
    supports.give_back(outcome=drawn(found)[0].outcome, reason="ảnh mờ", by=verifier)
    found.refresh_from_db()
    actions.sign(found=found, by=a_person(Role.COORDINATOR))
    assert found.signatures.count() == 2


def test_the_minutes_say_what_was_signed(verifier):
    found = a_drawn_round(verifier)
    all_visited(found, verifier)
    actions.sign(found=found, by=verifier)
    answer = a_client(verifier).get(reverse("verification:minutes", args=[found.pk]))
    paper = docx.Document(io.BytesIO(answer.content))
    said = "\n".join(p.text for p in paper.element.body.iter() if p.tag.endswith("}t") and p.text)
    for part in ("BIÊN BẢN", "3 hộ đúng như ghi nhận", SEED, verifier.full_name, "Hàm Rồng"):
        assert part in said


# ---- pages


def the_page(person: Any, found: Round) -> Any:
    answer = a_client(person).get(reverse("verification:round", args=[found.pk]))
    assert answer.status_code == 200
    return answer


def test_the_page_of_a_round_adds_up_and_opens_its_rows(verifier):
    found = a_drawn_round(verifier)
    one, other, _ = drawn(found)
    visited(one, Finding.AGREES, verifier)
    visited(other, Finding.DISAGREES, verifier)
    with on(LATER):
        words = text_of(the_page(verifier, found))
        assert "3 hộ được rút trong 5 hộ=1 đúng như ghi nhận+1 không đúng+0 không gặp hộ+1 chưa đến" in words
        assert "khoảng tin cậy 95%" in words
        client = a_client(verifier)
        for status, number in (("tat-ca", 3), ("dung", 1), ("khong-dung", 1), ("chua-den", 1)):
            listed = client.get(reverse("verification:sample", args=[found.pk, status]))
            assert f"{number} hộ" in text_of(listed)


def test_the_form_of_a_visit_keeps_what_was_typed_and_says_what_is_missing(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    client, address = a_client(verifier), reverse("verification:visit", args=[one.pk])
    with on(LATER):
        sent = {
            "id": str(uuid.uuid4()),
            "finding": "disagrees",
            "visited_on": "20/06/2019",
            "note": "gặp con trai",
        }
        answer = client.post(address, sent)
        words = answer.content.decode()
        assert "Ghi rõ không đúng ở điểm nào" in words
        assert "gặp con trai" in words
        assert not Visit.objects.exists()
        answer = client.post(address, sent | {"reason": "đã cắt", "checks": ["asked", "seen_notice"]})
        assert answer.status_code == 302
    assert Visit.objects.get().checks == ["asked", "seen_notice"]


def test_the_list_to_draw_again_holds_codes_and_no_names(verifier):
    found = a_drawn_round(verifier)
    answer = a_client(verifier).get(reverse("verification:listed", args=[found.pk]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["ma_ho"]: row["duoc_rut"] == "1" for row in rows} == {
        one.household_code: one.is_drawn for one in found.sample.all()
    }
    assert "Ví Dụ" not in answer.content.decode()


def test_a_ward_sees_its_own_strata_alone(verifier):
    an_outcome(a_household(a_unit("Nam Ngạn")))
    found = a_drawn_round(verifier)
    words = text_of(the_page(a_person(Role.OFFICER, a_unit("Nam Ngạn")), found))
    assert "Nam Ngạn" in words
    assert "Hàm Rồng" not in words


def test_opening_a_round_on_the_page(verifier):
    a_plan()
    client = a_client(verifier)
    sent = {
        "id": str(uuid.uuid4()),
        "name": "Đợt 6 tháng",
        "as_of": "14/06/2019",
        "ends_on": "28/06/2019",
        "seed": SEED,
        "seed_origin": "xổ số",
    }
    answer = client.post(reverse("verification:announce"), sent | {"as_of": "01/06/2019"})
    assert "đã qua" in answer.content.decode()
    answer = client.post(reverse("verification:announce"), sent)
    found = Round.objects.get()
    assert answer.headers["Location"] == reverse("verification:round", args=[found.pk])
    assert "Chưa rút mẫu" in client.get(answer.headers["Location"]).content.decode()


# ---- the ways to a round


def overview_of(person: Any) -> Any:
    return parsed(a_client(person).get(reverse("reporting:overview")))


def to_do(person: Any) -> list[str]:
    return [
        words(line.text_content())
        for line in overview_of(person).xpath("//section[@aria-labelledby='can']//li")
    ]


def test_the_coordinator_comes_to_the_rounds_from_the_overview(verifier):
    coordinator = a_person(Role.COORDINATOR)
    a_plan()
    assert to_do(coordinator) == ["Các đợt xác minh"]
    found = a_drawn_round(verifier)
    address = reverse("verification:round", args=[found.pk])
    assert f"{found.name}: đang đến hộ. Các đợt xác minh" in to_do(coordinator)
    for person in (coordinator, verifier):
        [link] = overview_of(person).xpath("//section[@aria-labelledby='can']//a[@href=$to]", to=address)
        assert a_client(person).get(link.get("href")).status_code == 200


def test_whoever_may_not_open_rounds_is_not_sent_to_them(verifier):
    a_drawn_round(verifier)
    for role in (Role.LEADER, Role.SUPERVISOR):
        person = a_person(role)
        assert not overview_of(person).xpath("//a[starts-with(@href, '/xac-minh/')]")
        assert a_client(person).get(reverse("verification:rounds")).status_code == 403


def test_minutes_that_wait_for_a_signature_are_to_be_done_by_who_can_sign_them(verifier):
    coordinator, sister = a_person(Role.COORDINATOR), a_person(Role.OFFICER)
    found = a_drawn_round(verifier)
    everyone = (verifier, coordinator, sister, a_person(Role.COORDINATOR, a_unit()), a_person(Role.LEADER))

    def who() -> list[Any]:
        return [person for person in everyone if to_sign(person)]

    assert who() == [], "households are still to be visited"
    for sampled in drawn(found):
        visited(sampled, Finding.AGREES, verifier)
    assert who() == [verifier, coordinator]
    asked = (f"Ký biên bản: {found.name}", reverse("verification:round", args=[found.pk]))
    assert asked_of(coordinator) == [asked]
    assert asked[0] in to_do(coordinator)
    assert asked[0] not in to_do(sister)

    with on(LATER):
        actions.sign(found=found, by=verifier)
    assert who() == [coordinator]
    assert f"{found.name}: chờ ký. Các đợt xác minh" in to_do(verifier)
    with on(LATER):
        actions.sign(found=found, by=coordinator)
    assert who() == []
    assert f"{found.name}: hai phòng đã ký. Các đợt xác minh" in to_do(coordinator)


def test_the_verifiers_page_says_what_waits_for_a_signature(verifier, rf):
    found = a_drawn_round(verifier)
    for sampled in drawn(found):
        visited(sampled, Finding.AGREES, verifier)
    request = rf.get(reverse("supports:to_verify"))
    request.user = verifier
    page = parsed(to_verify([], asked_of)(request))
    [link] = page.xpath("//a[starts-with(., 'Ký biên bản')]")
    assert link.get("href") == reverse("verification:round", args=[found.pk])


# ---- who, and when no more


def test_only_who_verifies_there_writes_visits_and_decides(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    strangers = (
        a_person(Role.OFFICER),
        a_person(Role.COORDINATOR),
        a_person(Role.VERIFIER, a_unit("Nam Ngạn")),
    )
    for person in strangers:
        with pytest.raises(NotAllowed, match="địa bàn này ghi được phiếu"):
            visited(one, Finding.AGREES, person)
    visited(one, Finding.DISAGREES, verifier)
    with on(LATER):
        supports.answer(outcome=one.outcome, note="hộ vẫn dùng", by=a_person(Role.OFFICER))
        for person in strangers:
            with pytest.raises(NotAllowed, match="người xác minh của địa bàn này"):
                actions.accept(sampled=one, by=person)
            with pytest.raises(NotAllowed, match="người xác minh của địa bàn này"):
                actions.reject(sampled=one, reason="hộ không dùng", by=person)
    assert one.outcome.state == EntryKind.ANSWERED


def test_the_labour_office_of_another_place_does_not_sign(verifier):
    found = a_drawn_round(verifier)
    all_visited(found, verifier)
    with pytest.raises(NotAllowed, match="cùng ký"):
        actions.sign(found=found, by=a_person(Role.VERIFIER, a_unit("Nam Ngạn")))


def test_minutes_of_a_round_that_was_not_drawn_are_not_signed(verifier):
    a_plan()
    with pytest.raises(NotAllowed, match="Chưa rút mẫu"):
        actions.sign(found=a_round(verifier), by=verifier)


def test_after_the_signature_nothing_is_decided_any_more(verifier):
    found = a_drawn_round(verifier)
    one, *rest = drawn(found)
    visited(one, Finding.DISAGREES, verifier)
    for other in rest:
        visited(other, Finding.AGREES, verifier)
    with on(LATER):
        supports.answer(outcome=one.outcome, note="hộ vẫn dùng", by=a_person(Role.OFFICER))
        actions.accept(sampled=one, by=verifier)
        actions.sign(found=found, by=verifier)
        supports.give_back(outcome=one.outcome, reason="thiếu ảnh", by=verifier)
        for decide in (
            lambda: actions.reject(sampled=one, reason="hộ không dùng", by=verifier),
            lambda: actions.accept(sampled=one, by=verifier),
        ):
            with pytest.raises(NotAllowed, match="đã được ký"):
                decide()
    assert one.outcome.state == EntryKind.RETURNED


# ---- what was done on the outcome's own page meanwhile


@pytest.mark.parametrize(
    ("before", "finding", "lines"),
    [
        (["verify"], Finding.AGREES, ["recorded", "verified"]),
        (["verify"], Finding.DISAGREES, ["recorded", "verified", "returned"]),
        (["give_back"], Finding.AGREES, ["recorded", "returned"]),
        (["give_back"], Finding.DISAGREES, ["recorded", "returned"]),
    ],
)
def test_a_visit_adds_no_line_that_is_there_already(verifier, before, finding, lines):
    one = drawn(a_drawn_round(verifier))[0]
    for step in before:
        said = {"reason": "thiếu ảnh"} if step == "give_back" else {}
        with on(LATER):
            getattr(supports, step)(outcome=one.outcome, by=verifier, **said)
    visited(one, finding, verifier)
    assert list(one.outcome.entries.order_by("id").values_list("kind", flat=True)) == lines


def test_a_check_that_is_on_no_list_is_refused(verifier):
    one = drawn(a_drawn_round(verifier))[0]
    with pytest.raises(NotAllowed, match="không có trong danh sách"):
        visited(one, Finding.AGREES, verifier, checks=["asked", "guessed"])


def test_a_visit_form_of_another_household_is_refused(verifier):
    one, other, _ = drawn(a_drawn_round(verifier))
    key = visited(one, Finding.AGREES, verifier).pk
    with pytest.raises(NotAllowed, match="phiếu khác"):
        visited(other, Finding.AGREES, verifier, id=key)


def test_codes_that_cannot_be_drawn_are_a_sentence(verifier):
    an_outcome(a_household(code="A|1"))
    found = a_round(verifier)
    with pytest.raises(NotAllowed, match="Không rút thăm được"), on(date(2019, 6, 15)):
        actions.draw_sample(found=found, by=verifier)


# ---- what the database holds by itself


def refused_by(name: str) -> Any:
    return pytest.raises((IntegrityError, InternalError, ProgrammingError), match=name)


@pytest.mark.parametrize(
    ("held", "facts"),
    [
        ("seed_is_announced_before_the_day_is_over", {"announced_on": CUT_OFF + timedelta(1)}),
        ("round_ends_after_its_day", {"ends_on": CUT_OFF}),
        ("plan_is_verified_once_as_of_a_day", {}),
    ],
)
def test_a_round_that_cannot_be_is_not_written(verifier, held, facts):
    plan = a_plan()
    given = {"announced_on": CUT_OFF, "ends_on": CUT_OFF + timedelta(9)} | facts
    if not facts:
        a_round(verifier)
    with refused_by(held), transaction.atomic():
        Round.objects.create(
            plan=plan, name="x", as_of=CUT_OFF, seed="x", seed_origin="x", announced_by="A", **given
        )


@pytest.mark.parametrize(
    ("held", "facts"),
    [
        ("outcome_once_in_a_round", {"place": 99}),
        ("one_at_a_place_of_a_stratum", {"outcome": None}),
    ],
)
def test_a_sample_that_cannot_be_is_not_written(verifier, held, facts):
    one = drawn(a_drawn_round(verifier))[0]
    same = {
        name: getattr(one, name)
        for name in (
            "round",
            "outcome",
            "unit",
            "unit_code",
            "indicator_key",
            "place",
            "household_code",
            "digest",
        )
    }
    given = same | facts
    given["outcome"] = given["outcome"] or an_outcome()
    with refused_by(held), transaction.atomic():
        Sampled.objects.create(is_drawn=True, **given)


@pytest.mark.parametrize(
    ("held", "facts"),
    [
        ("one_visit_of_a_number", {"finding": "not_found", "number": 1}),
        ("household_is_found_one_way", {"finding": "agrees", "number": 2}),
        ("disagreement_says_in_what", {"finding": "disagrees", "number": 2}),
    ],
)
def test_a_visit_that_cannot_be_is_not_written(verifier, held, facts):
    one, other, _ = drawn(a_drawn_round(verifier))
    visited(one, Finding.AGREES, verifier)
    sampled = other if held == "disagreement_says_in_what" else one
    with refused_by(held), transaction.atomic():
        Visit.objects.create(
            sampled=sampled,
            visited_on=LATER,
            answerer="head",
            at=clock.now(),
            by_name="A",
            organisation="B",
            **facts,
        )


def a_signed_round(verifier: Any) -> Round:
    found = a_drawn_round(verifier)
    all_visited(found, verifier)
    actions.sign(found=found, by=verifier)
    return found


def test_a_second_signature_of_an_office_is_not_written(verifier):
    found = a_signed_round(verifier)
    with refused_by("office_signs_a_round_once"), transaction.atomic():
        Signed.objects.create(
            round=found,
            kind=OrganisationKind.LABOUR,
            organisation="B",
            by_name="A",
            at=clock.now(),
            digest="x",
        )


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM verification_round WHERE seed = 'none'",
        "UPDATE verification_sampled SET digest = 'x'",
        "DELETE FROM verification_sampled WHERE NOT is_drawn",
        "UPDATE verification_visit SET note = 'x'",
        "DELETE FROM verification_visit",
        "UPDATE verification_signed SET by_name = 'x'",
        "DELETE FROM verification_signed",
    ],
)
def test_what_was_drawn_found_and_signed_stays(verifier, statement):
    a_signed_round(verifier)
    a_round(verifier, seed="none", as_of=CUT_OFF + timedelta(1))
    with refused_by("Cannot (update|delete)"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
