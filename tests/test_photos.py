"""A photo from outside comes in as its dots alone: upright, no larger than needed, and with nothing that it carried."""

import subprocess
import sys
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tiepcan.intake import photos
from tiepcan.intake.document import Unreadable
from tiepcan.intake.photos import LARGEST_SIDE, clean_photo

MAKER, ORIENTATION, GPS = 271, 274, 0x8825
SENTENCE = "Tệp ảnh bị hỏng hoặc không phải ảnh"


def written(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def cleaned(raw: bytes) -> Image.Image:
    image = Image.open(BytesIO(clean_photo(raw)))
    image.load()
    return image


def a_sheet(width: int = 300, height: int = 200) -> Image.Image:
    """Red above, blue below: which way is up can be seen."""
    sheet = Image.new("RGB", (width, height), "blue")
    sheet.paste("red", (0, 0, width, height // 2))
    return sheet


def is_red(dot: object) -> bool:
    red, green, blue = dot  # type: ignore[misc]
    return red > 200 and green < 60 and blue < 60


def with_exif(image: Image.Image, orientation: int = 1, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[MAKER] = "Dien thoai cua Nguyen Van Thu"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (19.0, 48.0, 27.5), 3: "E", 4: (105.0, 46.0, 34.0)})
    return written(image, kind, exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_who_took_it_where_and_with_what_is_gone(kind):
    raw = with_exif(a_sheet(), kind=kind)
    assert Image.open(BytesIO(raw)).getexif().get_ifd(GPS)  # the photo does carry its place
    clean = clean_photo(raw)
    image = Image.open(BytesIO(clean))
    assert image.format == "JPEG"
    assert dict(image.getexif()) == {}
    assert b"Nguyen Van Thu" not in clean
    assert b"Exif" not in clean


def test_comments_profiles_and_previews_are_gone():
    raw = written(
        a_sheet(), comment=b"chup tai nha ong Thu", icc_profile=b"mau" * 50, xmp=b"<x:xmpmeta>Thu</x:xmpmeta>"
    )
    assert b"xmpmeta" in raw
    clean = clean_photo(raw)
    assert not any(word in clean for word in (b"ong Thu", b"xmpmeta", b"ICC_PROFILE"))
    assert set(Image.open(BytesIO(clean)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (1, None),
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_90),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_a_photo_taken_on_its_side_comes_upright(orientation, turned):
    lying = a_sheet() if turned is None else a_sheet().transpose(turned)
    image = cleaned(with_exif(lying, orientation))
    assert image.size == (300, 200)
    assert is_red(image.getpixel((150, 20)))
    assert not is_red(image.getpixel((150, 180)))


@pytest.mark.parametrize(
    ("size", "scaled"),
    [((4000, 3000), (2000, 1500)), ((1500, 6000), (500, 2000)), ((2000, 2000), (2000, 2000)), ((640, 480), (640, 480))],
)  # fmt: skip
def test_a_photo_is_scaled_down_to_what_a_sheet_needs_and_never_up(size, scaled):
    assert max(scaled) <= LARGEST_SIDE
    image = cleaned(written(a_sheet(*size)))
    assert image.size == scaled
    assert is_red(image.getpixel((scaled[0] // 2, 5)))


def test_a_large_phones_photo_is_taken():
    """48 million dots, what phones of the day take at most."""
    assert cleaned(written(a_sheet(8000, 6000), quality=40)).size == (2000, 1500)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_becomes_white(kind):
    signature = Image.new("RGBA", (100, 60), (0, 0, 0, 0))
    signature.paste((0, 0, 0, 255), (40, 20, 60, 40))
    image = cleaned(written(signature, kind, lossless=True))
    assert min(image.getpixel((5, 5))) > 245
    assert max(image.getpixel((50, 30))) < 20


@pytest.mark.parametrize("mode", ["P", "RGB", "L", "LA"])
def test_what_is_transparent_becomes_white_however_the_file_says_so(mode):
    if mode == "LA":
        sheet = Image.new("LA", (80, 80), (0, 0))
        raw = written(sheet, "PNG")
    else:
        nothing: object = {"P": 0, "L": 0, "RGB": (0, 0, 0)}[mode]
        raw = written(Image.new(mode, (80, 80), 0), "PNG", transparency=nothing)
    assert min(cleaned(raw).getpixel((40, 40))) > 245


@pytest.mark.parametrize("mode", ["1", "P", "L"])
def test_a_thin_line_of_a_large_scan_is_still_there(mode):
    scan = Image.new("L", (4000, 1000), 255)
    draw = ImageDraw.Draw(scan)
    for x in range(100, 3900, 101):
        draw.line((x, 0, x, 1000), fill=0)
    image = cleaned(written(scan.convert(mode), "PNG")).convert("L")
    for x in range(100, 3900, 101):
        assert min(image.getpixel((x // 2 + step, 250)) for step in (-1, 0, 1)) < 200, x


def test_colours_of_a_print_shop_are_taken():
    assert cleaned(written(Image.new("CMYK", (50, 50), (0, 255, 255, 0)))).mode == "RGB"


def appended_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", "echo hello")
    return out.getvalue()


@pytest.mark.parametrize(
    ("more", "trace"),
    [
        (appended_zip(), b"PK\x03\x04"),
        (b"<html><script>alert(1)</script></html>", b"<script"),
        (b"<?php system('id'); ?>", b"<?php"),
    ],
    ids=["zip", "html", "php"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_file_that_is_two_things_at_once_becomes_a_photo_alone(kind, more, trace):
    raw = written(a_sheet(), kind) + more
    assert trace in raw
    clean = clean_photo(raw)
    assert trace not in clean
    assert not zipfile.is_zipfile(BytesIO(clean))
    assert clean.endswith(b"\xff\xd9")


def a_png(width: int, height: int, rows: int | None = None) -> bytes:
    """One bit a dot, all black: few bytes that claim to be very many dots. `rows` of them are really there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    line = bytes(1 + (width + 7) // 8)
    dots = zlib.compress(line * (height if rows is None else rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


BAD = {
    "nothing": b"",
    "words": "Biên bản bàn giao".encode(),
    "a web page": b"<html><img src=x onerror=alert(1)></html>",
    "a drawing in words": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a format that is no photo": written(a_sheet(), "GIF"),
    "a format with many parsers": written(a_sheet(), "TIFF"),
    "a photo cut off": written(a_sheet(2500, 2500))[:4000],
    "a photo whose middle is noise": written(a_sheet(), "PNG")[:60] + b"\x00noise" * 40,
    "a beginning alone": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "a bomb": a_png(20_000, 20_000),
    "a bomb that is mostly promised": a_png(60_000, 60_000, rows=10),
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_what_is_no_photo_is_refused_with_a_sentence(raw):
    with pytest.raises(Unreadable, match=SENTENCE):
        clean_photo(raw)


def test_a_small_drawing_of_the_same_kind_as_the_bomb_is_a_photo():
    assert cleaned(a_png(200, 100)).size == (200, 100)


def test_dots_are_counted_before_any_is_read(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)  # which the reading sets; put back afterwards
    with pytest.raises(Image.DecompressionBombError):
        photos._rewrite(a_png(20_000, 20_000, rows=10))


def test_a_photo_is_read_under_the_childs_limits():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import runpy, sys; from tiepcan.intake import child;"
            "child.limit = lambda: sys.exit('limited before the photo is decoded');"
            "runpy.run_module('tiepcan.intake.photos', run_name='__main__')",
        ],
        input=written(a_sheet()),
        capture_output=True,
        check=False,
    )
    assert b"limited before" in done.stderr
    assert done.stdout == b""


def test_behind_the_count_of_dots_stands_the_childs_memory():
    """With the first wall gone the bomb meets the second."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tiepcan.intake import child, photos; photos.MOST_PIXELS = 10**12;"
            "raw = sys.stdin.buffer.read(); child.limit(); photos._rewrite(raw)",
        ],
        input=a_png(60_000, 60_000, rows=10),
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr


def test_a_photo_that_takes_too_long_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(photos, "WALL_SECONDS", 0.01)
    with pytest.raises(Unreadable, match=SENTENCE):
        clean_photo(written(a_sheet()))


def test_a_child_that_dies_is_a_sentence_and_not_a_crash(monkeypatch):
    monkeypatch.setattr(photos.sys, "executable", "/bin/false")
    with pytest.raises(Unreadable, match=SENTENCE):
        clean_photo(written(a_sheet()))
