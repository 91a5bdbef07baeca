"""Outreach records: a copy by its digest, links once, reprints after their originals; what proves nothing is not counted."""

import io
from datetime import date

import pytest
from django.test import Client
from portal.outreach_made_up import ORGANISER, codes_of
from portal.test_activity_pages import powers

from keheng.kernel.errors import Refused
from keheng.kernel.measures import read, still_holds
from keheng.kernel.models import AuditEntry, StoredFile
from keheng.kernel.periods import Period
from keheng.kernel.spreadsheets import read_rows
from keheng.portal.actions.media import attach_copy, check_link, check_media, enter_media, import_media, keep_copy, media_sheet
from keheng.portal.models import MediaItem
from keheng.portal.rules.media import MediaFacts

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 archived page"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def facts(serial=1, **more):
    values = {
        "kind": "news",
        "title": f"云岭仪器共享{serial}",
        "outlet": "云岭日报",
        "published_on": date(2026, 3, 2),
        "url": f"https://news.yunling.example/{serial}",
    }
    return MediaFacts(**values | more)


def entered(serial=1, *, copy=False, **more):
    kept = keep_copy(io.BytesIO(PDF + str(serial).encode())) if copy else None
    return enter_media(actor=ORGANISER, facts=facts(serial, **more), copy=kept, copy_title="存档.pdf")


def test_everything_wrong_with_a_record_is_told_at_once():
    entered()
    wrong = facts(kind="rumour", title="", outlet="媒" * 101, published_on=date(2999, 1, 1), original="https://nowhere.example/")
    with pytest.raises(Refused) as refused:
        enter_media(actor=ORGANISER, facts=wrong)
    assert codes_of(refused) == [
        ("MEDIA_KIND", "kind"),
        ("ACT_TITLE", "title"),
        ("ACT_TOO_LONG", "outlet"),
        ("MEDIA_DAY", "published_on"),
        ("MEDIA_URL", "url"),
        ("MEDIA_ORIGINAL", "original"),
    ]
    for url, code in (("javascript:alert(1)", "MEDIA_LINK"), ("yunling", "MEDIA_LINK"), ("https://a.example/" + "x" * 500, "ACT_TOO_LONG")):
        with pytest.raises(Refused) as refused:
            enter_media(actor=ORGANISER, facts=facts(url=url))
        assert codes_of(refused) == [(code, "url")]


def test_a_reprint_names_its_original_and_a_copy_is_kept_by_its_digest():
    original = entered(1, copy=True)
    reprint = entered(2, kind="reprint", original=original.url)
    assert (reprint.reprint_of, len(original.copy_digest), StoredFile.objects.get().media_type) == (original, 64, "application/pdf")
    attach_copy(actor=ORGANISER, item=reprint.pk, copy=keep_copy(io.BytesIO(PDF + b"2")), copy_title="../转载.pdf")
    assert MediaItem.objects.get(pk=reprint.pk).copy_title == "转载.pdf"
    with pytest.raises(Refused):
        keep_copy(io.BytesIO(b"PK\x03\x04 nothing"))
    with pytest.raises(Refused) as refused:
        check_link(actor=ORGANISER, item=original.pk, state="unchecked")
    assert codes_of(refused) == [("MEDIA_KIND", "state")]


def test_only_what_is_proven_is_counted():
    entered(1, copy=True, kind="feature")
    entered(2)
    checked = entered(3)
    check_link(actor=ORGANISER, item=checked.pk, state="ok")
    entered(4, copy=True, kind="reprint", original=checked.url)
    linked = entered(5, kind="reprint")
    check_link(actor=ORGANISER, item=linked.pk, state="ok")
    entered(6, copy=True, published_on=date(2025, 12, 31))
    year = Period.year(2026)
    readings = [read(code, year) for code in ("portal.media_items", "portal.media_features", "portal.reprints")]
    assert [one.value.value for one in readings] == [4, 1, 1]
    assert all(still_holds(one) for one in readings)
    check_link(actor=ORGANISER, item=checked.pk, state="gone")
    assert read("portal.media_items", year).value.value == 3


