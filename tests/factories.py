"""Plain functions that fill in what a test does not care about. Every person and household is invented."""

import uuid
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from tests.papers.truth import Truth
from tests.papers.writers import utf8
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.devices import actions as devices
from tiepcan.devices.models import Device, DeviceKind
from tiepcan.households import actions as households
from tiepcan.households.models import Household, PovertyClass
from tiepcan.plans import actions as plans
from tiepcan.plans.drafts import reading_of
from tiepcan.plans.models import Draft, Plan
from tiepcan.standards.models import Indicator, Means, Source
from tiepcan.supports import actions as supports
from tiepcan.supports.models import Outcome
from tiepcan.units.models import Unit

CITY = "thanh-pho-thanh-hoa-380"
PASSWORD = "mat-khau-thu-2019"
_numbers = count(1)
_KINDS = {
    Role.COORDINATOR: OrganisationKind.CULTURE,
    Role.VERIFIER: OrganisationKind.LABOUR,
    Role.PARTNER: OrganisationKind.STATION,
    Role.OPERATOR: OrganisationKind.COMPANY,
    Role.SUPERVISOR: OrganisationKind.DEPARTMENT,
}


def a_unit(name: str = "Hàm Rồng") -> Unit:
    """A ward or commune of the city of early 2019, by its name."""
    return Unit.objects.get(name=name, parent=CITY, valid_to__isnull=False, valid_from=None)


def the_city() -> Unit:
    return Unit.objects.get(pk=CITY)


def a_person(
    role: str = Role.OFFICER, unit: Unit | None = None, *, password: str | None = None, **facts: Any
) -> Person:
    """Somebody with this role; officers belong to a ward, all others to the city."""
    unit = unit or (a_unit() if role == Role.OFFICER else the_city())
    kind = (
        OrganisationKind.LOCAL if role == Role.OFFICER else _KINDS.get(Role(role), OrganisationKind.COMMITTEE)
    )
    organisation = facts.pop("organisation", None)
    if organisation is None:
        organisation, _ = Organisation.objects.get_or_create(
            unit=unit, kind=kind, defaults={"name": f"{kind.label} {unit}"}
        )
    n = next(_numbers)
    person = Person(
        username=facts.pop("username", f"nguoi{n}"),
        full_name=facts.pop("full_name", f"Nguyễn Văn Thử {n}"),
        position=facts.pop("position", "Chuyên viên"),
        organisation=organisation,
        role=role,
        **facts,
    )
    person.set_password(password)
    person.save()
    return Person.objects.select_related("organisation__unit").get(pk=person.pk)


def a_draft(truth: Truth | None = None, *, by: Person | None = None, amends: Plan | None = None) -> Draft:
    """An uploaded paper that waits; `truth` may carry a planted defect."""
    raw, name = utf8(truth or Truth())
    by = by or a_person(Role.COORDINATOR)
    return plans.receive(id=uuid.uuid4(), raw=raw, name=name, unit=the_city(), amends=amends, by=by)


def a_plan(truth: Truth | None = None, *, on: date = date(2019, 3, 4)) -> Plan:
    """Plan 87/KH-UBND of 3 March 2019 (`tests.papers.truth`), opened on a day."""
    by = a_person(Role.COORDINATOR)
    with clock.set_to(datetime.combine(on, clock.now().timetz())):
        draft = a_draft(truth, by=by)
        confirm_all(draft, by)
        return plans.open_plan(draft=draft, version=draft.version, by=by)


def confirm_all(draft: Draft, by: Person) -> None:
    """Answer every doubt of a draft, as a person who has looked."""
    for finding in reading_of(draft).waiting:
        plans.answer(draft=draft, finding=finding.key, reason="đúng bản in", version=draft.version, by=by)


def a_household(
    unit: Unit | None = None,
    *,
    lacks: tuple[str, ...] = ("telecom_service",),
    poverty: str = PovertyClass.POOR_INCOME,
    year: int = 2018,
    by: Person | None = None,
    **facts: Any,
) -> Household:
    unit = unit or a_unit()
    n = next(_numbers)
    given = {
        "id": uuid.uuid4(),
        "code": f"H-{n:03}",
        "head_name": f"Trần Thị Ví Dụ {n}",
        "birth_year": 1960,
        "hamlet": "Tổ 1",
        "members": 3,
    }
    return households.add(
        unit=unit,
        lacks=lacks,
        poverty=poverty,
        year=year,
        by=by or a_person(Role.OFFICER, unit),
        **(given | facts),
    )


def an_outcome(
    household: Household | None = None,
    *,
    plan: Plan | None = None,
    indicator: str = "telecom_service",
    on: date | None = None,
    by: Person | None = None,
    **facts: Any,
) -> Outcome:
    """A household gained access; recorded on the day `on` (today), the day after it happened."""
    household = household or a_household(lacks=(indicator,))
    plan = plan or Plan.objects.first() or a_plan()
    on = on or clock.today()
    with clock.set_to(datetime.combine(on, clock.now().timetz())):
        return supports.record(
            id=facts.pop("id", uuid.uuid4()),
            plan=plan,
            household=household,
            indicator=Indicator.objects.get(pk=indicator),
            means=Means.objects.filter(indicator=indicator).order_by("order")[0],
            happened_on=facts.pop("happened_on", on - timedelta(days=1)),
            by=by or a_person(Role.OFFICER, household.unit),
            **facts,
        )


def a_device(
    unit: Unit | None = None, *, kind: str = "tv_32", in_store_of: Unit | None = None, on: date | None = None
) -> Device:
    """A device that a ward's store received (its own officer wrote it), or the city's and issued to the ward."""
    unit = unit or a_unit()
    on = on or date(2019, 4, 17)
    store = in_store_of or unit
    keeper = a_person(Role.OFFICER if store.pk != CITY else Role.COORDINATOR, store)
    receipt = devices.receive(
        id=uuid.uuid4(),
        unit=store,
        kind=DeviceKind.objects.get(pk=kind),
        serials=[f"TV32-{next(_numbers):04}"],
        source=Source.objects.get(pk="enterprise"),
        provider="Doanh nghiệp B",
        received_on=on,
        minutes="04",
        by=keeper,
    )
    device = receipt.devices.get()
    if store.pk != unit.pk:
        devices.issue(id=uuid.uuid4(), devices=[device], store=store, to=unit, on=on, paper="11", by=keeper)
    return Device.objects.select_related("kind__means", "unit", "receipt__source").get(pk=device.pk)


def a_client(person: Person) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(person, backend="tiepcan.accounts.backends.Sessions")
    return client
