"""Pictures for blind judges: where and when they were taken is gone, the picture is the same."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from keheng.review.rules.bareness.contents import bared

GPS, ORIENTATION, CAMERA, MAKER = 0x8825, 0x0112, 0x0110, 0x010F
PLACE = {1: "N", 2: (25.0, 2.0, 51.37), 3: "E", 4: (102.0, 42.0, 33.91)}
SAID = (b"Exif", b"DemoCam", b"GPS", b"39.9163", b"tEXt", b"iTXt", b"eXIf", b"zTXt", b"http://ns.adobe.com")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:exif="http://ns.adobe.com/exif/1.0/"><rdf exif:GPSLatitude="39.9163N"/></x:xmpmeta>'


def noted(way=1):
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA], exif[MAKER] = way, "DemoCam 3", "DemoCam"
    exif[GPS] = PLACE
    return exif


def drawn():
    """A picture whose every corner differs."""
    return Image.frombytes("RGB", (24, 16), bytes(value for y in range(16) for x in range(24) for value in (x * 10, y * 15, x * y % 256)))


def jpeg(**more):
    out = BytesIO()
    drawn().save(out, "JPEG", quality=90, **more)
    return out.getvalue()


def png(**more):
    out = BytesIO()
    drawn().save(out, "PNG", **more)
    return out.getvalue()


def texts():
    made = PngInfo()
    made.add_text("Location", "39.9163")
    made.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return made


NOTED = {
    "jpeg, EXIF": jpeg(exif=noted()),
    "jpeg, XMP": jpeg(xmp=XMP),
    "jpeg, comment": jpeg(comment=b"39.9163 DemoCam"),
    "jpeg, progressive": jpeg(exif=noted(), progressive=True),
    "png, EXIF": png(exif=noted()),
    "png, texts": png(pnginfo=texts()),
    "jpeg, a second picture behind the first": jpeg() + jpeg(exif=noted()),
    "png, notes behind its end": png() + b"GPS 39.9163 DemoCam",
}  # fmt: skip


@pytest.mark.parametrize("kind", NOTED)
def test_nothing_is_left_of_what_was_noted_and_the_picture_is_the_same(kind):
    content = NOTED[kind]
    assert any(word in content for word in SAID)
    made = bared(content)
    assert [word for word in SAID if word in made] == []
    one, other = Image.open(BytesIO(content)), Image.open(BytesIO(made))
    assert (one.format, one.size, one.convert("RGB").tobytes()) == (other.format, other.size, other.convert("RGB").tobytes())
    assert dict(other.getexif()) == {}
    assert bared(made) == made


@pytest.mark.parametrize("way", range(1, 9))
def test_a_picture_that_was_held_askew_still_stands_upright(way):
    made = Image.open(BytesIO(bared(jpeg(exif=noted(way)))))
    assert dict(made.getexif()) == ({} if way == 1 else {ORIENTATION: way})


def test_colours_stay_as_they_were():
    profile = b"demo profile " * 20
    made = Image.open(BytesIO(bared(jpeg(exif=noted(), icc_profile=profile))))
    assert made.info["icc_profile"] == profile
    assert Image.open(BytesIO(bared(png(icc_profile=profile, exif=noted())))).info["icc_profile"] == profile
    inks = BytesIO()
    drawn().convert("CMYK").save(inks, "JPEG", exif=noted())
    before, after = Image.open(inks), Image.open(BytesIO(bared(inks.getvalue())))
    assert (after.mode, before.tobytes()) == ("CMYK", after.tobytes())


@pytest.mark.parametrize("content", [
    b"", b"plain text", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\x00\x00", b"\xff\xd8\xff\xe1\xff\xff1",
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xda\x00\x02\xff",
])  # fmt: skip
def test_what_is_no_picture_or_is_damaged_stays_as_it_is(content):
    assert bared(content) == content


def test_exif_that_makes_no_sense_is_dropped_without_a_word():
    for block in (b"", b"II", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"XX*\0\x08\0\0\0"):
        body = b"Exif\0\0" + block
        content = b"\xff\xd8\xff\xe1" + (len(body) + 2).to_bytes(2) + body + jpeg()[2:]
        assert bared(content) == bared(jpeg())
