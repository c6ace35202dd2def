"""Rooms of a paper made into fields that are filled after it was signed: number, day, month, signature and seal."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.form_tools import enumerate_fields_in
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    SigFieldSpec,
    append_signature_field,
)

from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.signatures.opening import open_to_add, written
from tiepcan.paperwork.signatures.records import LEADER, SEAL
from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.records import Spot

SEAL_MM = 36
"""Across: the seal of a body in its real size."""

_POINTS = 72 / 25.4
READ_ONLY = 1
_PRINTED = 4


@dataclass(frozen=True)
class Room:
    """A text field: its name in the file, the room of the paper that it takes, and the style of the line it stands in."""

    name: str
    spot: str
    style: decree.Style
    title: str
    """What a screen reader says."""
    at_the_end: bool = False
    """Where in its room it stands, if not in the middle: no blank parts a number from "/BC-UBND"."""

    @property
    def font(self) -> str:
        return "Times-Italic" if self.style.italic else "Times-Roman"


ROOMS = (
    Room("so", "number", decree.NUMBER, "Số văn bản", at_the_end=True),
    Room("ngay", "day", decree.PLACE_AND_DAY, "Ngày ban hành"),
    Room("thang", "month", decree.PLACE_AND_DAY, "Tháng ban hành"),
)
NUMBER_AND_DAY = frozenset(room.name for room in ROOMS)


def rooms(paper: PdfHandler) -> dict[str, tuple[generic.PdfObject | None, generic.IndirectObject]]:
    """The paper's rooms for number and day by their names: what is written in each, and where it is."""
    if "/AcroForm" not in paper.root:
        return {}
    fields = paper.root["/AcroForm"]["/Fields"]
    found = enumerate_fields_in(fields, refs_seen=set(), target_field_type="/Tx")
    return {name: (value, where) for name, value, where in found if name in NUMBER_AND_DAY}


def empty_rooms(paper: PdfHandler) -> set[str]:
    return {name for name, (value, _) in rooms(paper).items() if not value}


def prepare(pdf: bytes, spots: Mapping[str, Spot]) -> bytes:
    """The paper with empty fields in its rooms; nothing of them shows until they are filled.

    `spots`: "number", "day", "month" and "signature", those that the paper has. Raises NotAllowed.
    """
    writer = open_to_add(pdf)
    if "/AcroForm" in writer.root:
        raise NotAllowed("Tệp .pdf đã có biểu mẫu: chỉ chuẩn bị chỗ ký trên tệp vừa lập.")
    fonts = _add_form(writer)
    present = [room for room in ROOMS if room.spot in spots]
    for room in present:
        _add_room(writer, room, spots[room.spot], fonts[room.font])
    if "signature" in spots:
        where = _of_a_hand(spots["signature"])
        _add_signature(writer, LEADER, where, "Chữ ký của người có thẩm quyền")
        # From the seal on, number and day are fixed: the signature itself says so to every reader.
        _add_signature(writer, SEAL, _of_the_seal(where), "Chữ ký số của cơ quan", {r.name for r in present})
    return written(writer)


def _of_a_hand(spot: Spot) -> Spot:
    """The middle of the room, at most twice as wide as high: signatures are, and the seal is placed by its width."""
    width = min(spot.width, 2 * spot.height)
    return Spot(spot.page, spot.x + (spot.width - width) / 2, spot.y, width, spot.height)


def _of_the_seal(hand: Spot) -> Spot:
    """Over the left third of the signature: Decree 30/2020/NĐ-CP, article 33, and Appendix I, part I, section II.8."""
    x = max(0, hand.x + hand.width / 3 - SEAL_MM)
    return Spot(hand.page, x, hand.y + (hand.height - SEAL_MM) / 2, SEAL_MM, SEAL_MM)


def _add_form(writer: IncrementalPdfFileWriter) -> dict[str, generic.IndirectObject]:
    """An empty form; its fonts by their names."""
    fonts = {name: writer.add_object(_font(name)) for name in {room.font for room in ROOMS}}
    form = _dictionary(
        Fields=generic.ArrayObject(),
        # 3: there are signatures, and programs must add to the file and never rewrite it.
        SigFlags=generic.NumberObject(3),
        DR=_dictionary(Font=generic.DictionaryObject({pdf_name(f"/{n}"): ref for n, ref in fonts.items()})),
    )
    writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
    writer.update_root()
    return fonts


def _font(name: str) -> generic.DictionaryObject:
    return _dictionary(
        Type=pdf_name("/Font"),
        Subtype=pdf_name("/Type1"),
        BaseFont=pdf_name(f"/{name}"),
        Encoding=pdf_name("/WinAnsiEncoding"),
    )


def _dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})


