"""Who may sign for a body is written down, with the pictures of signatures and seals."""

import io
from datetime import date
from typing import Any

from PIL import Image

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.models import Capacity, Signatory, SignaturePicture

LARGEST_PICTURE = 2_000_000
_PIXELS = 4_000


def _check(body: Organisation, by: Person) -> None:
    if not by.may(May.KEEP_REGISTERS) or not bodies_of(by).filter(pk=body.pk).exists():
        raise NotAllowed(f"Chỉ văn thư của {body} ghi được người ký văn bản.")


def add(*, body: Organisation, by: Person, **facts: Any) -> Signatory:
    """Write down somebody who signs for a body; the same person in the same position from the same day is there once."""
    _check(body, by)
    told = {"body": body, **{name: facts[name] for name in ("name", "position", "since")}}
    with act("signatory.added", by=by):
        return Signatory.objects.get_or_create(**told, defaults=facts)[0]


def change(*, signatory: Signatory, version: int, by: Person, **facts: Any) -> Signatory:
    """Change what is written of a signatory; raises Stale when somebody else did meanwhile. Papers already signed stay."""
    _check(signatory.body, by)
    with act("signatory.changed", by=by):
        current = Signatory.objects.select_for_update().get(pk=signatory.pk)
        if current.version != version:
            raise Stale("Người khác vừa sửa mục này. Tải lại trang rồi sửa tiếp.")
        for name, value in facts.items():
            setattr(current, name, value)
        current.version += 1
        current.save()
        return current


def keep_picture(
    *, content: bytes, by: Person, signatory: Signatory | None = None, body: Organisation | None = None
) -> SignaturePicture:
    """Keep the picture of a signature or of a body's seal, written anew so that nothing but the picture is in it."""
    owner = signatory.body if signatory else body
    assert owner is not None
    _check(owner, by)
    clean = transparent(content)
    with act("signature_picture.kept", by=by):
        picture, _ = SignaturePicture.objects.update_or_create(
            signatory=signatory,
            body=body,
            defaults={"picture": clean, "at": clock.now(), "by_name": by.full_name},
        )
        return picture


def transparent(content: bytes) -> bytes:
    """A transparent .png written anew: Decree 30/2020/NĐ-CP, Appendix I, part I, section II.7 and II.8. Raises NotAllowed."""
    if len(content) > LARGEST_PICTURE:
        raise NotAllowed("Hình lớn hơn 2 MB. Cắt gọn hình rồi nộp lại.")
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > _PIXELS:
                raise NotAllowed(f"Hình rộng hơn {_PIXELS} điểm ảnh. Thu nhỏ rồi nộp lại.")
            seen = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NotAllowed("Tệp này không phải hình .png. Quét chữ ký, xóa nền rồi lưu thành .png.") from None
    least, _ = seen.getchannel("A").getextrema()
    if least == 255:
        raise NotAllowed("Hình chưa có nền trong suốt. Xóa nền trắng rồi lưu thành .png.")
    written = io.BytesIO()
    seen.save(written, "PNG")
    return written.getvalue()


def of_person(body: Organisation, person: Person) -> Signatory:
    """How somebody with an account signs for a body; written down from their position the first time.

    To be called inside an act. "Phó Chủ tịch" signs in the place of "Chủ tịch".
    """
    known = Signatory.objects.in_office_on(clock.today()).filter(body=body, person=person).first()
    if known:
        return known
    position = _position(person, body)
    deputy = folded_key(position).startswith("pho ")
    head = position[len("Phó ") :] if deputy else ""
    return Signatory.objects.create(
        body=body,
        person=person,
        name=person.full_name[:50],
        position=position,
        capacity=Capacity.DEPUTY if deputy else Capacity.HEAD,
        head=head[:1].upper() + head[1:],
        since=date(clock.today().year, 1, 1),
    )


def _position(person: Person, body: Organisation) -> str:
    """A position as it stands above a name: "Chủ tịch", without the body that is named above it already."""
    said = person.position.strip() or ("Chủ tịch" if body.kind == OrganisationKind.LOCAL else "Thủ trưởng")
    for part in (" UBND", " Ủy ban nhân dân"):
        said = said.split(part, 1)[0]
    return said[:100]
