"""A household gains access once for a plan and an indicator, and the ledger keeps everything that was said of it."""

import io
import threading
import uuid
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from PIL import Image

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import parsed, problems_of, text_of, typed, words
from tests.threads import at_once
from tiepcan.accounts.models import Reading
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import actions as households
from tiepcan.households.models import PovertyClass
from tiepcan.intake.photos import LARGEST_SIDE
from tiepcan.plans.models import Plan
from tiepcan.standards.actions import add_source
from tiepcan.standards.models import Indicator, Means, Scheme, Source
from tiepcan.supports import actions, evidence, workflow
from tiepcan.supports.figures import Counts, counts
from tiepcan.supports.models import Entry, EntryKind, Evidence, Outcome, Support
from tiepcan.supports.rules import plan_for

pytestmark = pytest.mark.django_db
TELECOM, ASSET = "telecom_service", "information_asset"


def counted(plan, indicator: str = TELECOM) -> Counts:
    return counts(plan, date(2019, 6, 12)).get((a_unit().pk, indicator), Counts())


def indicator(key: str = TELECOM) -> Indicator:
    return Indicator.objects.get(pk=key)


def means(key: str = "subscription") -> Means:
    return Means.objects.get(pk=key)


@pytest.fixture
def plan():
    return a_plan()


@pytest.fixture
def officer():
    return a_person(Role.OFFICER)


@pytest.fixture
def client(officer):
    return a_client(officer)


def files_below(folder: Path) -> list[Path]:
    return [path for path in (folder / "files" / "minh-chung").rglob("*") if path.is_file()]


def test_a_verified_outcome_counts_as_recorded_and_verified(today):
    plan = a_plan()
    outcome = an_outcome(a_household(), plan=plan)

    actions.verify(outcome=outcome, by=a_person(Role.VERIFIER))

    assert counts(plan, today)[outcome.unit_id, "telecom_service"] == Counts(recorded=1, verified=1)


# ---- what counts


def unreviewed():
    household = a_household()
    household.reviews.update(lacks=[])
    household.reviews.all().delete()
    return household


WHY_NOT = {
    "no review": (unreviewed, {}, "Hộ chưa có kết quả rà soát cuối năm 2018 nên không tính vào chỉ tiêu."),
    "a review of another year": (lambda: a_household(year=2017), {}, "Hộ chưa có kết quả rà soát cuối năm 2018"),
    "near-poor": (
        lambda: a_household(poverty=PovertyClass.NEAR_POOR), {},
        "Hộ không phải hộ nghèo theo rà soát cuối năm 2018 (hộ cận nghèo)",
    ),
    "out of poverty": (lambda: a_household(poverty=PovertyClass.OUT), {}, "(thoát nghèo) nên không tính"),
    "does not lack it": (
        lambda: a_household(lacks=(ASSET,)), {}, "theo rà soát cuối năm 2018.",
    ),
    "before the plan": (
        a_household, {"happened_on": date(2019, 3, 2)},
        "Ngày tiếp cận phải từ ngày ban hành kế hoạch, 03/03/2019.",
    ),
    "in the future": (
        a_household, {"happened_on": date(2019, 6, 13)}, "Ngày tiếp cận không thể sau hôm nay.",
    ),
    "means of the other indicator": (
        a_household, {"means": "television"}, "“Ti vi” không phải hình thức của chỉ số",
    ),
}  # fmt: skip


def record(plan, household, by, **more) -> Outcome:
    facts = {
        "id": uuid.uuid4(), "indicator": indicator(), "means": means(), "happened_on": date(2019, 6, 10),
    }  # fmt: skip
    return actions.record(plan=plan, household=household, by=by, **(facts | more))


@pytest.mark.parametrize(("make", "facts", "sentence"), WHY_NOT.values(), ids=WHY_NOT)
def test_what_does_not_count_is_refused_with_the_sentence_why(plan, officer, make, facts, sentence):
    if "means" in facts:
        facts = facts | {"means": means(facts["means"])}
    with pytest.raises(NotAllowed) as problem:
        record(plan, make(), officer, **facts)
    assert sentence in str(problem.value)
    assert not Outcome.objects.exists()


def test_the_first_and_the_last_possible_day_count(plan, officer):
    for day in (date(2019, 3, 3), date(2019, 6, 12)):
        assert record(plan, a_household(), officer, happened_on=day).happened_on == day


