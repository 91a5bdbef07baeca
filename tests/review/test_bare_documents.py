"""Documents for blind judges: who wrote them and where their pictures were taken is gone, what they say stays."""

import re
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pypdfium2
import pytest
from docx import Document
from PIL import Image
from pypdfium2 import raw
from review.test_bareness import SAID, jpeg, noted, png, texts
from review.test_traces import EMPTY, NAME, TELLING, inside, pdf

from keheng.review.rules.bareness.contents import bared
from keheng.review.rules.traces import said_in

SLIDES = {
    "[Content_Types].xml": "<Types/>",
    "ppt/presentation.xml": "<p:presentation/>",
    "ppt/commentAuthors.xml": f'<p:cmAuthorLst><p:cmAuthor id="0" name="{NAME}" initials="钱"/></p:cmAuthorLst>',
    "ppt/media/image1.jpeg": jpeg(exif=noted()),
    "docProps/custom.xml": f"<Properties><property>{NAME}</property></Properties>",
}
BOOK = {
    "xl/workbook.xml": f"<workbook><x15ac:absPath url='C:\\Users\\{NAME}\\' xmlns:x15ac='x'/><sheets/></workbook>",
    "xl/comments1.xml": f"<comments><authors><author>{NAME}</author></authors><commentList>好</commentList></comments>",
    "xl/media/image1.png": png(pnginfo=texts()),
}


def zipped(members):
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def written():
    made, out = Document(), BytesIO()
    made.core_properties.author = made.core_properties.last_modified_by = NAME
    made.add_paragraph("本作品说明写在这里")
    made.add_picture(BytesIO(jpeg(exif=noted())))
    made.save(out)
    return out.getvalue()


def pages(*pictures):
    """A PDF whose one page shows pictures, with everything that programs note: in its properties, at the page, in a comment."""
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{NAME}</dc:creator></x:xmpmeta>'.encode()
    name = (b"\xfe\xff" + NAME.encode("utf-16-be")).hex().encode()
    shown = b"".join(b"q 40 0 0 40 %d 9 cm /I%d Do Q " % (9 + 50 * place, place) for place in range(len(pictures)))
    refer = b"".join(b"/I%d %d 0 R" % (place, 8 + place) for place in range(len(pictures)))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 120 60]/Contents 5 0 R/Metadata 6 0 R/PieceInfo<</Tool<</Private<%b>>>>>/Annots[7 0 R]"
        b"/Resources<</XObject<<%b>>>>>>" % (name, refer),
        b"<</Author<%b>/Creator(DemoCam)>>" % name, b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown),
        b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%b\nendstream" % (len(xmp), xmp),
        b"<</Type/Annot/Subtype/Text/Rect[1 1 5 5]/T<%b>/Contents(kept)>>" % name,
    ]  # fmt: skip
    for filters, body in pictures:
        head = b"<</Type/XObject/Subtype/Image/Width 24/Height 16/BitsPerComponent 8/ColorSpace/DeviceRGB/Metadata 6 0 R/Filter"
        parts.append(b"%b[%b]/Length %d>>stream\n%b\nendstream" % (head, filters, len(body), body))
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + rows + trailer


def drawn(content):
    with pypdfium2.PdfDocument(content) as document:
        return len(document), document[0].render().to_numpy().tobytes()


def members(content):
    with ZipFile(BytesIO(content)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def said(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    return said_in(path)


TITLED = [one for one in TELLING if one.startswith(("docx, author of", "docx, who", "docx, camera", "xlsx", "pdf"))]


@pytest.mark.parametrize("content", [*(TELLING[one] for one in TITLED), zipped(SLIDES), zipped(BOOK), written()])
def test_no_author_company_folder_or_camera_is_left(content, tmp_path):
    assert NAME in said(tmp_path, content)
    assert NAME not in said(tmp_path, bared(content))


def test_an_office_document_keeps_its_words_and_its_pictures(tmp_path):
    made = bared(written())
    assert "本作品说明写在这里" in said(tmp_path, made)
    assert next(one.text for one in Document(BytesIO(made)).paragraphs) == "本作品说明写在这里"
    pictures = [content for name, content in members(made).items() if name.startswith("word/media/")]
    assert [[word for word in SAID if word in one] for one in pictures] == [[]]
    assert Image.open(BytesIO(pictures[0])).tobytes() == Image.open(BytesIO(jpeg())).tobytes()
    assert members(made).keys() == members(written()).keys()
    assert bared(made) == made
    assert [word for word in SAID if word in members(bared(zipped(BOOK)))["xl/media/image1.png"]] == []


def test_documents_in_documents_are_bared_too():
    outer = bared(zipped({"word/document.xml": "<w/>", "word/embeddings/1.docx": written(), "word/embeddings/2.pdf": pages()}))
    inner = members(outer)
    assert NAME.encode() not in members(inner["word/embeddings/1.docx"])["docProps/core.xml"]
    assert b"/Author" not in inner["word/embeddings/2.pdf"]


def test_a_pdf_looks_the_same_and_its_pictures_tell_nothing():
    noted_picture = jpeg(exif=noted())
    content = pages((b"/DCTDecode", noted_picture), (b"/FlateDecode/DCTDecode", zlib.compress(noted_picture)))
    made = bared(content)
    assert drawn(made) == drawn(content)
    hidden = (NAME.encode(), NAME.encode("utf-16-be"), NAME.encode("utf-16-be").hex().upper().encode(), b"PieceInfo", b"Metadata", *SAID)
    unpacked = [zlib.decompressobj().decompress(made[found.start() :]) for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", made)]
    assert [word for word in hidden for one in (made, *unpacked) if word in one] == []
    assert any(one.startswith(b"\xff\xd8\xff") for one in unpacked)
    assert b"(kept)" in made


def test_what_was_filled_in_a_pdf_form_stays_on_the_page():
    look = b"0 0 1 rg 0 0 9 9 re f"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(x)/F 4/Rect[1 1 8 8]/AP<</N 5 0 R>>>>"
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length %d>>stream\n%b\nendstream" % (len(look), look)
    content = pdf().replace(b"/Catalog/Pages 2 0 R", b"/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>")
    content = content.replace(b"/MediaBox[0 0 9 9]", b"/MediaBox[0 0 9 9]/Annots[4 0 R]")
    content = re.sub(rb"<</Author<.*?>>>", lambda _: field, content)
    content = re.sub(rb"<</Length 0>>stream\n\nendstream", lambda _: form, content)
    with pypdfium2.PdfDocument(content) as before:
        assert before.get_formtype() == raw.FORMTYPE_ACRO_FORM
    with pypdfium2.PdfDocument(bared(content)) as after:
        middle = after[0].render(may_draw_forms=False).to_numpy()[4, 4].tolist()
    assert middle == [255, 0, 0]


CLOSED = {
    "damaged pdf": b"%PDF-1.7\nnothing", "damaged zip": b"PK\x03\x04nothing", "Word 97 or under a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "a bomb": zipped({"word/document.xml": b" " * (60 << 20)}), "a bomb in a zip": zipped({"a.zip": zipped({"b": b" " * (60 << 20)})}),
    "too deep": zipped({"a": zipped({"b": zipped({"c": zipped({"d": "x"})})})}),
    "cut": EMPTY[:-30], "a pdf under a password": pdf().replace(b"/Info 4 0 R", b"/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -4>>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CLOSED)
def test_what_cannot_be_opened_is_told(kind):
    assert bared(CLOSED[kind]) is None


def test_a_member_that_stands_twice_is_told():
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = inside(EMPTY, "word/document.xml", "<w/>")
    assert bared(twice) is None
