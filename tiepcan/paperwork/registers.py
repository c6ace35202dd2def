"""Numbers are given: the next one of a register, under its lock, in the transaction of what it is given for."""

import uuid
from datetime import date

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import May, Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.kinds import KINDS, kind_of
from tiepcan.paperwork.models import Number, NumberState, Register


def register_of(body: Organisation, kind: str, year: int) -> Register:
    """The register of a body for a kind and a year; the first that asks for it opens it."""
    return Register.objects.get_or_create(body=body, kind=kind, year=year)[0]


def next_of(body: Organisation, kind: str, year: int) -> int:
    """The number that would be given now. It is kept for nobody."""
    found = Register.objects.filter(body=body, kind=kind, year=year).first()
    return found.last + 1 if found else 1


def give(
    *,
    body: Organisation,
    symbol: str,
    on: date,
    title: str,
    signer: str,
    recipients: int,
    by: Person,
    key: uuid.UUID | None = None,
) -> Number:
    """The next number of the register. To be called inside an act: who takes a number and fails gives it back.

    Two at once wait for each other at the register's row, so that none is skipped and none is given twice.
    """
    register = register_of(body, kind_of(symbol), on.year)
    locked = Register.objects.select_for_update(no_key=True).get(pk=register.pk)
    locked.last += 1
    locked.save(update_fields=["last"])
    number = Number(
        key=key or uuid.uuid4(),
        register=locked,
        number=locked.last,
        symbol=symbol,
        issued_on=on,
        title=title,
        signer=signer,
        recipients=recipients,
        at=clock.now(),
        by_name=by.full_name,
    )
    number.search_key = folded_key(f"{number.code} {title} {signer}")[:1000]
    number.save(force_insert=True)
    return number


def why_not_keep(body: Organisation, by: Person) -> str:
    """The sentence that keeps somebody from a body's registers; empty when nothing does."""
    if not by.may(May.KEEP_REGISTERS) or not bodies_of(by).filter(pk=body.pk).exists():
        return "Việc này là của văn thư của cơ quan ban hành."
    clerks = Person.objects.filter(organisation__unit=body.unit_id, role=Role.CLERK, is_active=True)
    if body.kind == OrganisationKind.COMMITTEE and by.role != Role.CLERK and clerks.exists():
        return f"Số văn bản của {body} do văn thư cấp."
    return ""


def begin_at(*, body: Organisation, kind: str, year: int, first: int, by: Person) -> Register:
    """Let a register begin after the numbers of a paper book; only while it has given none."""
    if problem := why_not_keep(body, by):
        raise NotAllowed(problem)
    with act("register.begun", by=by):
        register = Register.objects.select_for_update().get(pk=register_of(body, kind, year).pk)
        if register.last >= register.first:
            raise NotAllowed(
                f"Sổ {register} đã cấp đến số {register.last} nên không đổi số đầu được; dãy số phải liền nhau."
            )
        register.first, register.last = first, first - 1
        register.save()
        return register


def enter(
    *, id: uuid.UUID, body: Organisation, symbol: str, title: str, signer: str, recipients: int, by: Person
) -> Number:
    """Give a number to a paper that was drafted and signed outside the program (vào số văn bản đã ký), dated today.

    The same key twice is one number, at the same moment too.
    """
    if problem := why_not_keep(body, by):
        raise NotAllowed(problem)
    if not symbol.strip() or not title.strip():
        raise NotAllowed("Ghi ký hiệu và trích yếu của văn bản.")
    with act("number.given", by=by):
        register = register_of(body, kind_of(symbol), clock.today().year)
        Register.objects.select_for_update(no_key=True).get(
            pk=register.pk
        )  # whoever sent the same waits here
        if known := Number.objects.filter(key=id).select_related("register").first():
            return known
        return give(
            key=id,
            body=body,
            symbol=symbol.strip(),
            on=clock.today(),
            title=title.strip(),
            signer=signer.strip(),
            recipients=recipients,
            by=by,
        )


def end(
    number: Number, state: NumberState, reason: str, by: Person, replaced_by: Number | None = None
) -> Number:
    """The number stays in its place with what became of it. To be called inside an act."""
    if not reason.strip():
        raise NotAllowed("Ghi lý do, để người mở sổ sau này biết vì sao.")
    found = Number.objects.select_for_update(of=("self",), no_key=True).get(pk=number.pk)
    if found.state != NumberState.ISSUED:
        raise NotAllowed(f"Số {found} {found.get_state_display().lower()} ngày {found.ended_on:%d/%m/%Y}.")
    found.state, found.reason = state, reason.strip()
    found.ended_on, found.ended_by, found.replaced_by = clock.today(), by.full_name, replaced_by
    found.save()
    return found


def cancel(*, number: Number, reason: str, by: Person) -> Number:
    """Cancel a number that was entered for a paper made outside (hủy số); it is not given again."""
    if problem := why_not_keep(number.register.body, by):
        raise NotAllowed(problem)
    if hasattr(number, "document"):
        raise NotAllowed("Số này của một văn bản trong chương trình: hủy ở trang của văn bản.")
    with act("number.cancelled", by=by, reason=reason.strip()):
        return end(number, NumberState.CANCELLED, reason, by)


def gaps_of(register: Register) -> list[int]:
    """Numbers that a register should have and has not, or has and should not: none, as the database holds it so."""
    there = set(register.numbers.values_list("number", flat=True))
    return sorted(there ^ set(range(register.first, register.last + 1)))


def symbols_of(body: Organisation) -> list[str]:
    """Symbols that the body used, each kind's last one: what a form proposes."""
    used = Number.objects.filter(register__body=body).order_by("register__kind", "-at")
    return list(used.distinct("register__kind").values_list("symbol", flat=True))


def symbol_for(kind: str, body_part: str, unit_part: str) -> str:
    """A symbol by the decree's abbreviations: "BC-UBND"; a letter's has the body and the unit that drafted it: "UBND-VHTT"."""
    if kind not in KINDS:
        raise ValueError(f"No such kind of paper: {kind}")
    return f"{kind}-{body_part}" if kind else f"{body_part}-{unit_part}"