SHEET = "类型,标题,媒体,发布日期,链接,原文链接\n转载,转载一,晨报,2026-03-03,https://b.example/1,https://a.example/1\n新闻,原文一,日报,2026-03-02,https://a.example/1,\n"


def test_a_sheet_is_imported_whole_or_not_at_all():
    checked = check_media(SHEET.encode())
    assert checked.problems == ()
    assert import_media(actor=ORGANISER, rows=checked.rows) == 2
    assert MediaItem.objects.get(title="转载一").reprint_of.title == "原文一"
    again = check_media((SHEET + "新闻,原文二,日报,2199-01-01,https://c.example/1,\n").encode())
    assert [(fault.row, fault.problem.code) for fault in again.problems] == [(2, "MEDIA_URL"), (3, "MEDIA_URL"), (4, "MEDIA_DAY")]
    lone = check_media(
        "类型,标题,媒体,发布日期,链接,原文链接\n转载,转载,晨报,2026-03-03,https://d.example/1,https://e.example/1\n".encode()
    )
    assert [fault.problem.code for fault in lone.problems] == ["MEDIA_ORIGINAL"]


def test_staff_enter_import_export_and_the_public_reads(visitor):
    client = visitor(*powers("portal.media.see", "portal.media.edit"))
    values = {
        "kind": "feature",
        "title": "专题",
        "outlet": "云岭日报",
        "published_on": "2026-03-02",
        "url": "https://news.yunling.example/9",
    }
    file = io.BytesIO(PDF)
    file.name = "a.pdf"
    assert client.post("/manage/media/new/", values | {"copy": file}).status_code == 302
    row = MediaItem.objects.get()
    assert client.get(f"/files/{row.copy_digest}/a.pdf").status_code == 200
    stranger = visitor(*powers("portal.hall.see"), login="stranger")
    assert stranger.get(f"/files/{row.copy_digest}/a.pdf").status_code == 404
    assert client.post("/manage/media/new/", values).status_code == 422
    sheet = io.BytesIO(SHEET.encode())
    sheet.name = "a.csv"
    assert client.post("/manage/media/import/", {"file": sheet}).status_code == 302
    sheet = io.BytesIO(SHEET.encode())
    sheet.name = "a.csv"
    faults = client.post("/manage/media/import/", {"file": sheet})
    assert (faults.status_code, "已经登记过" in faults.content.decode()) == (422, True)
    sheet = io.BytesIO(b"a,b\n1,2\n")
    sheet.name = "a.csv"
    assert client.post("/manage/media/import/", {"file": sheet}).status_code == 422
    exported = client.get("/manage/media/export/", {"year": "2026"})
    assert len(read_rows(exported.content, media_sheet(), ignore_unknown=True).rows) == 3
    assert AuditEntry.objects.filter(body__contains='"act":"media.export"').count() == 1
    assert client.get("/manage/media/import/template/").status_code == 200
    assert client.post(f"/manage/media/{row.pk}/check/", {"state": "gone"}).status_code == 302
    file = io.BytesIO(PDF + b"new")
    file.name = "b.pdf"
    assert client.post(f"/manage/media/{row.pk}/copy/", {"copy": file}).status_code == 302
    assert MediaItem.objects.get(pk=row.pk).copy_title == "b.pdf"
    asked = {"year": "2026", "kind": "feature", "q": "专题", "link_state": "gone", "sort": "outlet"}
    page = client.get("/manage/media/", asked)
    assert [(line.row.title, [cell.column.code for cell in line.cells]) for line in page.context["table"].lines] == [
        (row.title, ["title", "outlet", "published_on", "copy", "link"])
    ]
    assert ("打不开" in page.content.decode(), "/files/" in page.content.decode()) == (True, True)
    reader = visitor(*powers("portal.media.see"), login="reader").get("/manage/media/").content.decode()
    assert ("添加存档" in reader, "打不开</button>" in reader, reader.count("<tr tabindex")) == (False, False, 3)
    assert "原文一" in Client().get("/media/", {"year": "2026"}).content.decode()
    assert "原文一" not in Client().get("/media/", {"year": "2025"}).content.decode()
