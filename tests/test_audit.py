"""Every change leaves an event that nobody can change, and history tells it in words."""

import ast
import importlib
import re
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pghistory.models
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django.urls import reverse

from tests.factories import (
    PASSWORD,
    a_client,
    a_draft,
    a_household,
    a_person,
    a_plan,
    a_unit,
    an_outcome,
)
from tiepcan.accounts import actions as accounts
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.doors import routes
from tiepcan.accounts.models import FailedSignIn, Person
from tiepcan.accounts.roles import Role
from tiepcan.audit import acts
from tiepcan.audit.acts import act
from tiepcan.audit.history import event_model, history_of, told
from tiepcan.households import actions as households
from tiepcan.households.history import SENTENCES as OF_HOUSEHOLDS
from tiepcan.households.models import Household, ImportProblem, ImportRow, Stamp, Tally
from tiepcan.plans.models import Draft, Recipient
from tiepcan.reporting import actions as reporting
from tiepcan.reporting.models import ConsolidatedReport
from tiepcan.supports import actions as supports
from tiepcan.supports.models import Entry, Evidence, Kept, KeptDay, Outcome
from tiepcan.telecom.models import Problem

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent

NOT_AUDITED = {
    ImportRow: "working material of a file, which is kept itself; what it changed is in the households' history",
    ImportProblem: "working material of a file, which is kept itself",
    Problem: "bad cells of a month's file, which is kept itself",
    Stamp: "counts changes, by triggers; the changes themselves are audited",
    Tally: "counts kept by triggers beside the reviews, which are audited; computed anew at any time",
    KeptDay: "what the ledger's lines added on a day, kept by their trigger; computed anew at any time",
    Kept: "counts kept by triggers beside the ledger and the supports, which are audited; computed anew at any time",
    FailedSignIn: "counts wrong passwords for a quarter of an hour and is swept; nothing of the domain",
}
NOT_KEPT = {
    "accounts.Person": {"password", "last_login"},
    "accounts.OneTimeCode": {"digest"},
    "plans.Draft": {"document"},
    "households.Household": {"search_key", "sort_key", "identity_digest"},
    "households.Member": {"identity_digest"},
    "households.Import": {"progress", "understanding", "stamps", "marks"},
    "paperwork.Contact": {"name_key"},
    "paperwork.Document": {"paper", "search_key"},
    "paperwork.Incoming": {"search_key", "twin_key"},
    "paperwork.Number": {"search_key"},
    "paperwork.SignaturePicture": {"picture"},
    "reporting.ConsolidatedReport": {"figures", "paper"},
    "reporting.Filing": {"content"},
    "telecom.Month": {"unused"},
    "telecom.Line": {"identity_digest"},
}
"""Columns that history does not have: secrets, and what stands frozen or whole in the row itself."""


def our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        ours = model.__module__.startswith("tiepcan.") and not hasattr(model, "pgh_tracked_model")
        if ours and model not in NOT_AUDITED:
            yield model


def run(sql: str, *values: object) -> None:
    """Plain SQL in a savepoint, past everything that the program checks and outside of every act."""
    with transaction.atomic(), connection.cursor() as cursor:
        # An act ends with its transaction; a test's transaction goes on.
        cursor.execute("RESET pghistory.context_id")
        cursor.execute("RESET pghistory.context_metadata")
        cursor.execute(sql, values)


# ---- what is kept


@pytest.mark.parametrize("model", list(our_models()), ids=lambda model: model._meta.label)
def test_every_table_of_ours_is_audited(model):
    events = event_model(model)
    kept = {column.name for column in events._meta.concrete_fields}
    columns = {column.name for column in model._meta.concrete_fields}
    assert columns - kept == NOT_KEPT.get(model._meta.label, set())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        names = " ".join(name for (name,) in cursor.fetchall())
    assert [what for what in ("insert_insert", "update_update", "delete_delete") if what not in names] == []


def test_a_table_that_is_not_audited_has_its_reason():
    assert all(reason for reason in NOT_AUDITED.values())
    with pytest.raises(StopIteration):
        event_model(FailedSignIn)


def test_a_change_in_bulk_leaves_an_event_for_each_row():
    kept = [a_household(), a_household()]
    Household.objects.filter(pk__in=[h.pk for h in kept]).update(hamlet="Tổ 9")
    events = event_model(Household).objects.filter(pgh_label="update")
    assert sorted(events.values_list("pgh_obj_id", "hamlet")) == sorted((h.pk, "Tổ 9") for h in kept)


