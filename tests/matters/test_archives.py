"""The archive: made at the end, checked by four questions, damaged on purpose, read for a reason."""

import json
import re
import shutil
from datetime import timedelta
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import now
from matters.made_up import small
from matters.test_cases import CUT, codes, do, give_file
from matters.test_pages import client_of, text_of

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.models import AuditEntry
from keheng.kernel.uploads.receiving import store
from keheng.matters.actions.archiving import archive_case, archive_ended, check_due, check_package
from keheng.matters.actions.retrieving import ask_retrieval, decide_retrieval, open_archive
from keheng.matters.models import Package, PackageCheck, Reading, Retrieval
from keheng.matters.queries.archives.contents import members_of
from keheng.matters.queries.cases import loaded
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.printing import application_pdf
from keheng.matters.rules.archives.package import Member, write_package
from keheng.matters.service import open_case, save_answers

pytestmark = pytest.mark.django_db
WHY = "核对经费"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def ended(people):
    """A project that was approved, with a real file."""
    case = open_case(actor=people["firm"], matter="yl.it-project")
    budget = [{"item": "人月", "code": "开发人月", "qty": "10", "price": "20000"}]
    typed = {"name": "系统", "kind": "升级", "contact": "钱一", "phone": "13800000000", "plan": "升级。", "budget": budget}
    save_answers(actor=people["firm"], case=case.pk, typed=typed, seen={})
    case.refresh_from_db()
    kept = store().keep(BytesIO(application_pdf(loaded(case), masked=True)), MATERIAL.limits)
    row = give_file(case, "scheme", "../方案.pdf")
    type(row).objects.filter(pk=row.pk).update(file_id=kept.digest)
    case = do(people["firm"], case, "submit")
    case = do(people["clerk"], case, "accept")
    case = do(people["officer"], case, "propose", typed=CUT, opinion="逐行审核")
    return do(people["leader"], case, "approve", signed=True)


def archived(people):
    case = ended(people)
    assert archive_case(case=case.pk)
    return Package.objects.get(case=case)


def found(package):
    """What the last check found wrong, by kind."""
    rows = PackageCheck.objects.filter(package=package).order_by("-pk")[0].findings
    return [(row["kind"], row["said"]) for row in rows if not row["holds"]]


def test_a_package_is_made_once_with_everything_in_it(people):
    package = archived(people)
    assert not archive_case(case=package.case_id)
    with ZipFile(store().path(package.file_id)) as zipped:
        assert zipped.namelist() == [
            "application.pdf", "events.xml", "letters.xml", "materials.xml", "materials/01-scheme-方案.pdf", "matter.yaml", "metadata.xml",
            "outputs/01-opinion.pdf", "sealed.txt", "manifest.json",
        ]  # fmt: skip
        listed = {row["path"] for row in json.loads(zipped.read("manifest.json"))["files"]}
        events, metadata = zipped.read("events.xml").decode(), zipped.read("metadata.xml").decode()
        everything = b"".join(zipped.read(name) for name in zipped.namelist() if name != "matter.yaml")
        assert zipped.read("sealed.txt").startswith(b"s1.")
        assert len({info.date_time for info in zipped.infolist()}) == 1
    assert listed == {*zipped.namelist()} - {"manifest.json"}
    assert "逐行审核" in events
    assert [word for word in (package.case.number, "准予", "10 年", "网上预受理、审批、办结") if word not in metadata] == []
    assert b"13800000000" not in everything
    assert (package.sound, found(package)) == (True, [])
    assert package.keep_until.year == package.made_at.year + 10
    assert AuditEntry.objects.filter(body__contains="archive.make").count() == 1


def test_the_same_case_gives_the_same_bytes(people):
    case = ended(people)
    made = []
    for _ in range(2):
        out = BytesIO()
        write_package(out, reversed(list(members_of(loaded(case)))), case.ended_at)
        made.append(out.getvalue())
    assert made[0] == made[1]


def rewritten(package, change):
    """The package's file with its members changed by a function on a dictionary; the register is told of the new file."""
    path = store().path(package.file_id)
    with ZipFile(path) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    change(members)
    with ZipFile(path, "w", ZIP_STORED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)


