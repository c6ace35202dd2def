"""Whether a household lacks an indicator, from its answers. Needs no database."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Form(StrEnum):
    """The form of a rule over yes-or-no answers (dạng quy tắc)."""

    NONE_OF = "none_of"
    NOT_ALL_OF = "not_all_of"
    AS_ANSWERED = "as_answered"

    @property
    def label(self) -> str:
        return {
            "none_of": "Thiếu hụt khi không có mục nào",
            "not_all_of": "Thiếu hụt khi không có đủ các mục",
            "as_answered": "Theo kết luận khi rà soát",
        }[self.value]


def lacks(form: str, questions: Sequence[str], answers: Mapping[str, bool]) -> bool | None:
    """Whether the household lacks the indicator; None while the answers do not decide.

    `answers` may hold other questions too, and need not hold all. Of `as_answered` the one question asks for the lack
    itself; of the other forms a yes says that the household has or uses the thing.
    """
    given = [answers.get(question) for question in questions]
    match Form(form):
        case Form.NONE_OF:
            return _any(given, decides=True, then=False)
        case Form.NOT_ALL_OF:
            return _any(given, decides=False, then=True)
        case Form.AS_ANSWERED:
            [answer] = given
            return answer


def _any(given: Sequence[bool | None], *, decides: bool, then: bool) -> bool | None:
    """`then` at the first answer that decides; its opposite when all are answered, and at least one was asked."""
    if decides in given:
        return then
    return None if None in given or not given else not then