def test_only_the_households_own_ward_records(plan):
    household = a_household()
    for person in (
        a_person(Role.OFFICER, a_unit("Nam Ngạn")), a_person(Role.COORDINATOR), a_person(Role.VERIFIER),
        a_person(Role.LEADER), a_person(Role.ADMINISTRATOR),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
            record(plan, household, person)


def test_a_household_counts_once_for_an_indicator_and_again_for_the_other(plan, officer):
    household = a_household(lacks=(TELECOM, ASSET))
    record(plan, household, officer)
    with pytest.raises(NotAllowed, match="Hộ đã được ghi nhận cho chỉ tiêu này ngày 10/06/2019"):
        record(plan, household, officer, means=means("internet"))
    record(plan, household, officer, indicator=indicator(ASSET), means=means("television"))
    assert (counted(plan), counted(plan, ASSET)) == (Counts(1, 0), Counts(1, 0))


def test_the_same_form_twice_is_one_outcome_and_another_content_is_refused(plan, officer):
    key, household = uuid.uuid4(), a_household(lacks=(TELECOM, ASSET))
    assert record(plan, household, officer, id=key) == record(plan, household, officer, id=key)
    for change in (
        {"happened_on": date(2019, 6, 9)},
        {"means": means("internet")},
        {"indicator": indicator(ASSET), "means": means("radio")},
    ):
        with pytest.raises(NotAllowed, match="đã ghi một kết quả khác"):
            record(plan, household, officer, id=key, **change)
    with pytest.raises(NotAllowed, match="đã ghi một kết quả khác"):
        record(plan, a_household(), officer, id=key)
    assert Outcome.objects.count() == Entry.objects.count() == 1


def test_the_unit_of_that_day_is_kept_when_the_household_moves(plan, officer):
    household = a_household()
    record(plan, household, officer)
    household.unit = a_unit("Nam Ngạn")
    household.save()
    assert counted(plan) == Counts(1, 0)
    assert counts(plan, date(2019, 6, 12)).keys() == {(a_unit().pk, TELECOM)}


# ---- at the same moment


@pytest.fixture
def committed(transactional_db):
    """Real transactions: what one thread commits the others see."""


@pytest.fixture
def all_look_before_anyone_writes(monkeypatch):
    """Two recordings both find that the household counts; only then do they write."""
    barrier, seen = threading.Barrier(2), threading.local()
    looks = actions.why_not_counted

    def look(*args, **more):
        answer = looks(*args, **more)
        if not hasattr(seen, "before"):
            seen.before = True
            barrier.wait(timeout=20)
        return answer

    monkeypatch.setattr(actions, "why_not_counted", look)


def test_two_recordings_at_once_make_one(committed, all_look_before_anyone_writes, tmp_path):
    plan, household, officer = a_plan(), a_household(), a_person(Role.OFFICER)
    files = [("bien-ban.pdf", b"%PDF-1.4 signed")]

    def act() -> Outcome:
        return record(plan, household, officer, files=files)

    said = at_once(act, act)

    [refused] = [one for one in said if isinstance(one, NotAllowed)]
    [made] = [one for one in said if isinstance(one, Outcome)]
    assert "Hộ đã được ghi nhận cho chỉ tiêu này" in str(refused)
    assert list(Outcome.objects.all()) == [made]
    assert Entry.objects.count() == Evidence.objects.count() == len(files_below(tmp_path)) == 1


def test_two_who_name_the_same_source_at_once_add_one(committed):
    plan, officer = a_plan(), a_person(Role.OFFICER)
    acts = [
        partial(record, plan, a_household(), officer, new_source=name)
        for name in ("Hội Chữ thập đỏ", "hội chữ thập đỏ", "Hội chữ thập Đỏ")
    ]
    said = at_once(*acts)
    assert all(isinstance(one, Outcome) for one in said), said
    assert Source.objects.filter(unit__isnull=False).count() == 1
    assert Support.objects.values("source").distinct().count() == 1


def test_one_form_pressed_twice_at_once_is_one_outcome(committed, all_look_before_anyone_writes, tmp_path):
    plan, household, officer, key = a_plan(), a_household(), a_person(Role.OFFICER), uuid.uuid4()

    def act() -> Outcome:
        return record(plan, household, officer, id=key, files=[("a.pdf", b"%PDF-1.4 signed")])

    first, second = at_once(act, act)
    assert first == second == Outcome.objects.get()
    assert Entry.objects.count() == Evidence.objects.count() == len(files_below(tmp_path)) == 1


def test_two_steps_at_once_are_taken_one_after_the_other(committed):
    plan, verifier = a_plan(), a_person(Role.VERIFIER)
    outcome = an_outcome(plan=plan)

    def act() -> None:
        actions.verify(outcome=Outcome.objects.get(pk=outcome.pk), by=verifier)

    said = at_once(act, act, act)
    assert sum(isinstance(one, NotAllowed) for one in said) == 2
    assert counted(plan) == Counts(1, 1)


# ---- the workflow

STATES = {
    EntryKind.RECORDED: (),
    EntryKind.VERIFIED: ("verify",),
    EntryKind.RETURNED: ("give_back",),
    EntryKind.ANSWERED: ("give_back", "answer"),
    EntryKind.WITHDRAWN: ("withdraw",),
    EntryKind.REJECTED: ("give_back", "reject"),
}
OFFICER, SISTER, VERIFIER = "the ward's officer", "a sister ward's officer", "the verifier"
ALLOWED = {
    ("verify", VERIFIER): {EntryKind.RECORDED, EntryKind.ANSWERED},
    ("give_back", VERIFIER): {EntryKind.RECORDED, EntryKind.ANSWERED, EntryKind.VERIFIED},
    ("reject", VERIFIER): {EntryKind.RETURNED, EntryKind.ANSWERED},
    ("answer", OFFICER): {EntryKind.RETURNED},
    ("withdraw", OFFICER): {EntryKind.RECORDED, EntryKind.ANSWERED, EntryKind.VERIFIED, EntryKind.RETURNED},
}


def people() -> dict[str, object]:
    return {
        OFFICER: a_person(Role.OFFICER),
        SISTER: a_person(Role.OFFICER, a_unit("Nam Ngạn")),
        VERIFIER: a_person(Role.VERIFIER),
        "a sister ward's verifier": a_person(Role.VERIFIER, a_unit("Nam Ngạn")),
        **{
            role.label: a_person(role)
            for role in (Role.COORDINATOR, Role.LEADER, Role.PARTNER, Role.ADMINISTRATOR)
        },
    }


def take(step: str, outcome: Outcome, by) -> None:
    more = {"verify": {}, "answer": {"note": "đã chụp lại"}}.get(step, {"reason": "ảnh mờ"})
    getattr(actions, step)(outcome=outcome, by=by, **more)


def in_state(state: EntryKind, everyone) -> Outcome:
    outcome = an_outcome(by=everyone[OFFICER])
    for step in STATES[state]:
        take(step, outcome, everyone[VERIFIER if step in ("verify", "give_back", "reject") else OFFICER])
    assert Outcome.objects.get(pk=outcome.pk).state == state
    return outcome


@pytest.mark.parametrize("state", STATES)
def test_a_step_is_taken_by_whom_and_when_the_table_says(plan, state):
    everyone = people()
    assert workflow.STEPS.keys() == {step for step, _ in ALLOWED}
    outcome = in_state(state, everyone)
    before = list(outcome.entries.values_list("kind", flat=True))
    for step in workflow.STEPS:
        for who, person in everyone.items():
            allowed = state in ALLOWED.get((step, who), ())
            problem = workflow.why_not(workflow.STEPS[step], outcome, person)
            assert (problem is None) == allowed, (state, step, who)
            here = transaction.savepoint()
            if allowed:
                take(step, outcome, person)
                assert Outcome.objects.get(pk=outcome.pk).state == workflow.STEPS[step].end
            else:
                with pytest.raises(NotAllowed) as refusal:
                    take(step, outcome, person)
                assert str(refusal.value) == problem
                assert list(outcome.entries.values_list("kind", flat=True)) == before
            transaction.savepoint_rollback(here)


# ---- taking back


def test_an_outcome_is_withdrawn_with_a_reason_and_frees_the_household(plan, officer):
    household = a_household()
    outcome = record(plan, household, officer)
    with pytest.raises(NotAllowed, match="Ghi lý do rút kết quả"):
        actions.withdraw(outcome=outcome, reason="  ", by=officer)
    assert counted(plan) == Counts(1, 0)

    actions.withdraw(outcome=outcome, reason="ghi nhầm hộ", by=officer)

    assert counted(plan) == Counts(0, 0)
    assert not outcome.standing
    assert outcome.entries.last().reason == "ghi nhầm hộ"
    record(plan, household, officer, happened_on=date(2019, 6, 11))
    assert counted(plan) == Counts(1, 0)
    assert household.outcomes.count() == 2


def test_a_verified_outcome_that_is_given_back_is_no_longer_verified(plan, officer):
    verifier, outcome = a_person(Role.VERIFIER), record(plan, a_household(), officer)
    actions.verify(outcome=outcome, by=verifier)
    assert counted(plan) == Counts(1, 1)
    with pytest.raises(NotAllowed, match="Ghi rõ cần bổ sung gì"):
        actions.give_back(outcome=outcome, reason="", by=verifier)
    actions.give_back(outcome=outcome, reason="thiếu chữ ký", by=verifier)
    assert counted(plan) == Counts(1, 0)
    with pytest.raises(NotAllowed, match="Thêm tệp minh chứng, hoặc ghi câu trả lời"):
        actions.answer(outcome=outcome, note=" ", by=officer)
    actions.answer(outcome=outcome, note="đã ký", by=officer)
    actions.verify(outcome=outcome, by=verifier)
    assert counted(plan) == Counts(1, 1)
    actions.withdraw(outcome=outcome, reason="hộ trả lại máy", by=officer)
    assert counted(plan) == Counts(0, 0)
    assert [entry.kind for entry in outcome.entries.all()] == [
        "recorded", "verified", "returned", "answered", "verified", "withdrawn",
    ]  # fmt: skip


def test_a_review_corrected_later_leaves_the_ledger_as_it_is(plan, officer):
    household = a_household()
    record(plan, household, officer)
    households.review(
        household=household, version=1, year=2018, poverty=PovertyClass.NEAR_POOR, lacks=[], by=officer
    )
    assert counted(plan) == Counts(1, 0)


# ---- the pages


def a_form(**more) -> dict:
    return {
        "id": str(uuid.uuid4()), "indicator": TELECOM, "means": "subscription", "happened_on": "10/06/2019",
        "source": "enterprise", "provider": "Doanh nghiệp A", "note": "Lắp xong buổi sáng",
    } | more  # fmt: skip


def post(client, household, **more):
    return client.post(reverse("supports:record") + f"?ho={household.pk}", a_form(**more))


def test_an_officer_records_and_the_verifier_verifies(plan, client):
    household = a_household()
    answer = post(client, household)
    outcome = Outcome.objects.get()
    assert answer.url == reverse("supports:outcome", args=[outcome.pk])
    assert (outcome.provider, outcome.note) == ("Doanh nghiệp A", "Lắp xong buổi sáng")

    verifier = a_client(a_person(Role.VERIFIER))
    waiting = verifier.get(reverse("supports:to_verify"))
    assert household.head_name in text_of(waiting)
    done = verifier.post(reverse("supports:verify", args=[outcome.pk]), follow=True)
    assert f"Đã xác minh kết quả của hộ {household.head_name}." in text_of(done)
    assert counted(plan) == Counts(1, 1)
    again = verifier.post(reverse("supports:verify", args=[outcome.pk]), follow=True)
    assert "đang ở bước “xác minh đúng” nên không" in text_of(again)


def test_a_recording_pressed_twice_leads_to_the_same_page(plan, client):
    household, key = a_household(), str(uuid.uuid4())
    assert post(client, household, id=key).url == post(client, household, id=key).url
    assert Outcome.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"happened_on": "02/03/2019"}, "id_happened_on", "Phải từ 03/03/2019 đến hôm nay 12/06/2019."),
        ({"happened_on": "13/06/2019"}, "id_happened_on", "Phải từ 03/03/2019 đến hôm nay 12/06/2019."),
        ({"happened_on": "31/4/2019"}, "id_happened_on", "Ngày chưa đúng."),
        ({"indicator": ""}, "id_indicator_0", "Chọn chỉ số hộ được tiếp cận."),
        ({"means": ""}, "id_means_0", "Chọn hình thức hộ được tiếp cận."),
        ({"means": "television"}, "id_means_0", "“Ti vi” không phải hình thức của"),
        ({"source": ""}, "id_source", "Chọn nguồn hỗ trợ, hoặc ghi tên nguồn khác ở ô bên dưới."),
        ({"source": "khac"}, "id_source", "Nguồn này không có trong danh sách. Chọn lại."),
        ({"source": "", "new_source": "2019"}, "id_new_source", "Tên nguồn hỗ trợ cần có chữ."),
        ({"new_source": "Hội Bảo trợ"}, "id_new_source", "Đã chọn nguồn “Doanh nghiệp” ở trên. Bỏ chọn,"),
        ({"scheme": "equipment_2017"}, "id_scheme", "không dành cho sử dụng dịch vụ viễn thông. Chọn lại."),
        ({"scheme": "fixed_2020"}, "id_scheme", "Chính sách này không có trong danh sách. Chọn lại."),
    ],
)
def test_a_recording_with_errors_keeps_what_was_typed(plan, client, more, field, sentence):
    answer = post(client, a_household(lacks=(TELECOM, ASSET)), **more)
    [(line, link)] = problems_of(answer).items()
    assert sentence in line
    assert link == field
    held = typed(answer)
    for name in ("provider", "note", "happened_on", *({"new_source"} & more.keys())):
        assert held[name].strip() == a_form(**more)[name]
    assert not Outcome.objects.exists()


