"""What official papers about devices say; how they look is `paperwork`'s."""

from collections.abc import Sequence

from tiepcan.common import clock
from tiepcan.devices.figures import Need, Needs
from tiepcan.devices.models import HandOver, Pledge
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import Align, Annex, Grid, HeadCell, Heading, Paper, Signature, Text
from tiepcan.units.models import Unit

LETTER_SYMBOL = "UBND-VHTT"
MINUTES_SYMBOL = "BB-UBND"


def committee(unit: Unit, *, short: bool = False) -> str:
    return f"{'UBND' if short else 'Ủy ban nhân dân'} {unit.get_kind_display().lower()} {unit.name}"


def minutes(hand_over: HandOver, head_name: str, code: str) -> Paper:
    """The minutes of one hand-over (biên bản bàn giao), to be printed twice and signed by both sides."""
    support, device, line = hand_over.support, hand_over.device, hand_over.entry
    unit = support.unit
    on_behalf = f" ({hand_over.relation} của chủ hộ, nhận thay)" if hand_over.relation else " (chủ hộ)"
    return Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=committee(unit).replace("nhân dân ", "nhân dân\n"),
        symbol=MINUTES_SYMBOL,
        place=unit.name,
        kind="Biên bản",
        title="Bàn giao thiết bị nghe – xem cho hộ gia đình",
        issued_on=support.began_on,
        body=(
            Text(f"Hôm nay, ngày {support.began_on:%d/%m/%Y}, tại {unit.full_name}, chúng tôi gồm:"),
            Heading("1. Bên giao"),
            Text(f"{line.organisation or committee(unit)}. Người giao: {line.by_name}."),
            Heading("2. Bên nhận"),
            Text(f"Hộ {head_name}, số hồ sơ {code}. Người nhận: {hand_over.receiver}{on_behalf}."),
            Heading("3. Thiết bị bàn giao"),
            Grid(
                heads=(
                    tuple(
                        map(
                            HeadCell,
                            ("Loại thiết bị", "Số máy", "Số lượng", "Nguồn hỗ trợ", "Tình trạng lúc giao"),
                        )
                    ),
                ),
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
                caption="",
            ),
            Text(
                "Bên giao đã hướng dẫn hộ cách dùng và số gọi khi máy hỏng."
                if hand_over.instructed
                else "Bên giao sẽ hướng dẫn hộ cách dùng."
            ),
            Text(
                "Hộ giữ gìn và dùng máy để nghe, xem tin tức; không bán, không cho, không cầm cố; máy hỏng hoặc mất thì báo "
                f"{committee(unit, short=True)}. Sau 6 tháng, từ ngày {hand_over.check_due_on:%d/%m/%Y}, cán bộ đến hỏi lại tình trạng máy."
            ),
            Text("Biên bản lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản./."),
        ),
        beside=Signature((), "Bên nhận", hand_over.receiver),
        signature=Signature((), "Bên giao", line.by_name),
        recipients=("Hộ nhận máy",),
        drafting="VHXH",
    )


def request(needs: Needs, unit: Unit, *, to: str, signature: Signature) -> Paper:
    """The letter that asks the department or a donor for devices (công văn đề nghị), with the need of each ward behind it."""
    total = needs.total
    have = [
        f"kho của {committee(unit, short=True)} có {needs.own_store} máy" if needs.own_store else "",
        f"các đơn vị đã cam kết, chưa giao {needs.promised} máy" if needs.promised else "",
    ]
    said = "; ".join(filter(None, have))
    subject = f"đề nghị hỗ trợ thiết bị nghe – xem cho hộ nghèo năm {needs.year}"
    return _letter(
        unit,
        to=to,
        title=subject,
        signature=signature,
        body=(
            Text(
                f"Theo kết quả rà soát cuối năm {needs.year - 1}, {unit.full_name[:1].lower() + unit.full_name[1:]} có {total.lacking} hộ nghèo "
                f"{needs.indicator.lacking}. Đến hết ngày {clock.today():%d/%m/%Y} đã có {total.served} hộ được tiếp cận, "
                f"còn {total.waiting} hộ chờ; kho các phường, xã có {total.stored} máy, còn cần {needs.needed} máy"
                f"{f' ({said})' if said else ''}."
            ),
            Text(
                f"{committee(unit)} đề nghị {to} xem xét, hỗ trợ {needs.to_ask} thiết bị nghe – xem cho các hộ nói trên. "
                "Nhu cầu từng phường, xã ở Phụ lục kèm theo."
            ),
            Text(f"{committee(unit)} trân trọng đề nghị./."),
        ),
        annexes=(
            Annex(
                title=f"Nhu cầu thiết bị nghe – xem của hộ nghèo năm {needs.year}",
                attached_to=reference(
                    kind="Công văn",
                    number=None,
                    symbol=LETTER_SYMBOL,
                    day=None,
                    year=clock.today().year,
                    issuer=committee(unit),
                ),
                blocks=(need_table(needs),),
            ),
        ),
    )


def reminder(pledge: Pledge, *, signature: Signature) -> Paper:
    """The letter that reminds somebody of devices they promised (công văn nhắc)."""
    unit, kind = pledge.unit, pledge.kind.name.lower()
    paper = f" tại văn bản {pledge.paper}" if pledge.paper else ""
    due = f", hẹn giao trước hết ngày {pledge.due_on:%d/%m/%Y}" if pledge.due_on else ""
    return _letter(
        unit,
        to=pledge.who,
        title=f"giao {kind} đã cam kết hỗ trợ hộ nghèo",
        signature=signature,
        body=(
            Text(
                f"Ngày {pledge.pledged_on:%d/%m/%Y}{paper}, {pledge.who} đã cam kết hỗ trợ {pledge.quantity} {kind} cho hộ nghèo "
                f"của {committee(unit, short=True)}{due}."
            ),
            Text(
                f"Đến hết ngày {clock.today():%d/%m/%Y} đã nhận {pledge.received} máy, còn {pledge.owed} máy chưa nhận. "
                f"{committee(unit)} trân trọng cảm ơn và đề nghị {pledge.who} sắp xếp giao số máy còn lại để kịp bàn giao cho các hộ./."
            ),
        ),
    )


def _letter(
    unit: Unit,
    *,
    to: str,
    title: str,
    body: tuple[Text, ...],
    signature: Signature,
    annexes: tuple[Annex, ...] = (),
) -> Paper:
    return Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=committee(unit).replace("nhân dân ", "nhân dân\n"),
        symbol=LETTER_SYMBOL,
        place=unit.name,
        kind="",
        title=title,
        year=clock.today().year,
        addressed_to=(to,),
        body=body,
        signature=signature,
        recipients=("Như trên", f"Chủ tịch, các PCT {committee(unit, short=True)}"),
        drafting="VHTT",
        annexes=annexes,
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
