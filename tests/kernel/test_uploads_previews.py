"""Pages of files as pictures: open to whom the file is open, drawn by us, one thread at a time, nothing of what a camera noted in them."""

import io
import json
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest
from people import make_account, signed_in
from PIL import Image

from keheng.kernel.files import FileStore, Limits
from keheng.kernel.models import AuditEntry
from keheng.kernel.uploads import places
from keheng.kernel.uploads.pdfs import opened_pdf
from keheng.kernel.uploads.places import Holder, register_holder

KINDS = frozenset({"application/pdf", "image/jpeg", "image/png", "text/plain"})
ORIENTATION, TURNED, MAKER = 0x0112, 6, 0x010F


def pdf(*sizes):
    document = pypdfium2.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def picture(size, kind="JPEG", mode="RGB", **given):
    data = io.BytesIO()
    Image.new(mode, size).save(data, kind, **given)
    return data.getvalue()


@pytest.fixture
def kept(db, tmp_path, settings, monkeypatch):
    """A function that keeps a file, and the digest it has then."""
    settings.FILES_FOLDER = tmp_path / "files"
    monkeypatch.setattr(places, "_holders", {})
    return lambda data: FileStore(tmp_path / "files").keep(io.BytesIO(data), Limits(8 << 20, KINDS)).digest


@pytest.fixture
def client(kept):
    return signed_in(make_account("reader"))


def opened(*, sensitive=False):
    register_holder(Holder("thing", lambda *_: True, sensitive))


def seen(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(answer.content))


def downloads():
    return [body for body in map(json.loads, AuditEntry.objects.values_list("body", flat=True)) if body["act"] == "file.download"]


def test_each_page_is_drawn_and_no_other(client, kept):
    digest = kept(pdf((200, 300), (400, 100)))
    opened()
    assert seen(client.get(f"/files/{digest}/pages/1.jpg")).size == (1067, 1600)
    assert seen(client.get(f"/files/{digest}/pages/2.jpg")).size == (1600, 400)
    assert [client.get(f"/files/{digest}/pages/{number}.jpg").status_code for number in (0, 3)] == [404, 404]
    page = client.get(f"/files/{digest}/pages/报告.pdf/").content.decode()
    assert [f"/files/{digest}/pages/{number}.jpg" in page for number in (1, 2, 3)] == [True, True, False]
    assert "共 2 页" in page


def test_what_is_no_document_has_no_pages(client, kept):
    opened()
    for data in (b"%PDF-1.7\n" + bytes(99), b"only text\n", picture((9000, 9000), "PNG", "1"), picture((9, 9))[:200]):
        digest = kept(data)
        assert client.get(f"/files/{digest}/pages/1.jpg").status_code == 404
    assert client.get(f"/files/{kept(b'%PDF-1.7' + bytes(99))}/pages/a.pdf/").status_code == 404


def test_a_picture_stands_upright_without_what_the_camera_noted(client, kept):
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = TURNED, "云岭中学"
    digest = kept(picture((3000, 2000), exif=exif))
    opened()
    shown = seen(client.get(f"/files/{digest}/pages/1.jpg"))
    assert (shown.size, dict(shown.getexif())) == ((1067, 1600), {})


def test_only_for_whom_a_holder_opens_it_and_on_record(client, kept):
    digest = kept(pdf((200, 300)))
    page = f"/files/{digest}/pages/1.jpg"
    assert [client.get(address).status_code for address in (page, f"/files/{digest}/pages/a.pdf/")] == [404, 404]
    opened(sensitive=True)
    etag = client.get(page)["ETag"]
    assert client.get(page, headers={"If-None-Match": etag}).status_code == 304
    assert [(body["target"], body["reason"]) for body in downloads()] == [(f"file:{digest}", "thing")]


def test_who_reads_a_document_waits_for_who_reads_another():
    def pages(data):
        with opened_pdf(data) as document:
            return len(document)

    with ThreadPoolExecutor(1) as pool:
        with opened_pdf(pdf((9, 9))):
            waiting = pool.submit(pages, pdf((9, 9), (9, 9)))
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=20) == 2