def test_the_form_offers_only_what_the_household_still_lacks(plan, client, officer):
    household = a_household(lacks=(TELECOM, ASSET))
    record(plan, household, officer)
    page = parsed(client.get(reverse("supports:record") + f"?ho={household.pk}"))
    assert page.xpath("//input[@name='indicator']/@value") == [ASSET]
    assert set(page.xpath("//input[@name='means']/@value")) == set(
        Means.objects.filter(indicator=ASSET).values_list("pk", flat=True)
    )
    assert "Hộ đã được ghi nhận cho chỉ tiêu này" in page.text_content()


def test_withdrawing_on_the_page_asks_for_a_reason(plan, client, officer):
    outcome = record(plan, a_household(), officer)
    address = reverse("supports:withdraw", args=[outcome.pk])
    answer = client.post(address, {"rut-reason": " "})
    assert problems_of(answer) == {"Lý do: Chưa điền mục này.": "id_rut-reason"}
    assert parsed(answer).xpath("//details[@open]//*[@id='id_rut-reason']")

    said = client.post(address, {"rut-reason": "ghi nhầm hộ"}, follow=True)
    assert "Kết quả vẫn còn trong sổ" in text_of(said)
    assert "ghi nhầm hộ" in text_of(said)
    history = client.get(reverse("supports:history", args=[outcome.pk]))
    assert "Rút kết quả" in text_of(history)
    assert "còn tính: “có” thành “không”" in text_of(history)


