"""What a plan's figures stand at is kept as it happens, and is always what the rows say."""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from tests.factories import a_household, a_person, a_plan, a_unit, an_outcome
from tests.keeping_figures import A_PAPER, STEPS, campaign
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.roles import Role
from tiepcan.accounts.wall import within
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.models import Household, Tally
from tiepcan.standards.models import Means, Scheme
from tiepcan.supports import actions, evidence, figures, giving
from tiepcan.supports.figures import Counts, counts
from tiepcan.supports.models import Entry, EntryKind, Kept, KeptDay, Outcome, Support

pytestmark = pytest.mark.django_db
TELECOM = "telecom_service"
TODAY = date(2019, 6, 12)


def a_support(household: Household | None = None, *, means: str = "subscription", **facts) -> Support:
    household = household or a_household()
    with act("support.given", by=CONSOLE):
        return giving.give(
            **{
                "id": uuid.uuid4(),
                "household": household,
                "means": Means.objects.select_related("indicator").get(pk=means),
                "began_on": TODAY - timedelta(3),
            }
            | facts
        )


def counted(support: Support) -> str | None:
    with act("support.counted", by=CONSOLE):
        return giving.lead_to_outcome(support, by=CONSOLE)


def the_kept(unit: str = "Hàm Rồng", indicator: str = TELECOM) -> tuple[int, int, int]:
    return Kept.objects.values_list("supported", "recorded", "verified").get(
        unit=a_unit(unit), indicator=indicator
    )


def a_line(outcome: Outcome, **facts) -> Entry:
    return Entry.objects.create(
        outcome=outcome, on=TODAY, at=clock.now(), by_name="A", organisation="B", **facts
    )


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.set_to(datetime.combine(day, datetime.min.time(), clock.VIETNAM)):
        yield