def test_plain_sql_leaves_an_event_too():
    household = a_household()
    run("UPDATE households_household SET hamlet = 'Tổ 8' WHERE id = %s", household.pk)
    run("DELETE FROM households_review WHERE household_id = %s", household.pk)

    assert event_model(Household).objects.get(pgh_obj_id=household.pk, pgh_label="update").hamlet == "Tổ 8"
    [outside, added] = history_of(Household.objects.filter(pk=household.pk))
    assert (outside.verb, added.verb) == ("", "household.added")
    assert told([outside], OF_HOUSEHOLDS)[0].sentence == "Thay đổi ngoài chương trình"


def test_without_its_trigger_a_change_would_leave_nothing():
    """What the two tests above would look like if the guard were missing."""
    household = a_household()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE households_household DISABLE TRIGGER USER")
    Household.objects.filter(pk=household.pk).update(hamlet="Tổ 9")
    assert not event_model(Household).objects.filter(pgh_label="update").exists()


def test_an_act_says_who_did_what_why_and_from_where():
    officer = a_person(Role.OFFICER, full_name="Lê Thị Sổ Sách")
    household = a_household(by=officer)
    token = acts.source.set("/ho-ngheo/")
    try:
        with act("household.edited", by=officer, reason="đổi tên tổ"):
            Household.objects.filter(pk=household.pk).update(hamlet="Tổ 9")
    finally:
        acts.source.reset(token)

    event = event_model(Household).objects.get(pgh_label="update")
    assert event.pgh_context.metadata == {
        "verb": "household.edited",
        "by": officer.pk,
        "by_name": "Lê Thị Sổ Sách",
        "organisation": officer.organisation_name,
        "reason": "đổi tên tổ",
        "at": "2019-06-12T09:00:00+07:00",
        "source": "/ho-ngheo/",
    }


def test_an_act_on_a_page_names_the_page_without_its_query():
    officer = a_person(Role.OFFICER)
    household = a_household(by=officer)
    data = {"code": "H-9", "head_name": "Lê Thử", "members": "2", "version": "1"}
    a_client(officer).post(reverse("households:edit", args=[household.pk]) + "?tim=abc", data)

    event = event_model(Household).objects.get(pgh_label="update")
    assert event.pgh_context.metadata["source"] == f"/ho-ngheo/{household.pk}/sua/"


def test_an_act_that_fails_leaves_neither_rows_nor_events():
    household = a_household()
    with pytest.raises(ZeroDivisionError), act("household.edited", by=CONSOLE):
        Household.objects.filter(pk=household.pk).update(hamlet="Tổ 9")
        raise ZeroDivisionError
    household.refresh_from_db()
    assert household.hamlet == "Tổ 1"
    assert not event_model(Household).objects.filter(pgh_label="update").exists()


# ---- what nobody can change