def test_a_sister_ward_finds_nothing(plan, officer):
    outcome = record(plan, a_household(), officer)
    sister = a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    for name in ("outcome", "history"):
        assert sister.get(reverse(f"supports:{name}", args=[outcome.pk])).status_code == 404
    for name in ("withdraw", "answer"):
        assert (
            sister.post(reverse(f"supports:{name}", args=[outcome.pk]), {"rut-reason": "x"}).status_code
            == 404
        )
    assert post(sister, outcome.household).status_code == 404


# ---- where it came from


def facts_of(answer) -> dict[str, str]:
    terms = parsed(answer).xpath("//dl/dt")
    return {words(term.text_content()): words(term.getnext().text_content()) for term in terms}


def test_a_form_opened_before_it_asked_for_the_source_is_asked_for_it_and_loses_nothing(plan, client):
    household, sent = a_household(), a_form()
    del sent["source"]
    answer = client.post(reverse("supports:record") + f"?ho={household.pk}", sent)
    assert problems_of(answer) == {
        "Nguồn hỗ trợ: Chọn nguồn hỗ trợ, hoặc ghi tên nguồn khác ở ô bên dưới.": "id_source"
    }
    held = typed(answer)
    assert {name: held[name].strip() for name in sent if name != "id"} == {
        n: sent[n] for n in sent if n != "id"
    }
    assert not Outcome.objects.exists()