def said(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("recompute_figures", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


# ---- kept as it happens


def test_an_outcome_is_kept_with_the_line_that_records_it():
    outcome = an_outcome()
    assert the_kept() == (1, 1, 0)
    actions.verify(outcome=outcome, by=a_person(Role.VERIFIER))
    assert the_kept() == (1, 1, 1)
    actions.withdraw(outcome=outcome, reason="ghi sai hộ", by=a_person(Role.OFFICER))
    assert the_kept() == (0, 0, 0)


def test_lines_written_in_bulk_are_kept_too():
    outcomes = [an_outcome(), an_outcome(), an_outcome(a_household(a_unit("Nam Ngạn")))]
    with act("outcome.verified", by=CONSOLE):
        Entry.objects.bulk_create(
            Entry(
                outcome=one,
                kind=EntryKind.VERIFIED,
                on=TODAY,
                at=clock.now(),
                verified=1,
                by_name="A",
                organisation="B",
            )
            for one in outcomes
        )
    assert the_kept() == (2, 2, 2)
    assert the_kept("Nam Ngạn") == (1, 1, 1)


def test_an_act_that_fails_leaves_what_was_kept():
    an_outcome()
    with pytest.raises(IntegrityError), transaction.atomic():
        one = an_outcome(by=a_person(Role.OFFICER))
        assert the_kept() == (2, 2, 0)
        Entry.objects.create(
            outcome=one, kind="recorded", on=TODAY, at=clock.now(), recorded=1, by_name="A", organisation="B"
        )
    assert the_kept() == (1, 1, 0)


def test_a_household_that_moved_stays_with_the_unit_that_recorded_it():
    from tiepcan.households import actions as households

    outcome = an_outcome()
    household = outcome.household
    households.move(
        household=household,
        version=household.version,
        to=a_unit("Nam Ngạn"),
        moved_on=TODAY,
        hamlet="Tổ 2",
        code="NN-1",
        by=a_person(Role.OFFICER),
    )
    assert the_kept() == (1, 1, 0)
    assert figures.kept() == figures.recomputed()


def test_a_figure_of_an_earlier_day_leaves_out_what_was_written_later():
    plan = a_plan()
    first = an_outcome(on=date(2019, 5, 2))
    an_outcome(on=date(2019, 6, 3))
    with on(date(2019, 6, 5)):
        actions.verify(outcome=first, by=a_person(Role.VERIFIER))
    key = (a_unit().pk, TELECOM)
    days = [
        (date(2019, 5, 1), Counts(0, 0)),
        (date(2019, 5, 2), Counts(1, 0)),
        (date(2019, 6, 4), Counts(2, 0)),
        (TODAY, Counts(2, 1)),
    ]
    assert [counts(plan, day)[key] for day, _ in days] == [expected for _, expected in days]


def test_what_one_day_added_is_kept_too():
    first = an_outcome(on=date(2019, 6, 3))
    an_outcome()
    actions.withdraw(outcome=first, reason="ghi sai hộ", by=a_person(Role.OFFICER))
    actions.give_back(outcome=an_outcome(), reason="thiếu ảnh", by=a_person(Role.VERIFIER))
    days = KeptDay.objects.order_by("on").values_list("on", "recorded", "verified")
    assert list(days) == [(date(2019, 6, 3), 1, 0), (TODAY, 1, 0)]


# ---- without evidence


def unshown(unit: str = "Hàm Rồng") -> int:
    return Kept.objects.get(unit=a_unit(unit), indicator=TELECOM).unshown


def shown(what: Outcome | Support) -> None:
    with act("evidence.added", by=CONSOLE):
        evidence.keep(what, evidence.cleaned([A_PAPER]), "A")


def test_an_outcome_without_evidence_is_counted_until_a_file_shows_it():
    outcome = an_outcome()
    an_outcome()
    assert unshown() == 2
    shown(outcome)
    shown(outcome)
    assert unshown() == 1


def test_an_outcome_that_was_withdrawn_lacks_no_evidence():
    outcome = an_outcome()
    actions.withdraw(outcome=outcome, reason="ghi sai hộ", by=a_person(Role.OFFICER))
    assert unshown() == 0


def test_what_shows_a_support_shows_the_outcome_that_it_leads_to():
    a_plan()
    support = a_support()
    shown(support)
    counted(support)
    assert unshown() == 0
    later = a_support()
    counted(later)
    assert unshown() == 1
    shown(later)
    assert unshown() == 0


def test_a_unit_that_sees_one_household_of_another_counts_all_of_the_others():
    """A support of a household that moved is tied to the outcome that its former unit recorded, and counts there."""
    from tiepcan.households import actions as households

    a_plan()
    outcome, _ = an_outcome(), an_outcome()
    moved, there = outcome.household, a_unit("Nam Ngạn")
    households.move(
        household=moved, version=moved.version, to=there, moved_on=TODAY, hamlet="Tổ 2", code="NN-1",
        by=a_person(Role.OFFICER),
    )  # fmt: skip
    with within(there.path):
        support = a_support(Household.objects.get(pk=moved.pk), began_on=TODAY)
        counted(support)
        shown(support)
    assert support.outcome == outcome
    assert unshown() == 1
    assert figures.kept() == figures.recomputed()


# ---- supports


def test_a_household_is_supported_once_however_many_supports_it_has():
    household = a_household()
    a_plan()
    a_support(household)
    a_support(household, means="internet")
    a_support()
    assert the_kept() == (2, 0, 0)


def test_a_support_leads_to_one_outcome_and_a_second_one_is_tied_to_it():
    a_plan()
    household = a_household()
    first, second = a_support(household), a_support(household, means="internet")
    assert counted(first) is None
    assert "đã được ghi nhận" in (counted(second) or "")
    outcome = Outcome.objects.get()
    assert set(outcome.supports.all()) == {first, second}
    assert the_kept() == (1, 1, 0)


def test_a_support_that_does_not_count_says_why_and_stays_a_support():
    a_plan()
    for household, words in (
        (a_household(lacks=()), "không thiếu hụt"),
        (a_household(poverty="near_poor"), "không phải hộ nghèo"),
    ):
        assert words in (counted(a_support(household)) or "")
    assert the_kept() == (2, 0, 0)
    assert not Outcome.objects.exists()


def test_of_a_scheme_that_gives_once_a_household_gets_one():
    scheme = Scheme.objects.get(pk="equipment_2017")
    household = a_household()
    a_plan()
    a_support(household, means="television", scheme=scheme, provider="Doanh nghiệp B")
    with pytest.raises(NotAllowed) as refused:
        a_support(household, means="television", scheme=scheme)
    assert "09/06/2019, Doanh nghiệp B" in str(refused.value)
    assert Support.objects.count() == 1


def test_of_a_monthly_scheme_it_is_not_once():
    scheme = Scheme.objects.get(pk="phone_2015")
    household = a_household()
    a_support(household, scheme=scheme)
    a_support(household, scheme=scheme)
    assert Support.objects.count() == 2


def test_a_support_written_by_mistake_counts_no_more_and_may_be_given_again():
    scheme = Scheme.objects.get(pk="equipment_2017")
    a_plan()
    household = a_household(lacks=("information_asset",))
    with act("support.taken_back", by=CONSOLE):
        giving.take_back(a_support(household, means="television", scheme=scheme))
    assert the_kept(indicator="information_asset") == (0, 0, 0)
    a_support(household, means="television", scheme=scheme)
    assert the_kept(indicator="information_asset") == (1, 0, 0)


def test_a_support_that_ended_was_given_all_the_same():
    a_plan()
    support = a_support()
    with act("support.ended", by=CONSOLE):
        giving.end(support, on=TODAY, why="hộ trả thuê bao")
    assert the_kept() == (1, 0, 0)
    with pytest.raises(NotAllowed, match="trước ngày bắt đầu"), act("support.ended", by=CONSOLE):
        giving.end(support, on=TODAY - timedelta(30), why="hộ trả thuê bao")


def test_a_support_of_tomorrow_is_refused():
    with pytest.raises(NotAllowed, match="sau hôm nay"):
        a_support(began_on=TODAY + timedelta(1))


@pytest.mark.parametrize(
    "statement", ["DELETE FROM supports_support", "UPDATE supports_support SET provider = 'X'"]
)
def test_the_facts_of_a_support_stay(statement):
    a_support()
    with (
        pytest.raises((InternalError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


# ---- rejected by the Labour Office


def test_an_outcome_that_the_labour_office_rejects_counts_no_more_but_was_supported():
    outcome, verifier = an_outcome(), a_person(Role.VERIFIER)
    with pytest.raises(NotAllowed, match="không tính"):
        actions.reject(outcome=outcome, reason="chưa hỏi xã", by=verifier)
    actions.give_back(outcome=outcome, reason="hộ nói đã trả máy", by=verifier)
    actions.reject(outcome=outcome, reason="hộ không dùng", by=verifier)
    assert outcome.state == EntryKind.REJECTED
    assert not outcome.standing
    assert the_kept() == (1, 0, 0)


def test_rejecting_says_why():
    outcome, verifier = an_outcome(), a_person(Role.VERIFIER)
    actions.give_back(outcome=outcome, reason="hộ nói đã trả máy", by=verifier)
    with pytest.raises(NotAllowed, match="lý do"):
        actions.reject(outcome=outcome, reason="  ", by=verifier)


# ---- made anew


def test_the_command_says_that_nothing_differs():
    an_outcome()
    assert said("--check") == ("Số liệu được giữ khớp với các dòng, không chỗ nào khác.\n", 0)


@pytest.mark.parametrize(
    ("model", "column"),
    [(Kept, "recorded"), (Kept, "unshown"), (KeptDay, "verified"), (Tally, "households")],
)
def test_a_figure_that_went_astray_is_named_and_mended(model, column):
    an_outcome()
    model.objects.update(**{column: 7})
    words, code = said("--check")
    assert code == 1
    assert "ham-rong" in words
    assert model.objects.filter(**{column: 7}).exists(), "a check changes nothing"
    words, code = said()
    assert (code, "Đã tính lại" in words) == (0, True)
    assert said("--check")[1] == 0


def test_after_random_sequences_what_is_kept_is_what_the_rows_say():
    """A short run of `python -m tests.keeping_figures 10000`."""
    done = campaign(12, 5)
    assert sum(done.values()) == 12 * STEPS
    assert {"record", "support", "verify", "withdraw", "move", "import_list"} <= set(done)


# ---- what the database holds by itself


@pytest.mark.parametrize(
    ("held", "facts"),
    [
        ("outcome_is_recorded_once", {"kind": "recorded", "recorded": 1}),
        ("entry_adds_what_its_kind_says", {"kind": "verified", "recorded": 1, "verified": 1}),
        ("entry_adds_what_its_kind_says", {"kind": "withdrawn", "recorded": 0, "reason": "x"}),
        ("entry_adds_what_its_kind_says", {"kind": "answered", "verified": 1}),
        ("entry_that_takes_back_has_a_reason", {"kind": "returned"}),
        ("entry_that_takes_back_has_a_reason", {"kind": "rejected", "recorded": -1}),
    ],
)
def test_a_line_that_cannot_be_is_not_written(held, facts):
    outcome = an_outcome()
    with pytest.raises(IntegrityError, match=held), transaction.atomic():
        a_line(outcome, **facts)
    assert the_kept() == (1, 1, 0)


@pytest.mark.parametrize("kind", ["withdrawn", "rejected"])
def test_an_outcome_ends_once(kind):
    outcome = an_outcome()
    a_line(outcome, kind=kind, recorded=-1, reason="ghi sai")
    with pytest.raises(IntegrityError, match=f"outcome_is_{kind}_once"), transaction.atomic():
        a_line(outcome, kind=kind, recorded=-1, reason="ghi sai")


@pytest.mark.parametrize(
    "facts", [{"ended_on": date(2019, 6, 1), "ended_why": "x"}, {"ended_on": TODAY, "ended_why": ""}]
)
def test_a_support_ends_after_it_began_and_says_why(facts):
    support = a_support()
    with (
        pytest.raises(IntegrityError, match="support_ends_after_it_began_and_says_why"),
        transaction.atomic(),
    ):
        Support.objects.filter(pk=support.pk).update(**facts)