@pytest.mark.parametrize("model", list(our_models()), ids=lambda model: model._meta.label)
def test_events_are_protected_in_every_table(model):
    """The triggers are there; the next test shows what they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'",
            [event_model(model)._meta.db_table],
        )
        assert any("append_only" in name for (name,) in cursor.fetchall())


@pytest.mark.parametrize("sql", ["UPDATE {} SET hamlet = 'x'", "DELETE FROM {}"])
def test_events_cannot_be_changed_or_deleted(sql):
    a_household()
    table = event_model(Household)._meta.db_table
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"):
        run(sql.format(table))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run(sql.format(table))  # with the guard away it would go through


@pytest.fixture
def kept_rows() -> dict[str, models.Model]:
    """One row of each table whose rows stay as they were written."""
    plan = a_plan()
    outcome = an_outcome(plan=plan, files=[("bien-ban.pdf", b"%PDF-1.4 x")])
    report = reporting.consolidate(id=uuid.uuid4(), plan=plan, as_of=date(2019, 6, 12), by=CONSOLE)
    return {
        "outcome": outcome,
        "entry": outcome.entries.get(),
        "evidence": outcome.evidence.get(),
        "report": report,
    }


_FACTS = ("happened_on", "provider", "note", "unit_id", "household_id", "indicator_id", "means_id", "plan_id")


@pytest.mark.parametrize(
    ("which", "change"),
    [
        ("entry", "recorded = 0"),
        ("entry", "\"on\" = '2019-01-01'"),
        ("entry", "by_name = 'x'"),
        ("evidence", "name = 'x'"),
        ("evidence", "sha256 = 'x'"),
        ("report", "figures = '{}'"),
        ("report", "digest = 'x'"),
        ("outcome", "happened_on = '2019-01-01'"),
        ("outcome", "provider = 'x'"),
        ("outcome", "note = 'x'"),
        ("outcome", f"unit_id = '{'thanh-pho-thanh-hoa-380'}'"),
        ("outcome", "household_id = gen_random_uuid()"),
        ("outcome", "indicator_id = 'information_asset'"),
        ("outcome", "means_id = 'x'"),
        ("outcome", "plan_id = plan_id + 1"),
        ("outcome", "id = gen_random_uuid()"),
    ],
)
def test_what_was_written_is_not_changed_even_by_plain_sql(kept_rows, which, change):
    row = kept_rows[which]
    with pytest.raises(ProgrammingError, match="Cannot update"):
        run(f"UPDATE {row._meta.db_table} SET {change} WHERE id = %s", row.pk)


@pytest.mark.parametrize("model", [Entry, Evidence, ConsolidatedReport, Outcome])
def test_what_was_written_is_not_deleted_even_by_plain_sql(kept_rows, model):
    assert model.objects.exists()
    with pytest.raises(ProgrammingError, match=r"[Cc]annot.* delete"):
        run(f"DELETE FROM {model._meta.db_table}")


def test_only_whether_an_outcome_stands_may_change(kept_rows):
    assert {column.attname for column in Outcome._meta.concrete_fields} == {"id", "standing", *_FACTS}
    run("UPDATE supports_outcome SET standing = false WHERE id = %s", kept_rows["outcome"].pk)


# ---- verbs and sentences

ROOMS = sorted(p.parent.name for p in (ROOT / "tiepcan").glob("*/history.py") if p.parent.name != "audit")
VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def verbs_of(room: str) -> set[str]:
    """Every text that the room's code hands to `act`, also through `_change`, `moved` and either arm of a choice."""
    found: set[str] = set()
    for file in (ROOT / "tiepcan" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("act", "_change", "moved"):  # type: ignore[attr-defined]
                texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))  # type: ignore[arg-type]
                found |= {text for text in texts if isinstance(text, str) and VERB.fullmatch(text)}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_verb_has_a_sentence_and_every_sentence_a_verb(room):
    sentences = importlib.import_module(f"tiepcan.{room}.history").SENTENCES
    assert verbs_of(room) == set(sentences)


def test_no_room_acts_without_sentences():
    acting = {p.name for p in (ROOT / "tiepcan").iterdir() if p.is_dir() and verbs_of(p.name)}
    assert acting <= set(ROOMS)
    assert len(acting) >= 7


# ---- history as a page


def text_of(response: object) -> str:
    body = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", body.partition("<main")[2]).split())


def test_the_history_of_a_household_tells_old_and_new_in_words():
    officer = a_person(Role.OFFICER, full_name="Lê Thị Sổ Sách")
    household = a_household(by=officer, birth_year=None)
    households.edit(
        household=household, version=1, code=household.code, head_name="Phạm Văn Mới", birth_year=1961,
        hamlet="Tổ 9", members=3, by=officer,
    )  # fmt: skip
    households.review(household=household, version=2, year=2018, poverty="near_poor", lacks=(), by=officer)

    page = text_of(a_client(officer).get(reverse("households:history", args=[household.pk])))
    assert "Sửa thông tin hộ" in page or OF_HOUSEHOLDS["household.edited"] in page
    assert f"họ tên chủ hộ: “{household.head_name}” thành “Phạm Văn Mới”" in page
    assert "năm sinh chủ hộ: “trống” thành “1961”" in page
    assert "phân loại: “Hộ nghèo về thu nhập (N1)” thành “Hộ cận nghèo”" in page
    assert "thiếu hụt: “Dịch vụ viễn thông” thành “trống”" in page
    assert "Lê Thị Sổ Sách" in page
    assert "search_key" not in page and "sort_key" not in page


def test_the_history_of_an_outcome_tells_its_steps_and_reasons():
    officer = a_person(Role.OFFICER)
    outcome = an_outcome(by=officer)
    supports.withdraw(outcome=outcome, reason="Nhầm với hộ bên cạnh", by=officer)

    page = text_of(a_client(officer).get(reverse("supports:history", args=[outcome.pk])))
    assert page.index("Rút kết quả") < page.index("Ghi nhận hộ được tiếp cận")
    assert "Nhầm với hộ bên cạnh" in page
    assert "còn tính: “có” thành “không”" in page


def test_the_history_of_a_plan_tells_who_opened_it_and_what_followed():
    plan = a_plan()
    coordinator = a_person(Role.COORDINATOR)
    recipient = Recipient.objects.filter(version__plan=plan).first()
    a_client(coordinator).post(reverse("plans:recipient", args=[recipient.pk]), {"on": "05/03/2019"})

    page = text_of(a_client(coordinator).get(reverse("plans:history", args=[plan.pk])))
    assert "Mở kế hoạch" in page
    assert "Ghi phát hành kế hoạch" in page
    assert "phát hành ngày: “trống” thành “05/03/2019”" in page


