"""The picture of a signature or a seal, drawn into its field."""

import io

from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, SimpleBoxLayoutRule
from pyhanko.stamp import StaticStampStyle

from tiepcan.common.refusals import NotAllowed

_LARGEST = 5 * 2**20
_MOST_PIXELS = 4000 * 4000
_LONGEST_SIDE = 1200
"""Pixels: 36 mm and 60 mm at more than 500 dots per inch."""

_FITTED = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID,
    y_align=AxisAlignment.ALIGN_MID,
    inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
)

NOTHING = StaticStampStyle(border_width=0)
"""No picture, no frame, no words: the paper looks as before."""


def drawn(picture: bytes) -> StaticStampStyle:
    """The picture alone, as large as its field lets it be. Raises NotAllowed when it is no transparent .png."""
    return StaticStampStyle(
        border_width=0,
        background=PdfImage(_opened(picture)),
        background_layout=_FITTED,
        background_opacity=1.0,
    )


def _opened(picture: bytes) -> Image.Image:
    """Decree 30/2020/NĐ-CP, Appendix I, part I, sections II.7 and II.8: .png with a transparent ground."""
    if len(picture) > _LARGEST:
        raise NotAllowed("Hình chữ ký lớn quá 5 MB. Thu nhỏ hình rồi thử lại.")
    try:
        file = Image.open(io.BytesIO(picture), formats=["PNG"])
        if file.width * file.height > _MOST_PIXELS:
            raise NotAllowed("Hình chữ ký nhiều điểm ảnh quá. Thu nhỏ hình còn dưới 4000 × 4000 điểm.")
        image = file.convert("RGBA")
    except NotAllowed:
        raise
    except Exception:
        # Pillow raises what it likes for a broken picture.
        raise NotAllowed("Hình chữ ký không phải là tệp .png đọc được.") from None
    least, _ = image.getchannel("A").getextrema()
    if least == 255:
        raise NotAllowed("Hình chữ ký phải có nền trong suốt (.png). Xóa nền trắng của hình rồi thử lại.")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return image
