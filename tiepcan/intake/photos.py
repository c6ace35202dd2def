"""Photos from outside: decoded, scaled and written again without their metadata, in a limited child process.

clean_photo(raw)  →  python -m tiepcan.intake.photos < raw  →  JPEG
"""

import io
import subprocess
import sys

from tiepcan.intake.document import Unreadable

LARGEST_SIDE = 2000
"""Pixels; a handwritten line on a photographed sheet stays readable."""
MOST_PIXELS = 60_000_000
QUALITY = 82
WALL_SECONDS = 60
_BAD = "Tệp ảnh bị hỏng hoặc không phải ảnh. Chụp lại, hoặc chọn ảnh .jpg, .png."


def clean_photo(raw: bytes) -> bytes:
    """The photo as a JPEG of at most 2,000 pixels a side, upright, without metadata. Raises Unreadable."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tiepcan.intake.photos"],
            input=raw,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(_BAD) from None
    if done.returncode != 0 or not done.stdout.startswith(b"\xff\xd8"):
        raise Unreadable(_BAD)
    return done.stdout


def _rewrite(raw: bytes) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses what is twice as large
    with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP")) as opened:
        opened.draft("RGB", (LARGEST_SIDE * 2, LARGEST_SIDE * 2))
        upright = ImageOps.exif_transpose(opened)
        transparent = upright.has_transparency_data
        if transparent or upright.mode in ("1", "P"):
            # Before scaling: dots that are numbers of colours cannot be mixed, and thin lines would be lost.
            upright = upright.convert("RGBA" if transparent else "RGB" if upright.mode == "P" else "L")
        upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        flat = upright.convert("RGB")
        if transparent:
            # Transparent means white: it is mostly a signature or a scan.
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright, mask=upright.getchannel("A"))
    # A fresh picture of the same dots: whatever else the file carried stays behind.
    fresh = Image.frombytes("RGB", flat.size, flat.tobytes())
    written = io.BytesIO()
    fresh.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    from tiepcan.intake.child import limit

    given = sys.stdin.buffer.read()
    limit()
    sys.stdout.buffer.write(_rewrite(given))