def test_the_support_has_the_source_and_the_scheme_and_the_page_tells_them_with_the_decree(plan, client):
    answer = client.get(post(client, a_household(), scheme="phone_2015").url)
    support = Support.objects.get()
    assert (support.source_id, support.scheme_id, support.with_outcome) == ("enterprise", "phone_2015", True)
    said = facts_of(answer)
    assert said["Nguồn hỗ trợ"] == "Doanh nghiệp"
    decree = "Quyết định 1168/QĐ-TTg ngày 24/7/2015, Thông tư 08/2016/TT-BTTTT (chưa đối chiếu văn bản)"
    assert said["Chính sách"] == f"{support.scheme.name}{decree}"


def test_an_outcome_without_a_source_says_that_none_was_written(plan, client):
    said = facts_of(client.get(reverse("supports:outcome", args=[an_outcome(plan=plan).pk])))
    assert said["Nguồn hỗ trợ"] == "không ghi"
    assert "Chính sách" not in said


def test_only_schemes_that_held_in_the_plans_time_are_offered(plan, client):
    page = parsed(client.get(reverse("supports:record") + f"?ho={a_household(lacks=(TELECOM, ASSET)).pk}"))
    offered = page.xpath("//select[@name='scheme']/option/@value")
    assert offered == ["", "phone_2015", "equipment_2017", "set_top_box"]
    telecom = parsed(client.get(reverse("supports:record") + f"?ho={a_household().pk}"))
    assert telecom.xpath("//select[@name='scheme']/option/@value") == ["", "phone_2015"]