def flipped(members):
    content = bytearray(members["application.pdf"])
    content[200] ^= 1
    members["application.pdf"] = bytes(content)


@pytest.mark.parametrize(("change", "wrong"), [
    (flipped, [("真实", "摘要与清单不一致：application.pdf")]),
    (lambda members: members.pop("materials/01-scheme-方案.pdf"), [("完整", "缺少文件：materials/01-scheme-方案.pdf"), ("完整", "材料有 0 份，登记为 1 份")]),
    (lambda members: members.update({"more.txt": b"x"}), [("完整", "多出文件：more.txt")]),
    (lambda members: members.pop("manifest.json"), [("完整", "清单读不出来")]),
    (lambda members: members.update({"events.xml": b"<events>"}), [("真实", "摘要与清单不一致：events.xml"), ("可用", "打不开：events.xml")]),
    (lambda members: members.update({"matter.yaml": b"<html><script>"}), [("安全", "格式不在允许的范围内：matter.yaml")]),
    (lambda members: members.update({"../out.txt": b"x"}), [("安全", "加密或路径越界：../out.txt")]),
    (lambda members: members.update({"metadata.xml": b"<archive/>"}), [("完整", "元数据没有写：事项编码"), ("真实", "办理经过 0 步，登记为 4 步")]),
])  # fmt: skip
def test_damage_is_found_and_told(people, change, wrong):
    package = archived(people)
    rewritten(package, change)
    made = check_package(actor=people["leader"], package=package.pk)
    assert not made.sound
    said = found(package)
    assert ("真实", "归档包与登记的摘要不一致：内容被改动过") in said
    assert [one for one in wrong if not any(kind == one[0] and one[1] in text for kind, text in said)] == []
    assert Task.objects.filter(key=f"archive:{package.pk}", permission="matters.archive.read").exists()


def test_a_byte_changed_on_disk_and_a_lost_file_are_found(people):
    package = archived(people)
    path = store().path(package.file_id)
    whole = path.read_bytes()
    for damage in (
        lambda: path.write_bytes(whole[:-1]),
        lambda: path.write_bytes(whole[:400] + bytes([whole[400] ^ 1]) + whole[401:]),
        path.unlink,
    ):
        damage()
        assert not check_package(actor=people["leader"], package=package.pk).sound
    assert {kind for kind, _said in found(package)} == {"真实", "完整", "可用"}
    path.write_bytes(whole)
    assert check_package(actor=people["leader"], package=package.pk).sound
    assert not Task.objects.filter(key=f"archive:{package.pk}").exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        PackageCheck.objects.filter(package=package).update(sound=True)


def test_jobs_make_up_for_what_was_missed_and_look_again_each_year(people):
    case = ended(people)
    assert (archive_ended(), archive_ended(), check_due()) == (1, 0, 0)
    Package.objects.update(checked_at=now() - timedelta(days=366))
    assert (check_due(), check_due()) == (1, 0)
    assert PackageCheck.objects.filter(package__case=case).count() == 2


def test_a_lost_material_stops_the_package_and_says_so(people):
    case = ended(people)
    shutil.rmtree(store().folder)
    with pytest.raises(FileNotFoundError):
        archive_case(case=case.pk)
    assert not Package.objects.exists()


def test_only_what_has_ended_is_archived(people):
    case = open_case(actor=people["firm"], matter="yl.it-project")
    assert (archive_case(case=case.pk), archive_ended()) == (False, 0)


