"""What two wordings differ in, paragraph by paragraph."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tiepcan.paperwork.wording.lines import Line, Lines


@dataclass(frozen=True)
class Change:
    """A paragraph that is not the same in both: as it was, as it became; None where there is none."""

    before: Line | None
    after: Line | None


def changes(before: Lines, after: Lines) -> Iterator[Change]:
    """The paragraphs that changed, in their order."""
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(j - i, m - k)):
            yield Change(
                before[i + at] if i + at < j else None,
                after[k + at] if k + at < m else None,
            )
