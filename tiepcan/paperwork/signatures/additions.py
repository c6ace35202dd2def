"""What may come to a file after a signature: number and day into their empty rooms, once, and more signatures."""

from collections.abc import Iterable

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.commons import compare_key_refs
from pyhanko.sign.diff_analysis.rules.file_structure_rules import CatalogModificationRule
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from tiepcan.paperwork.signatures.fields import NUMBER_AND_DAY


class _FilledOnce(GenericFieldModificationRule):
    """Explains a change of a room that was empty; any other change stays unexplained and is refused for that."""

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        before = spec.old_field
        if fq_name in NUMBER_AND_DAY and before is not None and not before.get("/V"):
            yield from super().check_form_field(fq_name, spec, context)


class _EachStep(StandardDiffPolicy):
    """Compares each state of the file with the signed one, and also with the state just before it.

    Against the signed one alone, a number that is written and then written over looks like a number that is written.
    """

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        result: DiffResult | SuspiciousModification = super().review_file(
            reader, base_revision, field_mdp_spec, doc_mdp
        )
        if isinstance(result, SuspiciousModification):
            return result
        first = base_revision if isinstance(base_revision, int) else base_revision.revision
        try:
            for revision in range(first + 1, reader.xrefs.total_revisions - 1):
                self.apply(
                    reader.get_historical_resolver(revision),
                    reader.get_historical_resolver(revision + 1),
                    field_mdp_spec,
                    doc_mdp,
                )
        except SuspiciousModification as problem:
            return problem
        return result


class _Permissions(QualifiedWhitelistRule):
    """The first signature's entry in the catalogue of what it permits, where a program keeps it apart."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        for reference in compare_key_refs("/Perms", old, old.root, new.root):
            yield ModificationLevel.FORM_FILLING, ReferenceUpdate(reference)


_FORM = FormUpdatingRule(
    [
        SigFieldCreationRule(),
        SigFieldModificationRule(),
        _FilledOnce(allow_in_place_appearance_stream_changes=False),
    ]
)

AFTER_A_SIGNATURE = _EachStep(DEFAULT_DIFF_POLICY.global_rules, _FORM)
"""For a file that is signed already."""

BY_SIGNING = StandardDiffPolicy(
    [
        # The first signature enters what it permits into the catalogue.
        CatalogModificationRule(
            {"/AcroForm", "/DSS", "/Extensions", "/MarkInfo", "/Metadata", "/Perms", "/Version"}
        ),
        _Permissions(),
        *DEFAULT_DIFF_POLICY.global_rules[1:],
    ],
    _FORM,
)
"""For a file before and after its first signature."""