def test_a_plain_matter_is_read_for_a_reason_and_every_opening_is_noted(people):
    package = archived(people)
    officer = people["officer"]
    assert codes(lambda: open_archive(actor=officer, package=package.pk)) == ["MATTER_ARCHIVE_SHUT"]
    assert codes(lambda: ask_retrieval(actor=officer, package=package.pk, reason="看")) == ["MATTER_ARCHIVE_REASON"]
    assert codes(lambda: ask_retrieval(actor=people["clerk"], package=package.pk, reason=WHY + "核对")) == ["MATTER_ARCHIVE_GONE"]
    client = client_of("officer")
    page = f"/manage/cases/archive/{package.pk}/"
    assert client.post(f"{page}ask/", {"reason": "看"}).status_code == 422
    assert client.post(f"{page}ask/", {"reason": "年度审计核对"}).status_code == 302
    assert codes(lambda: ask_retrieval(actor=officer, package=package.pk, reason="再看一次吧")) == ["MATTER_ARCHIVE_ASKED"]
    answer = client.post(f"{page}open/")
    assert re.fullmatch(rf"/files/{package.file_id}/.*\.zip", answer.headers["Location"])
    assert b"".join(client.get(answer.headers["Location"]).streaming_content).startswith(b"PK")
    assert client_of("leader").get(answer.headers["Location"]).status_code == 404
    assert Reading.objects.count() == 1
    assert "年度审计核对" in text_of(client.get(page))
    assert AuditEntry.objects.filter(body__contains="archive.open").exists()
    Retrieval.objects.update(until=now().date() - timedelta(days=1))
    assert client.get(answer.headers["Location"]).status_code == 404
    assert client_of("clerk").get(page).status_code == 403


PRIVATE = small(
    (
        "label: 名称, required: true, max: 10}",
        "label: 名称, required: true, max: 10}\n      - {id: paper_number, type: id_number, label: 证号}",
    )
)


def test_a_private_matter_needs_somebody_elses_approval(people, shelved):
    shelved(PRIVATE)
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": "甲"}, seen={})
    case = do(people["clerk"], do(people["person"], case, "submit"), "accept")
    archive_case(case=case.pk)
    package = Package.objects.get()
    client, leader = client_of("officer"), client_of("leader")
    page = f"/manage/cases/archive/{package.pk}/"
    client.post(f"{page}ask/", {"reason": "信访件核查"})
    asked = Retrieval.objects.get()
    assert (asked.state, client.post(f"{page}open/").status_code) == ("asked", 422)
    assert Task.objects.filter(key=f"retrieval:{asked.pk}", not_by=people["officer"].account).exists()
    assert codes(lambda: decide_retrieval(actor=people["officer"], retrieval=asked.pk, granted=True)) == ["MATTER_ARCHIVE_GONE"]
    assert leader.post(f"/manage/cases/archive/retrievals/{asked.pk}/decide/", {"decision": "refuse"}).status_code == 422
    assert leader.post(f"/manage/cases/archive/retrievals/{asked.pk}/decide/", {"decision": "grant"}).status_code == 302
    assert codes(lambda: decide_retrieval(actor=people["leader"], retrieval=asked.pk, granted=True)) == ["MATTER_ARCHIVE_DECIDED"]
    assert Message.objects.filter(account=people["officer"].account, title__contains="已批准").exists()
    assert client.post(f"{page}open/").status_code == 302
    own = ask_retrieval(actor=people["leader"], package=package.pk, reason="自己来看看")
    assert codes(lambda: decide_retrieval(actor=people["leader"], retrieval=own.pk, granted=True)) == ["MATTER_ARCHIVE_SELF"]
    assert leader.post("/manage/cases/archive/retrievals/999/decide/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(people, count, django_assert_max_num_queries):
    packages = [archived(people) for _ in range(count)]
    client = client_of("officer")
    with django_assert_max_num_queries(16):
        page = text_of(client.get("/manage/cases/archive/"))
    assert page.count("BJ-") == count + 1
    with django_assert_max_num_queries(20):
        assert client.get(f"/manage/cases/archive/{packages[0].pk}/").status_code == 200
    assert packages[0].case.number in text_of(client.get(f"/manage/cases/archive/?number={packages[0].case.number}"))
    case = packages[0].case
    for query in (f"matter={case.matter}", f"subject={case.subject[1:3]}"):
        assert case.number in text_of(client.get(f"/manage/cases/archive/?{query}"))
    for query in ("state=damaged", "state=over", "matter=yl.leave", "subject=无此内容"):
        assert "没有符合条件的记录" in text_of(client.get(f"/manage/cases/archive/?{query}"))
    assert client.post(f"/manage/cases/archive/{packages[0].pk}/check/").status_code == 302


def test_members_are_values():
    out = BytesIO()
    digests = write_package(out, [Member("b.txt", b"2"), Member("a.txt", b"1")], now())
    assert list(digests) == ["a.txt", "b.txt"]