def test_an_unnamed_verb_is_told_as_a_change_from_outside():
    household = a_household()
    with act("household.vanished", by=CONSOLE):
        Household.objects.filter(pk=household.pk).update(hamlet="Tổ 2")
    lines = told(history_of(Household.objects.filter(pk=household.pk)), OF_HOUSEHOLDS)
    assert lines[0].sentence == "Thay đổi ngoài chương trình"


def test_addresses_of_history_hold_keys_and_nothing_personal():
    histories = [pattern for pattern, _ in routes() if "lich-su" in pattern]
    assert len(histories) >= 3
    assert [p for p in histories if set(re.findall(r"<(\w+):", p)) - {"uuid", "int"}] == []


def test_no_link_of_a_history_names_a_person():
    officer = a_person(Role.OFFICER)
    household = a_household(by=officer, head_name="Trần Zoraida")
    outcome = an_outcome(household, by=officer)
    client = a_client(officer)
    for url in (
        reverse("households:history", args=[household.pk]),
        reverse("supports:history", args=[outcome.pk]),
    ):
        links = re.findall(r'(?:href|action|src)="([^"]*)"', client.get(url).content.decode())
        assert [link for link in links if "zoraida" in link.casefold()] == []
    sources = [c.metadata["source"] for c in pghistory.models.Context.objects.all()]
    assert [source for source in sources if "zoraida" in source.casefold()] == []


# ---- secrets


def test_digests_of_passwords_and_codes_never_reach_the_events():
    administrator = a_person(Role.ADMINISTRATOR)
    person, code = accounts.add_person(
        username="le.thu", full_name="Lê Thử", position="", organisation=administrator.organisation,
        role=Role.LEADER, by=administrator,
    )  # fmt: skip
    accounts.set_password(code=code, username="le.thu", password=PASSWORD)
    person.refresh_from_db()
    secrets = {person.password, *person.codes.values_list("digest", flat=True)}
    assert len(secrets) == 2

    events = event_model(Person).objects.filter(pgh_obj_id=person.pk)
    assert events.exists()
    told_of = [
        str(value)
        for model in (Person, person.codes.model)
        for row in event_model(model).objects.values()
        for value in row.values()
    ]
    told_of += [str(context.metadata) for context in pghistory.models.Context.objects.all()]
    assert [text for text in told_of if any(secret in text for secret in {*secrets, PASSWORD, code})] == []


def test_a_new_password_is_an_act_though_its_digest_is_not_kept():
    """That a password was set is known from the code that was used."""
    administrator = a_person(Role.ADMINISTRATOR)
    other = a_person(Role.LEADER)
    code = accounts.renew_code(person=other, by=administrator)
    accounts.set_password(code=code, username=other.username, password=PASSWORD)
    verbs = [one.verb for one in history_of(other.codes.all())]
    assert verbs == ["person.password_set", "person.code_renewed"]


def test_the_events_of_a_draft_leave_the_paper_itself_out():
    draft = a_draft()
    assert Draft.objects.get(pk=draft.pk).document
    assert "document" not in {column.name for column in event_model(Draft)._meta.concrete_fields}


def test_reading_a_household_is_noted_by_key_and_without_names():
    officer = a_person(Role.OFFICER)
    household = a_household(by=officer, head_name="Trần Zoraida")
    a_client(officer).get(reverse("households:household", args=[household.pk]))
    reading = apps.get_model("accounts", "Reading").objects.get()
    assert reading.subject == f"household:{household.pk}"
    assert reading.person_name == officer.full_name
    assert "Zoraida" not in f"{reading.subject} {reading.what}"


def test_history_outlives_its_rows():
    plan = a_plan()
    unit = a_unit()
    milestone = next(m for m in plan.milestones_on(date(2019, 6, 12)) if m.is_for_units)
    submission = reporting.hand_in(
        milestone=milestone, unit=unit, paper_code="1/BC", handed_in_on=date(2019, 6, 1), by=CONSOLE
    )
    key = submission.pk
    reporting.take_back(submission=submission, reason="ghi nhầm", by=CONSOLE)

    events = event_model(type(submission)).objects.filter(pgh_obj_id=key)
    assert [one.verb for one in history_of(events)] == ["submission.taken_back", "submission.handed_in"]
    assert history_of(events)[0].reason == "ghi nhầm"


def test_loading_the_same_reference_again_leaves_no_event():
    from django.core.management import call_command

    before = pghistory.models.Context.objects.count()
    call_command("load_reference", verbosity=0)
    assert pghistory.models.Context.objects.count() == before
