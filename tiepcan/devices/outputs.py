"""What official papers about devices say; how they look is `paperwork`'s."""

from collections.abc import Sequence

from tiepcan.common import clock
from tiepcan.devices import wordings
from tiepcan.devices.figures import Need, Needs
from tiepcan.devices.models import HandOver, Pledge
from tiepcan.paperwork.heads import committee
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wordings import issuing_body_of, wording_for
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import Align, Grid, HeadCell, Paper, Signature
from tiepcan.units.models import Unit

LETTER_SYMBOL = "UBND-VHTT"
MINUTES_SYMBOL = "BB-UBND"


def minutes(hand_over: HandOver, head_name: str, code: str, wording: Lines | None = None) -> Paper:
    """The minutes of one hand-over (biên bản bàn giao), to be printed twice and signed by both sides."""
    support, line = hand_over.support, hand_over.entry
    unit = support.unit
    content = Content(
        values={
            "ngày bàn giao": f"{support.began_on:%d/%m/%Y}",
            "địa bàn": unit.full_name,
            "cơ quan giao": line.organisation or committee(unit),
            "người giao": line.by_name,
            "chủ hộ": head_name,
            "số hồ sơ": code,
            "người nhận": hand_over.receiver,
            "tư cách người nhận": f"{hand_over.relation} của chủ hộ, nhận thay"
            if hand_over.relation
            else "chủ hộ",
            "việc hướng dẫn": "Bên giao đã hướng dẫn hộ cách dùng và số gọi khi máy hỏng."
            if hand_over.instructed
            else "Bên giao sẽ hướng dẫn hộ cách dùng.",
            "ngày hỏi lại": f"{hand_over.check_due_on:%d/%m/%Y}",
            "UBND viết tắt": committee(unit, short=True),
        },
        tables={"thiết bị": _given(hand_over)},
    )
    head = Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=committee(unit).replace("nhân dân ", "nhân dân\n"),
        symbol=MINUTES_SYMBOL,
        place=unit.name,
        kind="",
        title="",
        issued_on=support.began_on,
        beside=Signature((), "Bên nhận", hand_over.receiver),
        signature=Signature((), "Bên giao", line.by_name),
        drafting="VHXH",
    )
    return fill(wordings.MINUTES, wording or wordings.MINUTES.lines, content, head)


def wording_of_minutes(hand_over: HandOver) -> Lines:
    """The ward's wording of the moment when the device was handed over."""
    return wording_for(issuing_body_of(hand_over.support.unit), wordings.MINUTES, at=hand_over.entry.at)


def _given(hand_over: HandOver) -> Grid:
    device = hand_over.device
    heads = ("Loại thiết bị", "Số máy", "Số lượng", "Nguồn hỗ trợ", "Tình trạng lúc giao")
    return Grid(
        heads=(tuple(map(HeadCell, heads)),),
        rows=(
            (
                device.kind.name,
                device.serial,
                "01",
                device.receipt.provider,
                hand_over.get_condition_display(),
            ),
        ),
        total=None,
        widths_mm=(36, 34, 18, 38, 39),
        align=("left", "left", "center", "left", "left"),
    )


def request(
    needs: Needs, unit: Unit, *, to: str, signature: Signature, wording: Lines | None = None
) -> Paper:
    """The letter that asks the department or a donor for devices (công văn đề nghị), with the need of each ward behind it."""
    total = needs.total
    have = [
        f"kho của {committee(unit, short=True)} có {needs.own_store} máy" if needs.own_store else "",
        f"các đơn vị đã cam kết, chưa giao {needs.promised} máy" if needs.promised else "",
    ]
    said = "; ".join(filter(None, have))
    content = Content(
        values={
            **_of_letters(unit),
            "năm": str(needs.year),
            "năm rà soát": str(needs.year - 1),
            "địa bàn": unit.full_name[:1].lower() + unit.full_name[1:],
            "nơi nhận công văn": to,
            "số hộ thiếu hụt": str(total.lacking),
            "tình trạng thiếu hụt": needs.indicator.lacking,
            "số hộ đã tiếp cận": str(total.served),
            "số hộ còn chờ": str(total.waiting),
            "máy trong kho": str(total.stored),
            "máy còn cần": str(needs.needed),
            "phần đã có nguồn": f"({said})" if said else "",
            "số máy đề nghị": str(needs.to_ask),
        },
        tables={"nhu cầu của các đơn vị": need_table(needs)},
        attached_to=reference(
            kind="Công văn",
            number=None,
            symbol=LETTER_SYMBOL,
            day=None,
            year=clock.today().year,
            issuer=committee(unit),
        ),
    )
    return fill(wordings.REQUEST, wording or wordings.REQUEST.lines, content, _letter(unit, signature))


def reminder(pledge: Pledge, *, signature: Signature, wording: Lines | None = None) -> Paper:
    """The letter that reminds somebody of devices they promised (công văn nhắc)."""
    content = Content(
        values={
            **_of_letters(pledge.unit),
            "bên cam kết": pledge.who,
            "loại thiết bị": pledge.kind.name.lower(),
            "ngày cam kết": f"{pledge.pledged_on:%d/%m/%Y}",
            "phần văn bản cam kết": f"tại văn bản {pledge.paper}" if pledge.paper else "",
            "số máy cam kết": str(pledge.quantity),
            "phần hẹn giao": f", hẹn giao trước hết ngày {pledge.due_on:%d/%m/%Y}" if pledge.due_on else "",
            "số máy đã nhận": str(pledge.received),
            "số máy chưa nhận": str(pledge.owed),
        }
    )
    head = _letter(pledge.unit, signature)
    return fill(wordings.REMINDER, wording or wordings.REMINDER.lines, content, head)


def _of_letters(unit: Unit) -> dict[str, str]:
    return {
        "cơ quan": committee(unit),
        "UBND viết tắt": committee(unit, short=True),
        "ngày số liệu": f"{clock.today():%d/%m/%Y}",
    }


def _letter(unit: Unit, signature: Signature) -> Paper:
    """The head and foot of a letter."""
    return Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=committee(unit).replace("nhân dân ", "nhân dân\n"),
        symbol=LETTER_SYMBOL,
        place=unit.name,
        kind="",
        title="",
        year=clock.today().year,
        signature=signature,
        drafting="VHTT",
    )


_RIGHT: tuple[Align, ...] = ("right",)


def need_table(needs: Needs) -> Grid:
    """One line a ward: households that lack, gained, wait; devices in its store; devices still needed."""
    return Grid(
        heads=(
            tuple(
                map(
                    HeadCell,
                    (
                        "STT",
                        "Phường, xã",
                        "Hộ nghèo thiếu hụt",
                        "Đã được tiếp cận",
                        "Còn chờ",
                        "Máy có trong kho",
                        "Máy còn cần",
                    ),
                )
            ),
        ),
        rows=tuple(_need_row(str(n), line, line.needed) for n, line in enumerate(needs.lines, start=1)),
        total=_need_row("", needs.total, needs.needed),
        widths_mm=(12, 45, 24, 22, 18, 22, 22),
        align=("center", "left", *_RIGHT * 5),
    )


def _need_row(number: str, line: Need, needed: int) -> tuple[str, ...]:
    numbers: Sequence[int] = (line.lacking, line.served, line.waiting, line.stored, needed)
    return (number, line.unit.full_name if line.unit else "Cộng", *map(str, numbers))
