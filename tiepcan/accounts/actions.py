"""What is done to organisations, people and codes."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tiepcan.accounts.models import OneTimeCode, Organisation, OrganisationKind, Person, Reading
from tiepcan.accounts.roles import May, Role
from tiepcan.audit.acts import Actor, act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind

CODE_LASTS = timedelta(days=3)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another when read aloud


def found_installation(*, code: str, username: str, full_name: str, password: str, unit: Unit) -> Person:
    """Make the first administrator and the organisations of the unit that issues plans, with the one-time code.

    Organisations: the offices that a plan of that unit gives duties to, and a committee for each unit right below.
    Raises NotAllowed when the code does not hold or somebody is already there.
    """
    if Person.objects.exists():
        raise NotAllowed("Hệ thống đã có người quản trị. Hãy đăng nhập.")
    _check_password(password)
    with act("installation.founded", by=None):
        _use(code, person=None)
        organisations = make_organisations(unit)
        return _add_person(
            username=username,
            full_name=full_name,
            position="Quản trị tài khoản",
            organisation=organisations[0],
            role=Role.ADMINISTRATOR,
            password=password,
        )


def make_organisations(unit: Unit) -> list[Organisation]:
    """The organisations that a plan of this unit speaks of; the issuing committee first. Those that exist stay."""
    of = f"{unit.get_kind_display().lower()} {unit.name}"
    names = _OF_A_PROVINCE if unit.kind == Kind.PROVINCE else _OF_A_CITY
    wanted = [
        *((kind, f"{name} {of}", unit) for kind, name in names.items()),
        *(
            (OrganisationKind.LOCAL, f"UBND {child.get_kind_display().lower()} {child.name}", child)
            for child in unit.children.valid_on(clock.today()).order_by("name")
        ),
    ]
    return [
        Organisation.objects.get_or_create(unit=place, name=name, defaults={"kind": kind})[0]
        for kind, name, place in wanted
    ]


_OF_A_CITY = {
    OrganisationKind.COMMITTEE: "UBND",
    OrganisationKind.CULTURE: "Phòng Văn hóa Thông tin",
    OrganisationKind.LABOUR: "Phòng Lao động, Thương binh và Xã hội",
    OrganisationKind.STATION: "Đài Truyền thanh – Truyền hình",
    OrganisationKind.OFFICE: "Văn phòng HĐND và UBND",
}
# Since July 2025 the level above a ward is the province. Names of its departments differ; an administrator renames them.
_OF_A_PROVINCE = {
    OrganisationKind.COMMITTEE: "UBND",
    OrganisationKind.CULTURE: "Cơ quan phụ trách thông tin, truyền thông",
    OrganisationKind.LABOUR: "Cơ quan phụ trách giảm nghèo",
    OrganisationKind.STATION: "Đài Phát thanh – Truyền hình",
    OrganisationKind.OFFICE: "Văn phòng UBND",
}


def rename_organisation(*, organisation: Organisation, name: str, by: Person) -> None:
    """Give an organisation the name that it bears now; history keeps the earlier one."""
    _may_keep_accounts(by, organisation.unit)
    try:
        with act("organisation.renamed", by=by), transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(name=" ".join(name.split()))
    except IntegrityError:
        raise NotAllowed(f"{organisation.unit} đã có “{name}”.") from None


def add_organisation(*, kind: str, name: str, unit: Unit, by: Person) -> Organisation:
    """Add an organisation to a unit; its name is there once."""
    _may_keep_accounts(by, unit)
    try:
        with act("organisation.added", by=by), transaction.atomic():
            return Organisation.objects.create(kind=kind, name=name.strip(), unit=unit)
    except IntegrityError:
        raise NotAllowed(f"{unit} đã có “{name}”.") from None


def add_person(
    *, username: str, full_name: str, position: str, organisation: Organisation, role: str, by: Person
) -> tuple[Person, str]:
    """Make an account without a password; returns the person and the one-time code to hand over."""
    _may_keep_accounts(by, organisation.unit)
    if problem := why_not_role(role, organisation):
        raise NotAllowed(problem)
    with act("person.added", by=by):
        person = _add_person(
            username=username,
            full_name=full_name,
            position=position,
            organisation=organisation,
            role=role,
            password=None,
        )
        return person, _new_code(person)


def why_not_role(role: str, organisation: Organisation) -> str | None:
    """Why somebody of this organisation cannot have this role, as a sentence; None if they can."""
    is_local = organisation.kind == OrganisationKind.LOCAL
    if role == Role.OFFICER and not is_local:
        return f"“{Role(role).label}” là vai trò của người ở UBND phường, xã; {organisation.name} thì không phải."
    if role == Role.OPERATOR and organisation.kind != OrganisationKind.COMPANY:
        return (
            f"“{Role(role).label}” là vai trò của người ở doanh nghiệp; {organisation.name} thì không phải."
        )
    if role in (Role.COORDINATOR, Role.VERIFIER) and is_local:
        return f"“{Role(role).label}” là vai trò của cơ quan cấp trên phường, xã, không phải của {organisation.name}."
    return None


def renew_code(*, person: Person, by: Person) -> str:
    """A fresh one-time code for somebody who lost the password; older codes end, the old password too."""
    _may_keep_accounts(by, person.unit)
    with act("person.code_renewed", by=by):
        person.codes.filter(used_at=None).update(used_at=clock.now())
        person.set_unusable_password()
        person.save(update_fields=["password"])
        return _new_code(person)


def close_account(*, person: Person, reason: str, by: Person) -> None:
    """End an account: its sessions end with it, history keeps its name. Nobody closes their own."""
    _may_keep_accounts(by, person.unit)
    if person.pk == by.pk:
        raise NotAllowed("Không thể tự đóng tài khoản của mình. Nhờ một người quản trị khác.")
    if not reason.strip():
        raise NotAllowed("Ghi lý do đóng tài khoản.")
    with act("person.closed", by=by, reason=reason.strip()):
        Person.objects.filter(pk=person.pk).update(is_active=False)


def set_password(*, code: str, username: str, password: str) -> Person:
    """Set the password with a one-time code. Raises NotAllowed with one sentence for any wrong pair."""
    _check_password(password)
    person = Person.objects.filter(username=username.strip().lower(), is_active=True).first()
    if not person:
        raise NotAllowed(_BAD_CODE)
    with act("person.password_set", by=person):
        _use(code, person=person)
        person.set_password(password)
        person.save(update_fields=["password"])
    return person


def new_founding_code() -> str:
    """The code for the first administrator, to be printed in the console; an older one ends."""
    with act("installation.code_made", by=None):
        OneTimeCode.objects.filter(person=None, used_at=None).update(used_at=clock.now())
        return _new_code(None)


def note_reading(*, by: Actor, subject: str, what: str) -> None:
    """Keep that somebody opened or took out personal data. `subject` is a table and key, never a name."""
    Reading.objects.create(
        person_name=by.full_name,
        organisation=by.organisation_name,
        subject=subject,
        what=what,
        at=clock.now(),
    )


_BAD_CODE = "Mã dùng một lần hoặc tên tài khoản chưa đúng, hoặc mã đã hết hạn. Xin người quản trị cấp mã mới."


def _may_keep_accounts(by: Person, unit: Unit) -> None:
    if not by.may_change(May.KEEP_ACCOUNTS, unit):
        raise NotAllowed("Chỉ người quản trị tài khoản của địa bàn này làm được việc này.")


def _add_person(
    *,
    username: str,
    full_name: str,
    position: str,
    organisation: Organisation,
    role: str,
    password: str | None,
) -> Person:
    person = Person(
        username=username.strip().lower(),
        full_name=full_name.strip(),
        position=position.strip(),
        organisation=organisation,
        role=role,
    )
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise NotAllowed(f"Tên tài khoản “{person.username}” đã có người dùng. Chọn tên khác.") from None
    return person


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as problem:
        raise NotAllowed(" ".join(problem.messages)) from None


def _new_code(person: Person | None) -> str:
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    OneTimeCode.objects.create(person=person, digest=_digest(code), expires_at=clock.now() + CODE_LASTS)
    return code


def _use(code: str, *, person: Person | None) -> None:
    used = OneTimeCode.objects.filter(
        digest=_digest(code), person=person, used_at=None, expires_at__gt=clock.now()
    ).update(used_at=clock.now())
    if not used:
        raise NotAllowed(_BAD_CODE)


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
