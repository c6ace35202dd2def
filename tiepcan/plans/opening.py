"""From a confirmed reading to the rows of a plan."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from tiepcan.accounts.models import OrganisationKind
from tiepcan.common.folding import folded_key
from tiepcan.plans.models import (
    Aim,
    AppendixRow,
    Division,
    Draft,
    Duty,
    LegalBasis,
    Milestone,
    MilestoneKind,
    Plan,
    Recipient,
    Target,
    Version,
)
from tiepcan.plans.reading.records import Indicator, Reading

_KINDS = (
    (OrganisationKind.LOCAL, ("phuong, xa", "xa, phuong", "cap xa", "ubnd phuong", "ubnd xa")),
    (OrganisationKind.CULTURE, ("van hoa",)),
    (OrganisationKind.LABOUR, ("lao dong", "ldtbxh")),
    (OrganisationKind.STATION, ("dai truyen thanh", "dai phat thanh", "truyen thanh - truyen hinh")),
    (OrganisationKind.OFFICE, ("van phong",)),
    (OrganisationKind.COMPANY, ("doanh nghiep",)),
)


def kind_of_organisation(name: str) -> str:
    """Which kind of organisation a duty's heading speaks of; empty when none of ours."""
    key = folded_key(name).replace("–", "-")
    return next((kind for kind, words in _KINDS if any(word in key for word in words)), "")


def kind_of_milestone(what: str, audience: str | None) -> str:
    """What a date asks for. Only dates of wards and communes are the plan's own milestones."""
    if kind_of_organisation(audience or "") != OrganisationKind.LOCAL:
        return MilestoneKind.OTHER
    key = folded_key(what)
    last = key.rpartition(":")[2]  # "report …: 6 months" and "report …: whole year" share their stem
    for part in (last, key):
        if "6 thang" in part or "sau thang" in part:
            return MilestoneKind.HALF_YEAR
        if "ca nam" in part or "bao cao nam" in part or "mot nam" in part or "12 thang" in part:
            return MilestoneKind.YEAR
    return MilestoneKind.LOCAL_PLAN if "xay dung ke hoach" in key else MilestoneKind.OTHER


def write_version(draft: Draft, reading: Reading, plan: Plan, *, reason: str = "") -> Version:
    """The rows of one paper. What an amending paper does not list of units keeps the targets that stood."""
    before = plan.versions.last()
    signatory = reading.signatory
    # Asked of a person until they were there: `DraftReading.problems`.
    assert reading.number and reading.symbol and reading.issued_on and reading.title
    version = Version.objects.create(
        plan=plan,
        ordinal=before.ordinal + 1 if before else 1,
        number=reading.number,
        symbol=reading.symbol,
        kind=reading.kind or "Kế hoạch",
        issued_on=reading.issued_on,
        place=reading.place or "",
        issuer_name=reading.issuer or "",
        title=reading.title,
        signatory=signatory.name or "" if signatory else "",
        signatory_position=signatory.position or "" if signatory else "",
        signatory_authority=signatory.authority or "" if signatory else "",
        reason=reason,
        paper=draft.paper,
    )
    _write_rows(reading, version, before)
    _write_words(reading, version)
    return version


def _write_rows(reading: Reading, version: Version, before: Version | None) -> None:
    Aim.objects.bulk_create(
        Aim(version=version, indicator_id=t.indicator.value, households=t.value, quote=t.source.quote)
        for t in reading.targets
    )
    listed = {row.unit for row in reading.units}
    rows: list[tuple[AppendixRow, Mapping[str, int | None]]] = [
        (
            AppendixRow(
                version=version,
                unit_id=row.unit or "",
                row=row.row or n,
                printed_name=row.name,
                poor_households=row.poor_households,
            ),
            {i.value: row.targets.get(i) for i in Indicator},
        )
        for n, row in enumerate(reading.units, start=1)
    ]
    for kept in before.rows.prefetch_related("targets").exclude(unit__in=listed) if before else ():
        rows.append(
            (
                AppendixRow(
                    version=version,
                    unit_id=kept.unit_id,
                    row=kept.row,
                    printed_name=kept.printed_name,
                    poor_households=kept.poor_households,
                ),
                kept.targets_by_indicator,
            )
        )
    AppendixRow.objects.bulk_create(row for row, _ in rows)
    Target.objects.bulk_create(
        Target(row=row, indicator_id=indicator, households=households)
        for row, targets in rows
        for indicator, households in targets.items()
        if households is not None
    )


def _write_words(reading: Reading, version: Version) -> None:
    LegalBasis.objects.bulk_create(
        LegalBasis(
            version=version,
            order=n,
            kind=basis.kind,
            number=basis.number or "",
            symbol=basis.symbol or "",
            issued_on=basis.issued_on,
            issuer=basis.issuer or "",
            subject=basis.subject or "",
        )
        for n, basis in enumerate(reading.legal_bases, start=1)
    )
    duties = Duty.objects.bulk_create(
        Duty(
            version=version,
            order=n,
            organisation=duty.organisation,
            kind=kind_of_organisation(duty.organisation),
            text=duty.text,
        )
        for n, duty in enumerate(reading.duties, start=1)
    )
    said_at = {duty.source.where: row for duty, row in zip(reading.duties, duties, strict=True)}
    Milestone.objects.bulk_create(
        Milestone(
            version=version,
            order=n,
            kind=kind_of_milestone(deadline.what, deadline.audience),
            due_before=deadline.due_before,
            audience=deadline.audience or "",
            what=deadline.what,
            duty=said_at.get(deadline.source.where) if deadline.source.quote else None,
        )
        for n, deadline in enumerate(reading.deadlines, start=1)
    )
    Recipient.objects.bulk_create(
        Recipient(version=version, order=n, text=recipient.text)
        for n, recipient in enumerate(reading.recipients, start=1)
    )


def write_divided(version: Version, before: Version, division: Division) -> None:
    """The rows of a version that a division made: its shares for its indicator, all else as it stood."""
    shares = {share.unit_id: share.households for share in division.shares.all()}
    Aim.objects.bulk_create(
        Aim(
            version=version,
            indicator_id=aim.indicator_id,
            households=division.total if aim.indicator_id == division.indicator_id else aim.households,
            quote=aim.quote,
        )
        for aim in before.aims.all()
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(**_copied(basis, version)) for basis in before.legal_bases.all()
    )
    # The amending paper goes out anew: who it was issued to before says nothing about it.
    Recipient.objects.bulk_create(
        Recipient(version=version, order=recipient.order, text=recipient.text)
        for recipient in before.recipients.all()
    )
    for row in before.rows.prefetch_related("targets"):
        targets = row.targets_by_indicator
        targets.pop(division.indicator_id, None)
        # A share of nothing is no target: the printed table would leave the cell empty.
        if given := shares.get(row.unit_id):
            targets[division.indicator_id] = given
        copied = AppendixRow.objects.create(
            version=version,
            unit_id=row.unit_id,
            row=row.row,
            printed_name=row.printed_name,
            poor_households=row.poor_households,
        )
        Target.objects.bulk_create(
            Target(row=copied, indicator_id=indicator, households=households)
            for indicator, households in targets.items()
        )


def _copied(row: Model, version: Version) -> dict[str, Any]:
    """The facts of a row of an earlier version, for the same row of a later one."""
    names = (column.attname for column in row._meta.concrete_fields if not column.primary_key)
    return {name: getattr(row, name) for name in names if name != "version_id"} | {"version": version}
