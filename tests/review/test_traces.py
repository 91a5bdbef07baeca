"""Names behind and inside files: text, properties, authors of comments, what a camera noted. Blind judges never get such a file."""

import zlib
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from docx import Document
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from keheng.review.queries import evidence
from keheng.review.rules.rounds import Paper
from keheng.review.rules.traces import said_in

NAME, SCHOOL = "钱小一", "云岭演示第一中学"
ARTIST, COPYRIGHT, XP_AUTHOR = 0x013B, 0x8298, 0x9C9D


def written(tmp_path, content, name="file"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def document(fill, **properties):
    made, out = Document(), BytesIO()
    made.core_properties.author = made.core_properties.last_modified_by = made.core_properties.comments = ""
    fill(made)
    for name, value in properties.items():
        setattr(made.core_properties, name, value)
    made.save(out)
    return out.getvalue()


def inside(content, member, text):
    """The document with another member."""
    out = BytesIO(content)
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        archive.writestr(member, text)
    return out.getvalue()


def picture(kind, **more):
    out = BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, kind, **more)
    return out.getvalue()


def exif(tag, value):
    made = Image.Exif()
    made[tag] = value
    return made.tobytes()


def png_text(**texts):
    made = PngInfo()
    for name, text in texts.items():
        made.add_itxt(name, text)
    return made


def with_chunk(content, kind, body):
    """A PNG with a chunk after its head of 33 bytes."""
    return content[:33] + len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4) + content[33:]


def in_two_runs(made):
    paragraph = made.add_paragraph("指导：")
    paragraph.add_run(NAME[:1]).bold = True
    paragraph.add_run(NAME[1:])


def in_a_header(made):
    made.sections[0].header.paragraphs[0].text = f"{SCHOOL} {NAME}"


def with_picture(made):
    made.add_picture(BytesIO(picture("JPEG", exif=exif(ARTIST, NAME.encode()))))


def comments(author):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:comments xmlns:w="{space}"><w:comment w:id="0" w:author="{author}"/></w:comments>'


def sheet():
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"company": NAME, "created": datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    book.add_worksheet().write(0, 0, "数据")
    book.close()
    return out.getvalue()


def pdf(info="", page=""):
    """A PDF of one empty page with an entry in its properties, and metadata beside it."""
    title = (b"\xfe\xff" + info.encode("utf-16-be")).hex()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        f"<</Author<{title}>>>".encode(), b"<</Length %d>>stream\n%b\nendstream" % (len(page.encode()), page.encode()),
    ]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def packet(name):
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{name}</dc:creator></x:xmpmeta>'


EMPTY = document(lambda made: made.add_paragraph("作品说明"))
TELLING = {
    "docx, author": document(in_a_header, author=NAME),
    "docx, who changed it last": document(lambda _made: None, last_modified_by=NAME),
    "docx, text in two runs": document(in_two_runs),
    "docx, header": document(in_a_header),
    "docx, author of a comment": inside(EMPTY, "word/comments.xml", comments(NAME)),
    "docx, camera of a picture in it": document(with_picture),
    "xlsx, company": sheet(),
    "pdf, author": pdf(info=NAME),
    "pdf, XMP": pdf(page=packet(NAME)),
    "jpeg, artist": picture("JPEG", exif=exif(ARTIST, NAME.encode())),
    "jpeg, copyright in GB 18030": picture("JPEG", exif=exif(COPYRIGHT, NAME.encode("gb18030"))),
    "jpeg, author as Windows notes it": picture("JPEG", exif=exif(XP_AUTHOR, NAME.encode("utf-16-le"))),
    "jpeg, comment": picture("JPEG", comment=f"拍摄 {NAME}".encode()),
    "jpeg, XMP": picture("JPEG", xmp=packet(NAME).encode()),
    "png, text": picture("PNG", pnginfo=png_text(Author=NAME)),
    "png, packed text": with_chunk(picture("PNG"), b"zTXt", b"Author\0\0" + zlib.compress(NAME.encode())),
    "png, EXIF": picture("PNG", exif=exif(ARTIST, NAME.encode())),
}  # fmt: skip
SILENT = {
    "docx": EMPTY, "pdf": pdf(info="演示工具"), "jpeg": picture("JPEG", exif=exif(ARTIST, "演示相机".encode())), "png": picture("PNG"),
    "damaged pdf": b"%PDF-1.7\nnothing", "damaged zip": b"PK\x03\x04nothing", "cut jpeg": b"\xff\xd8\xff\xe1\x00", "nothing": b"",
    "broken xml": inside(EMPTY, "word/comments.xml", "<w:comments"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TELLING)
def test_a_name_is_found_wherever_a_file_holds_it(kind, tmp_path):
    assert NAME in said_in(written(tmp_path, TELLING[kind]))


@pytest.mark.parametrize("kind", SILENT)
def test_what_holds_no_name_tells_none_and_what_is_damaged_breaks_nothing(kind, tmp_path):
    said = said_in(written(tmp_path, SILENT[kind]))
    assert NAME not in said
    assert SCHOOL not in said


def test_a_file_that_is_gone_says_nothing(tmp_path):
    assert said_in(tmp_path / "gone") == ""


def test_what_is_packed_too_big_is_not_unpacked(tmp_path):
    bomb = inside(EMPTY, "word/big.xml", b"<a>" + b" " * (65 << 20) + NAME.encode() + b"</a>")
    assert NAME not in said_in(written(tmp_path, bomb))


def test_blanks_do_not_hide_a_name_and_one_character_is_none(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abc").write_bytes(picture("JPEG", comment="钱 小 一".encode()))
    assert evidence.tells(Paper("作品.jpg", "abc", "作品.jpg"), [NAME])
    assert not evidence.tells(Paper("作品.jpg", "abc", "作品.jpg"), ["钱", ""])
    assert evidence.tells(Paper("作品.jpg", "abc", f"{SCHOOL}作品.jpg"), [SCHOOL])