def _add_room(writer: IncrementalPdfFileWriter, room: Room, spot: Spot, font: generic.IndirectObject) -> None:
    page = _page(writer, spot.page)
    left, low, right, high = _rectangle(page, spot)
    nothing = RawContent(b"", box=BoxConstraints(right - left, high - low)).as_form_xobject()
    field = _dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        FT=pdf_name("/Tx"),
        T=generic.pdf_string(room.name),
        TU=generic.pdf_string(room.title),
        # From the start: no reader offers it for typing or marks it with colour.
        Ff=generic.NumberObject(READ_ONLY),
        F=generic.NumberObject(_PRINTED),
        Q=generic.NumberObject(2 if room.at_the_end else 1),
        DA=generic.pdf_string(f"/{room.font} {room.style.size} Tf 0 g"),
        P=page,
        Rect=generic.ArrayObject(generic.FloatObject(round(n, 2)) for n in (left, low, right, high)),
        AP=_dictionary(N=writer.add_object(nothing)),
    )
    reference = writer.add_object(field)
    writer.root["/AcroForm"]["/Fields"].append(reference)
    writer.register_annotation(page, reference)
    _tag(writer, page, reference)


def _add_signature(
    writer: IncrementalPdfFileWriter,
    name: str,
    spot: Spot,
    title: str,
    fixed: frozenset[str] | set[str] = frozenset(),
) -> None:
    """An empty field for a signature that fixes the named fields for good."""
    page = _page(writer, spot.page)
    left, low, right, high = (round(n, 2) for n in _rectangle(page, spot))
    append_signature_field(
        writer,
        SigFieldSpec(
            name,
            on_page=spot.page - 1,
            box=(left, low, right, high),  # type: ignore[arg-type]
            readable_field_name=title,
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, sorted(fixed)) if fixed else None,
        ),
    )
    _tag(writer, page, writer.root["/AcroForm"]["/Fields"].raw_get(-1))


def _page(writer: IncrementalPdfFileWriter, number: int) -> generic.IndirectObject:
    try:
        page: generic.IndirectObject = writer.find_page_for_modification(number - 1)[0]
    except PdfError:
        raise NotAllowed(f"Tệp .pdf không có trang {number}.") from None
    return page


def _rectangle(page: generic.IndirectObject, spot: Spot) -> tuple[float, float, float, float]:
    """Left, low, right, high in the page's points."""
    left, _, _, top = (float(n) for n in _media_box(page))
    x, y = left + spot.x * _POINTS, top - spot.y * _POINTS
    return x, y - spot.height * _POINTS, x + spot.width * _POINTS, y


def _media_box(page: generic.IndirectObject) -> generic.ArrayObject:
    """A page may have it from the pages above it."""
    node = page.get_object()
    while "/MediaBox" not in node:
        node = node["/Parent"]
    box: generic.ArrayObject = node["/MediaBox"]
    return box


def _tag(
    writer: IncrementalPdfFileWriter, page: generic.IndirectObject, widget: generic.IndirectObject
) -> None:
    """Enter the field into the structure of a tagged paper (PDF/UA): a reader of screens comes to it."""
    if "/StructTreeRoot" not in writer.root:
        return
    tree = writer.root["/StructTreeRoot"]
    top = tree.raw_get("/K")
    while isinstance(top, generic.ArrayObject):
        top = top.raw_get(0)
    element = writer.add_object(
        _dictionary(
            Type=pdf_name("/StructElem"),
            S=pdf_name("/Form"),
            P=top,
            Pg=page,
            K=_dictionary(Type=pdf_name("/OBJR"), Obj=widget),
        )
    )
    _append_child(writer, top.get_object(), element)
    key = _enter_parent(writer, tree, element)
    widget.get_object()[pdf_name("/StructParent")] = generic.NumberObject(key)
    page.get_object()[pdf_name("/Tabs")] = pdf_name("/S")
    writer.update_container(page.get_object())


def _append_child(
    writer: IncrementalPdfFileWriter, parent: generic.DictionaryObject, child: generic.IndirectObject
) -> None:
    children = parent.get("/K", generic.ArrayObject())
    if not isinstance(children, generic.ArrayObject):
        children = [parent.raw_get("/K")]  # an only child may stand there alone
    parent[pdf_name("/K")] = generic.ArrayObject([*children, child])
    writer.update_container(parent)


def _enter_parent(
    writer: IncrementalPdfFileWriter, tree: generic.DictionaryObject, element: generic.IndirectObject
) -> int:
    """From the field back to its element, in the number tree that the format asks for. The key it has there."""
    numbers = tree.get("/ParentTree")
    if numbers is None:
        numbers = generic.DictionaryObject()
        tree[pdf_name("/ParentTree")] = writer.add_object(numbers)
    key = 1 + max(_keys(numbers), default=-1)
    pair = generic.ArrayObject([generic.NumberObject(key), element])
    if "/Kids" in numbers:
        limits = generic.ArrayObject([generic.NumberObject(key)] * 2)
        numbers["/Kids"].append(writer.add_object(_dictionary(Nums=pair, Limits=limits)))
        writer.update_container(numbers["/Kids"])
    else:
        numbers[pdf_name("/Nums")] = generic.ArrayObject([*numbers.get("/Nums", ()), *pair])
        writer.update_container(numbers)
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(tree)
    return key


def _keys(node: generic.DictionaryObject) -> list[int]:
    own = [int(key) for key in list(node.get("/Nums", ()))[::2]]
    return own + [key for kid in node.get("/Kids", ()) for key in _keys(kid.get_object())]
