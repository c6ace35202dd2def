"""Deciding whether two records are one household. Nothing merges by itself, and a merge can be taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import suspicion
from tiepcan.households.models import Household, Pair, PairState, Review, ReviewRound
from tiepcan.households.workflow import may_keep, said
from tiepcan.units.models import Unit

CHOSEN = ("head_name", "birth_year", "hamlet", "members", "sex")
"""Facts of which a person says whose is right when two records are merged."""

SAID_ON_ENTRY = "Xác nhận là hộ khác khi thêm hộ"

Hinder = Callable[[Household, Household], str | None]
"""Why rooms above would not have two records merged, as a sentence; None when they have nothing against it."""


def nothing_hinders(one: Household, other: Household) -> str | None:
    """For installations and tests without rooms above."""
    return None


def seek(*, within: Unit, by: Doer) -> int:
    """Hold the listed households of a unit, and of those below it, against each other. Returns how many pairs are new."""
    if not by.may_change(May.IMPORT_HOUSEHOLDS, within):
        raise NotAllowed("Chỉ cán bộ nhập danh sách hộ của địa bàn tìm được hồ sơ nghi trùng.")
    listed = Household.objects.listed().filter(unit=OuterRef("pk"))
    units = Unit.objects.filter(Exists(listed), path__startswith=within.path)
    with act("pairs.sought", by=by):
        return suspicion.find(units)


def merge(
    *,
    pair: Pair,
    keep: Household,
    values_of: Mapping[str, str],
    seen: Sequence[int] = (),
    hinder: Hinder = nothing_hinders,
    by: Doer,
) -> Household:
    """The two are one household: `keep` stays on the list, the other record points to it and keeps its history.

    `values_of` names for each fact of `CHOSEN` the record ("first" or "second") whose value is right; left out, the
    kept record's. Reviews of years that only the other has go along; of two of one year the kept record's counts,
    except in years that are locked. Raises NotAllowed when something hinders it, Stale when it was decided already
    or a record changed since the versions (of first and second) that were `seen`.
    """
    with act("pair.merged", by=by):
        pair, first, second = _both(pair, by)
        if seen and tuple(seen) != (first.version, second.version):
            raise Stale("Người khác vừa sửa một trong hai hồ sơ. Xem lại bảng so dưới đây rồi lưu.")
        keep, other = (first, second) if keep.pk == first.pk else (second, first)
        if problem := hinder(keep, other):
            raise NotAllowed(problem)
        before, after = _take_values(keep, other, {"first": first, "second": second}, values_of)
        keep.version += 1
        keep.save()
        # What was merged into the other record before belongs to the kept one now: no record points to a merged one.
        children = [str(pk) for pk in other.merged.values_list("pk", flat=True)]
        Household.objects.filter(pk__in=children).update(merged_into=keep)
        other.merged_into = keep
        other.version += 1
        other.save()
        gone_along, silenced = _join_reviews(keep, other)
        pair.state, pair.decided_at, pair.decided_by = PairState.SAME, clock.now(), by.full_name
        pair.undo = {
            "kept": str(keep.pk),
            "versions": {str(record.pk): record.version for record in (keep, other)},
            "before": before,
            "after": after,
            "children": children,
            "gone_along": gone_along,
            "silenced": silenced,
        }
        pair.save()
    return keep


def _take_values(
    keep: Household, other: Household, records: Mapping[str, Household], values_of: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the chosen values on the kept record. Returns those that changed, as they were and as they are."""
    facts = {name: getattr(records[values_of[name]], name) for name in CHOSEN if name in values_of}
    changed = {name: value for name, value in facts.items() if value != getattr(keep, name)}
    before = {name: getattr(keep, name) for name in changed}
    for name, value in changed.items():
        setattr(keep, name, value)
    if keep.identity is None and other.identity is not None:
        keep.identity, keep.identity_digest = other.identity, other.identity_digest
        before["identity"] = None
    return before, changed


def _join_reviews(keep: Household, other: Household) -> tuple[list[int], list[int]]:
    """Keys of the other record's reviews that the kept one takes over, and of those that count no more."""
    free = list(Review.objects.filter(~Exists(_locked_round()), household=other, standing=True))
    years = set(keep.reviews.values_list("year", flat=True))
    gone_along = [review.pk for review in free if review.year not in years]
    silenced = [review.pk for review in free if review.year in years]
    Review.objects.filter(pk__in=gone_along).update(household=keep)
    Review.objects.filter(pk__in=silenced).update(standing=False)
    return gone_along, silenced


def _locked_round() -> QuerySet[ReviewRound]:
    """Of a review: the round that it belongs to, if that is locked."""
    return ReviewRound.objects.filter(unit=OuterRef("unit"), year=OuterRef("year"), locked_at__isnull=False)