@pytest.mark.parametrize(
    ("scheme", "sentence"),
    [
        ("set_top_box", "không dành cho sử dụng dịch vụ"),
        ("mobile_2020", "Ngày 10/06/2019 chính sách “Gói di động"),
    ],
)
def test_a_scheme_that_cannot_have_given_it_is_refused(plan, officer, scheme, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        record(plan, a_household(), officer, scheme=Scheme.objects.get(pk=scheme))
    assert not Support.objects.exists()


def test_a_scheme_of_the_last_day_and_of_the_first_day_after_it(plan, client):
    Scheme.objects.filter(pk="phone_2015").update(valid_to=date(2019, 6, 10))
    refused = post(client, a_household(), scheme="phone_2015", happened_on="10/06/2019")
    assert list(problems_of(refused).values()) == ["id_scheme"]
    assert post(client, a_household(), scheme="phone_2015", happened_on="09/06/2019").status_code == 302


def test_what_a_scheme_gives_once_names_the_other_support(plan, client, officer):
    Scheme.objects.filter(pk="phone_2015").update(giving="money_once")
    household = a_household()
    first = record(plan, household, officer, scheme=Scheme.objects.get(pk="phone_2015"))
    Outcome.objects.filter(pk=first.pk).update(standing=False)
    answer = post(client, household, scheme="phone_2015")
    assert "đã được hỗ trợ một lần theo chính sách" in " ".join(problems_of(answer))
    assert typed(answer)["provider"] == "Doanh nghiệp A"


def test_a_source_that_the_list_does_not_have_is_named_once_and_is_on_the_list_then(plan, client):
    new = "Hội  Chữ thập đỏ xã"
    first, key = a_household(), str(uuid.uuid4())
    for _ in range(2):
        assert post(client, first, id=key, source="", new_source=new).status_code == 302
    assert post(client, a_household(), source="", new_source="hội chữ thập đỏ Xã").status_code == 302
    source = Source.objects.get(unit=a_unit())
    assert source.name == "Hội Chữ thập đỏ xã"
    assert list(Support.objects.values_list("source", flat=True)) == [source.pk, source.pk]
    assert post(client, a_household(), source="", new_source="doanh nghiệp").status_code == 302
    assert Source.objects.filter(unit__isnull=False).count() == 1, "one that the file has is not made anew"

    page = parsed(client.get(reverse("supports:record") + f"?ho={a_household().pk}"))
    assert source.pk in page.xpath("//select[@name='source']/option/@value")
    sister = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    address = reverse("supports:record") + f"?ho={a_household(a_unit('Nam Ngạn')).pk}"
    elsewhere = parsed(a_client(sister).get(address))
    assert source.pk not in elsewhere.xpath("//select[@name='source']/option/@value")
    assert "household" in elsewhere.xpath("//select[@name='source']/option/@value")


def test_a_source_named_for_what_is_refused_is_not_kept(plan, client):
    damaged = SimpleUploadedFile("hong.jpg", b"no photo")
    post(client, a_household(), source="", new_source="Hội Chữ thập đỏ", files=damaged)
    post(client, a_household(lacks=(ASSET,)), source="", new_source="Hội Chữ thập đỏ")
    assert not Source.objects.filter(unit__isnull=False).exists()


def test_a_source_is_added_by_those_of_the_unit_who_record_or_keep_devices(plan, officer):
    for person in (officer, a_person(Role.COORDINATOR)):
        assert add_source(name="Quỹ vì người nghèo", unit=person.unit, by=person).unit == person.unit
    for person in (
        a_person(Role.OFFICER, a_unit("Nam Ngạn")),
        a_person(Role.VERIFIER),
        a_person(Role.LEADER),
    ):
        with pytest.raises(NotAllowed, match="thêm được nguồn hỗ trợ"):
            add_source(name="Quỹ khác", unit=officer.unit, by=person)


def test_another_source_in_a_form_sent_again_is_refused(plan, client):
    household, key = a_household(), str(uuid.uuid4())
    post(client, household, id=key)
    for change in ({"source": "charity"}, {"source": "", "new_source": "Hội X"}, {"scheme": "phone_2015"}):
        assert "Biểu mẫu này đã ghi một kết quả khác." in text_of(post(client, household, id=key, **change))
    assert Support.objects.get().source_id == "enterprise"


# ---- the rule


def test_the_rule_says_since_what_day_it_stands_and_by_what_review(plan, client):
    said = text_of(client.get(reverse("supports:record") + f"?ho={a_household().pk}"))
    assert "từ ngày ban hành kế hoạch. Áp dụng từ 03/03/2019, theo rà soát cuối năm 2018." in said


# ---- evidence


def a_photo(size=(2600, 1300), *, marked=b"MAY-ANH-BI-MAT", kind="JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = marked.decode()
    exif[0x9003] = "2019:06:10 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (19.0, 48.0, 27.5), 3: "E", 4: (105.0, 46.0, 36.25)})
    out = io.BytesIO()
    picture = Image.new("RGB", size, (200, 30, 30))
    picture.save(out, kind, exif=exif, **({"comment": b"toa do nha ong Gia Dinh"} if kind == "JPEG" else {}))
    return out.getvalue()


def content(row: Evidence) -> bytes:
    with row.file.open("rb") as file:
        return file.read()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_its_metadata_and_is_scaled(plan, officer, tmp_path, kind):
    raw = a_photo(kind=kind)
    with Image.open(io.BytesIO(raw)) as sent:
        assert sent.getexif().get_ifd(0x8825), "the photo as sent knows where it was taken"

    outcome = record(plan, a_household(), officer, files=[("nha.chup.bien-ban.JPG", raw)])

    row = outcome.evidence.get()
    kept = content(row)
    assert (row.name, row.media_type, row.size) == ("nha.chup.bien-ban.jpg", "image/jpeg", len(kept))
    with Image.open(io.BytesIO(kept)) as photo:
        assert (photo.format, photo.size) == ("JPEG", (LARGEST_SIDE, 1000))
        assert not photo.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & photo.info.keys()
    assert b"BI-MAT" not in kept
    assert b"Gia Dinh" not in kept
    # The name on the disk says nothing of the household.
    [file] = files_below(tmp_path)
    assert file.name == f"{row.pk}.bin"


def test_a_pdf_is_kept_byte_for_byte(plan, officer):
    raw = b"%PDF-1.4\n" + bytes(range(256)) * 9
    outcome = record(plan, a_household(), officer, files=[("biên bản.pdf", raw)])
    assert content(outcome.evidence.get()) == raw


DAMAGED = {
    "a cut photo": a_photo()[:900],
    "no photo": b"<html><script>alert(1)</script>",
    "nothing": b"",
    "a gif": b"GIF89a" + bytes(200),
}


@pytest.mark.parametrize("raw", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_photo_is_named_and_nothing_is_left_behind(plan, client, tmp_path, raw):
    good = SimpleUploadedFile("tot.pdf", b"%PDF-1.4 good")
    answer = post(client, a_household(), files=[good, SimpleUploadedFile("hong.jpg", raw)])
    assert "“hong.jpg”: Tệp ảnh bị hỏng hoặc không phải ảnh." in " ".join(problems_of(answer))
    assert not Outcome.objects.exists()
    assert not Entry.objects.exists()
    assert not Evidence.objects.exists()
    assert files_below(tmp_path) == []


def test_too_many_and_too_large_files_are_refused(plan, officer, monkeypatch):
    pdf = b"%PDF-1.4 signed"
    with pytest.raises(NotAllowed, match="nhiều nhất 6 tệp"):
        record(plan, a_household(), officer, files=[(f"{n}.pdf", pdf) for n in range(7)])
    monkeypatch.setattr(evidence, "LARGEST", 10)
    with pytest.raises(NotAllowed, match=r"“to\.pdf”: tệp nặng hơn"):
        record(plan, a_household(), officer, files=[("to.pdf", pdf)])
    assert not Outcome.objects.exists()


def test_files_go_when_their_rows_cannot_be_written(plan, officer, tmp_path, monkeypatch):
    outcome = record(plan, a_household(), officer)
    actions.give_back(outcome=outcome, reason="thiếu trang 2", by=a_person(Role.VERIFIER))
    written = []

    def fails(self, *args, **more):
        written.extend(files_below(tmp_path))
        raise IntegrityError("the disk of the database is full")

    monkeypatch.setattr(Evidence, "save", fails)
    with pytest.raises(IntegrityError):
        actions.answer(outcome=outcome, note="", files=[("a.pdf", b"%PDF-1.4 x")], by=officer)
    assert written
    assert files_below(tmp_path) == []
    assert outcome.state == EntryKind.RETURNED


def test_an_answer_brings_more_evidence(plan, client, officer):
    outcome = record(plan, a_household(), officer)
    actions.give_back(outcome=outcome, reason="ảnh mờ", by=a_person(Role.VERIFIER))
    answer = client.post(
        reverse("supports:answer", args=[outcome.pk]),
        {"files": SimpleUploadedFile("lai.jpg", a_photo((40, 30)))},
    )
    assert answer.status_code == 302
    assert [row.name for row in outcome.evidence.all()] == ["lai.jpg"]


def test_a_step_whose_form_is_gone_is_told_as_a_message(plan, client, officer):
    outcome = record(plan, a_household(), officer)
    actions.give_back(outcome=outcome, reason="ảnh mờ", by=a_person(Role.VERIFIER))
    address = reverse("supports:answer", args=[outcome.pk])
    assert problems_of(client.post(address, {"note": " "})) == {
        "Trả lời: Thêm tệp minh chứng, hoặc ghi câu trả lời.": "id_note"
    }
    client.post(address, {"note": "đã chụp lại"})
    twice = client.post(address, {"note": "đã chụp lại"}, follow=True)
    assert "đang ở bước “đã bổ sung” nên không “bổ sung” được" in text_of(twice)

    address = reverse("supports:withdraw", args=[outcome.pk])
    client.post(address, {"rut-reason": "ghi nhầm"})
    for reason in ("ghi nhầm", ""):
        twice = client.post(address, {"rut-reason": reason}, follow=True)
        assert "đang ở bước “rút”" in text_of(twice)
    assert outcome.entries.count() == 4


def test_evidence_is_served_in_scope_alone_as_an_attachment_that_is_kept_nowhere(plan, client, officer):
    raw = b"%PDF-1.4 <script>alert(1)</script>"
    outcome = record(plan, a_household(), officer, files=[('bien"ban.pdf', raw)])
    row = outcome.evidence.get()
    address = reverse("supports:evidence", args=[row.pk])

    for person in (officer, a_person(Role.VERIFIER), a_person(Role.COORDINATOR)):
        answer = a_client(person).get(address)
        assert b"".join(answer.streaming_content) == raw
        assert answer["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer["Cache-Control"]
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert Reading.objects.filter(subject=f"evidence:{row.pk}", person_name=person.full_name).count() == 1

    assert a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn"))).get(address).status_code == 404
    for role in (Role.LEADER, Role.PARTNER, Role.ADMINISTRATOR):
        assert a_client(a_person(role)).get(address).status_code == 403


# ---- the ledger itself


@pytest.mark.parametrize(
    ("kind", "recorded", "verified", "reason"),
    [
        ("recorded", 1, 0, ""),  # a second time
        ("verified", 1, 1, ""),
        ("verified", 0, 0, ""),
        ("verified", 0, 2, ""),
        ("verified", 0, -1, ""),
        ("returned", 0, -1, ""),  # no reason
        ("returned", -1, 0, "x"),
        ("returned", 0, 1, "x"),
        ("answered", 0, 1, ""),
        ("answered", 1, 0, ""),
        ("withdrawn", -1, 0, ""),  # no reason
        ("withdrawn", 0, 0, "x"),
        ("withdrawn", -2, 0, "x"),
        ("withdrawn", -1, 1, "x"),
        ("forgotten", 0, 0, "x"),
    ],
)
def test_the_database_refuses_a_line_that_cannot_be(plan, kind, recorded, verified, reason):
    outcome = an_outcome(plan=plan)
    line = """INSERT INTO supports_entry (outcome_id, kind, "on", at, recorded, verified, reason, by_name, organisation)
              VALUES (%s, %s, '2019-06-12', now(), %s, %s, %s, 'x', 'x')"""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(line, [outcome.pk, kind, recorded, verified, reason])
    assert counted(plan) == Counts(1, 0)


def test_the_database_refuses_a_second_withdrawal(plan, officer):
    outcome = record(plan, a_household(), officer)
    actions.withdraw(outcome=outcome, reason="ghi nhầm", by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            outcome=outcome, kind="withdrawn", on="2019-06-12", at="2019-06-12T00:00Z", recorded=-1, reason="x"
        )  # fmt: skip


def test_the_database_refuses_a_second_outcome_that_stands(plan, officer):
    outcome = record(plan, a_household(), officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(
            plan=plan, household=outcome.household, unit=outcome.unit, indicator=outcome.indicator,
            means=outcome.means, happened_on=date(2019, 6, 11),
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supports_entry SET recorded = 0",
        "UPDATE supports_entry SET \"on\" = '2019-01-01'",
        "DELETE FROM supports_entry",
        "UPDATE supports_outcome SET happened_on = '2019-01-01'",
        "UPDATE supports_outcome SET unit_id = 'phuong-nam-ngan-14761'",
        "DELETE FROM supports_outcome",
        "UPDATE supports_evidence SET sha256 = ''",
        "DELETE FROM supports_evidence",
    ],
)
def test_the_database_refuses_to_change_what_was_written(plan, officer, statement):
    record(plan, a_household(), officer, files=[("a.pdf", b"%PDF-1.4 x")])
    with (
        pytest.raises(ProgrammingError, match="pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


# ---- what officers stumbled over


def test_evidence_may_be_added_later_and_by_the_ward_alone(plan, client, officer):
    outcome = an_outcome(plan=plan)
    address = reverse("supports:add_evidence", args=[outcome.pk])
    nothing = client.post(address)
    assert problems_of(nothing) == {"Thêm minh chứng: Chưa chọn tệp minh chứng.": "id_files"}
    paper = SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.4 x", "application/pdf")
    assert client.post(address, {"files": paper}).status_code == 302
    assert outcome.evidence.get().name == "bien-ban.pdf"
    with pytest.raises(NotAllowed, match="Chỉ cán bộ phường, xã của hộ"):
        actions.add_evidence(outcome=outcome, files=[("x.pdf", b"%PDF-1.4")], by=a_person(Role.VERIFIER))
    actions.withdraw(outcome=outcome, reason="nhầm hộ", by=officer)
    outcome.refresh_from_db()
    with pytest.raises(NotAllowed, match="đã rút"):
        actions.add_evidence(outcome=outcome, files=[("x.pdf", b"%PDF-1.4")], by=officer)
    assert outcome.evidence.count() == 1


def test_a_file_that_has_to_be_chosen_again_is_named(plan, client):
    paper = SimpleUploadedFile("bien-ban-ho-5.pdf", b"%PDF-1.4 x", "application/pdf")
    answer = post(client, a_household(), happened_on="31/02/2019", files=paper)
    assert any("chưa tệp nào được lưu: bien-ban-ho-5.pdf" in problem for problem in problems_of(answer))
    assert not Outcome.objects.exists()


def test_a_form_sent_again_with_another_content_is_refused_and_keeps_what_was_typed(plan, client):
    household, key = a_household(), str(uuid.uuid4())
    first = post(client, household, id=key)
    assert post(client, household, id=key).url == first.url, "the same again is the same"
    changed = post(client, household, id=key, note="Lắp xong buổi chiều")
    assert "Biểu mẫu này đã ghi một kết quả khác." in text_of(changed)
    assert typed(changed)["note"].strip() == "Lắp xong buổi chiều"
    assert Outcome.objects.get().note == "Lắp xong buổi sáng"


def test_the_chooser_offers_who_still_waits_and_says_what_they_lack(plan, client):
    waiting, done = (a_household(head_name=name) for name in ("Lê Thị Còn Chờ", "Lê Thị Đã Xong"))
    an_outcome(done, plan=plan)
    page = text_of(client.get(reverse("supports:record")))
    assert waiting.head_name in page
    assert "Dịch vụ viễn thông" in page
    assert done.head_name not in page


def test_a_household_counts_for_the_nearest_unit_above_it_that_has_a_plan(plan):
    household = a_household()
    of_the_province = Plan.objects.create(
        issuer=plan.issuer.parent, year=2019, number="1", symbol="KH-UBND", opened_on=date(2019, 6, 1)
    )
    assert plan_for(household, date(2019, 6, 12)) == plan
    Plan.objects.filter(pk=plan.pk).update(year=2018)
    assert plan_for(household, date(2019, 6, 12)) == of_the_province