def unmerge(*, pair: Pair, reason: str, by: Doer) -> Pair:
    """Take a merge back: both records stand on the list again, each with what was its own.

    What was changed of the kept record since then stays as it is now. Raises NotAllowed when it cannot be now.
    """
    with act("pair.unmerged", by=by, reason=said(reason)):
        pair = _locked(pair)
        may_keep(pair.first.unit, by)
        may_keep(pair.second.unit, by)
        if problem := why_not_unmerge(pair):
            raise NotAllowed(problem)
        first, second = _records(pair)
        kept, other = (first, second) if str(first.pk) == pair.undo["kept"] else (second, first)
        before, after = pair.undo["before"], pair.undo["after"]
        for name in after:
            if getattr(kept, name) == after[name]:
                setattr(kept, name, before[name])
        if "identity" in before and kept.identity_digest == other.identity_digest:
            kept.identity, kept.identity_digest = None, None
        kept.version += 1
        kept.save()
        other.merged_into = None
        other.version += 1
        other.save()
        Household.objects.filter(pk__in=pair.undo["children"]).update(merged_into=other)
        Review.objects.filter(pk__in=pair.undo["gone_along"]).update(household=other)
        Review.objects.filter(pk__in=pair.undo["silenced"]).update(standing=True)
        pair.state, pair.undo = PairState.WAITING, {}
        pair.decided_at, pair.decided_by = None, ""
        pair.save()
    return pair


def why_not_unmerge(pair: Pair) -> str | None:
    """Why a merge cannot be taken back now, as a sentence; None when it can.

    Merges into one record are taken back in the order last in, first out: a later one rests on the values and
    reviews that this one brought.
    """
    if pair.state != PairState.SAME:
        return "Hai hồ sơ này không đang gộp."
    kept = pair.first if str(pair.first_id) == pair.undo["kept"] else pair.second
    since = pair.undo["versions"][str(kept.pk)]
    merges = Pair.objects.filter(Q(first=kept) | Q(second=kept), state=PairState.SAME)
    for later in merges.select_related("first", "second"):
        if later.undo["versions"][str(kept.pk)] > since:
            return (
                f"Sau đó còn gộp {later.first.code} với {later.second.code} lúc "
                f"{later.decided_at:%H:%M, %d/%m/%Y}. Tách lần gộp đó trước."
            )
    moved = [*pair.undo["gone_along"], *pair.undo["silenced"]]
    locked = (
        Review.objects.filter(Exists(_locked_round()), pk__in=moved).select_related("unit").first()
        if moved
        else None
    )
    if locked:
        return (
            f"Đợt rà soát cuối năm {locked.year} của {locked.unit.full_name} đã khóa sau khi gộp. "
            "Đề nghị cơ quan điều phối của cấp trên mở lại đợt đó, rồi tách."
        )
    return None


def keep_apart(*, pair: Pair, reason: str = "", by: Doer) -> Pair:
    """The two are different households; nobody is asked again."""
    with act("pair.kept_apart", by=by, reason=reason.strip()):
        pair, _, _ = _both(pair, by)
        pair.state, pair.reason = PairState.DIFFERENT, reason.strip()
        pair.decided_at, pair.decided_by = clock.now(), by.full_name
        pair.save()
    return pair


def tell_apart(*, household: Household, others: Iterable[suspicion.Alike], by: Doer) -> None:
    """Whoever entered the household has seen these and said that they are others; nobody is asked again."""
    now = clock.now()
    with act("pair.kept_apart", by=by, reason=SAID_ON_ENTRY):
        Pair.objects.bulk_create(
            [
                Pair(
                    first_id=min(household.pk, other.household.pk),
                    second_id=max(household.pk, other.household.pk),
                    score=other.likeness.score,
                    reasons=list(other.likeness.reasons),
                    state=PairState.DIFFERENT,
                    reason=SAID_ON_ENTRY,
                    found_at=now,
                    decided_at=now,
                    decided_by=by.full_name,
                )
                for other in others
            ],
            ignore_conflicts=True,
        )


def reconsider(*, pair: Pair, by: Doer) -> Pair:
    """Ask again about two that were said to be different."""
    with act("pair.reconsidered", by=by):
        pair = _locked(pair)
        if pair.state != PairState.DIFFERENT:
            raise NotAllowed("Chỉ xét lại được cặp đã quyết định là hai hộ khác nhau.")
        may_keep(pair.first.unit, by)
        may_keep(pair.second.unit, by)
        pair.state, pair.reason, pair.decided_at, pair.decided_by = PairState.WAITING, "", None, ""
        pair.save()
    return pair


def _locked(pair: Pair) -> Pair:
    return (
        Pair.objects.select_for_update(of=("self",))
        .select_related("first__unit", "second__unit")
        .get(pk=pair.pk)
    )


def _both(pair: Pair, by: Doer) -> tuple[Pair, Household, Household]:
    """The pair with both records, kept for this act. Raises Stale when somebody has decided meanwhile."""
    found = _locked(pair)
    if found.state != PairState.WAITING:
        raise Stale(f"{found.decided_by} vừa quyết định cặp này: {found.get_state_display().lower()}.")
    first, second = _records(found)
    for record in (first, second):
        may_keep(record.unit, by)
        if record.merged_into_id:
            raise NotAllowed(f"Hồ sơ {record.code} đã gộp vào hồ sơ khác.")
    return found, first, second


def _records(pair: Pair) -> tuple[Household, Household]:
    """Both records, kept for the act under way; always in one order, so that two acts cannot wait for each other."""
    first, second = (
        Household.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk__in=[pair.first_id, pair.second_id])
        .order_by("pk")
    )
    return first, second
