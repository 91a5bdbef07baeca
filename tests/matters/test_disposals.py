"""Archives past their term: proposed by one, approved by another, destroyed with a record that stays; never before, never while needed."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate, now
from matters.test_archives import archived
from matters.test_cases import codes
from matters.test_pages import client_of, text_of
from people import actor_for, make_account
from review import rounds_made_up as made_up

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.jobs.registry import kind_of
from keheng.kernel.models import AuditEntry, Job, StoredFile
from keheng.kernel.personal.holds import place_hold
from keheng.kernel.uploads.receiving import store
from keheng.matters.actions import disposing
from keheng.matters.actions.archiving import archive_case, archive_ended, check_due, check_package
from keheng.matters.actions.disposing import carry_out, carry_out_all, decide_disposal, propose_disposal
from keheng.matters.actions.retrieving import ask_retrieval
from keheng.matters.models import Destruction, Disposal, DisposalItem, Material, Package, Retrieval
from keheng.matters.queries.archives import disposals
from keheng.matters.queries.archives.disposals import due_for
from keheng.review.actions.texts import keep_texts
from keheng.review.models import KeptCase, Objection
from keheng.review.service import Subject

pytestmark = pytest.mark.django_db
WHY = "已无查考价值，建议销毁"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


@pytest.fixture
def due(people):
    """A package whose term ended yesterday."""
    package = archived(people)
    Package.objects.filter(pk=package.pk).update(keep_until=localdate() - timedelta(days=1))
    package.refresh_from_db()
    return package


def proposed(people, *packages, reason=WHY, who="officer"):
    return propose_disposal(actor=people[who], packages=[one.pk for one in packages], reason=reason)


def approved(people, *packages):
    made = proposed(people, *packages)
    return decide_disposal(actor=people["leader"], disposal=made.pk, approved=True)


def test_two_persons_destroy_and_the_record_stays(people, due):
    digest, size = due.file_id, due.file.size
    made = proposed(people, due)
    assert Task.objects.filter(key=f"disposal:{made.pk}", permission="matters.archive.destroy", not_by=people["officer"].account).exists()
    assert due_for(people["officer"], localdate()).count() == 0
    decide_disposal(actor=people["leader"], disposal=made.pk, approved=True)
    assert store().path(digest).is_file()
    assert Job.objects.filter(kind="matters.destroy", key=f"disposal:{made.pk}").count() == 1
    assert [carry_out(made.pk), carry_out(made.pk), carry_out_all()] == [True, False, 0]
    assert (store().path(digest).exists(), StoredFile.objects.filter(digest=digest).exists()) == (False, False)
    line = Destruction.objects.get()
    assert (line.number, line.digest, line.size, line.proposer, line.approver) == (due.case.number, digest, size, "officer 某", "leader 某")
    due.refresh_from_db()
    assert (due.file_id, due.destroyed_at, Disposal.objects.get().state) == (None, line.at, "done")
    assert [
        AuditEntry.objects.filter(body__contains=f'"{act}"').count() for act in ("archive.appraise", "archive.dispose", "archive.destroy")
    ] == [1] * 3
    assert Message.objects.filter(account=people["officer"].account, title__contains="同意销毁").exists()
    assert ([one for one in store().problems() if digest in one], list(store().strays())) == ([], [])
    # The case's own rows stay; the package is not made again, and nobody looks at it or asks for it.
    assert (Material.objects.filter(case=due.case).count(), archive_case(case=due.case_id), archive_ended(), check_due()) == (
        1,
        False,
        0,
        0,
    )
    assert codes(lambda: check_package(actor=people["leader"], package=due.pk)) == ["MATTER_DISPOSAL_GONE"]
    assert codes(lambda: ask_retrieval(actor=people["officer"], package=due.pk, reason="年度审计核对")) == ["MATTER_DISPOSAL_GONE"]
    for change in (lambda: Destruction.objects.update(title="x"), lambda: Destruction.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_nothing_goes_before_its_term_or_by_one_person(people, due):
    early = archived(people)
    assert codes(lambda: proposed(people, due, early, reason="旧")) == ["MATTER_DISPOSAL_REASON", "MATTER_DISPOSAL_NONE"]
    Package.objects.filter(pk=due.pk).update(keep_until=localdate())
    assert codes(lambda: proposed(people, due)) == ["MATTER_DISPOSAL_NONE"]
    Package.objects.filter(pk=due.pk).update(keep_until=localdate() - timedelta(days=1))
    people["other"] = actor_for(make_account("other", "leader", "case_officer"))
    made = proposed(people, due, who="other")
    assert codes(lambda: proposed(people, due)) == ["MATTER_DISPOSAL_NONE"]
    assert codes(lambda: decide_disposal(actor=people["other"], disposal=made.pk, approved=False)) == [
        "MATTER_DISPOSAL_SELF", "MATTER_DISPOSAL_NOTE",
    ]  # fmt: skip
    Package.objects.filter(pk=due.pk).update(keep_until=localdate())
    assert codes(lambda: decide_disposal(actor=people["leader"], disposal=made.pk, approved=True)) == ["MATTER_DISPOSAL_EARLY"]
    assert not carry_out(made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Destruction.objects.create(
            disposal=made, package=due, number="x", title="x", ended_at=due.made_at, archived_at=due.made_at, keep_until=localdate(),
            digest="0" * 64, size=1, proposer="x", approver="y", at=due.made_at, on=localdate(),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.update(decided_by=people["other"].account)
    assert store().path(due.file_id).is_file()


def test_what_is_needed_stays(people, due, monkeypatch):
    made = proposed(people, due)
    asked = ask_retrieval(actor=people["officer"], package=due.pk, reason="年度审计核对")
    decide = lambda: decide_disposal(actor=people["leader"], disposal=made.pk, approved=True)  # noqa: E731 -- asked four times
    assert codes(decide) == ["MATTER_DISPOSAL_READ"]
    Retrieval.objects.filter(pk=asked.pk).update(until=localdate() - timedelta(days=1))
    place_hold(actor=people["leader"], target=f"matters.Package:{due.pk}", document="法函〔2026〕1号")
    monkeypatch.setitem(disposals._keepers, "有未处理的异议", lambda case: case == due.case_id)
    assert codes(decide) == ["MATTER_DISPOSAL_HELD", "MATTER_DISPOSAL_NEEDED"]


def test_what_came_up_after_the_approval_keeps_the_package(people, due):
    made = approved(people, due)
    ask_retrieval(actor=people["officer"], package=due.pk, reason="年度审计核对")
    assert carry_out(made.pk)
    item = DisposalItem.objects.get()
    assert (item.live, "正在调阅" in item.kept, Destruction.objects.count(), store().path(due.file_id).is_file()) == (False, True, 0, True)
    assert Disposal.objects.get().state == "done"


def test_a_refusal_keeps_all_and_they_may_be_proposed_again(people, due):
    made = proposed(people, due)
    assert codes(lambda: decide_disposal(actor=people["leader"], disposal=made.pk, approved=False)) == ["MATTER_DISPOSAL_NOTE"]
    decide_disposal(actor=people["leader"], disposal=made.pk, approved=False, note="还有查考价值")
    assert codes(lambda: decide_disposal(actor=people["leader"], disposal=made.pk, approved=True)) == ["MATTER_DISPOSAL_DECIDED"]
    assert not carry_out(made.pk)
    assert proposed(people, due).number != made.number


@pytest.mark.parametrize("broken", ["_take_away", "_destroy"])
def test_a_run_that_broke_off_goes_on(people, due, monkeypatch, broken):
    other = archived(people)
    Package.objects.filter(pk=other.pk).update(keep_until=localdate() - timedelta(days=1))
    digests = [due.file_id, other.file_id]
    made, real, calls = approved(people, due, other), getattr(disposing, broken), []

    def once(*args, **given):
        calls.append(args)
        if len(calls) == 2:
            raise OSError("power is gone")
        return real(*args, **given)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="power"):
        patch.setattr(disposing, broken, once)
        carry_out(made.pk)
    assert Disposal.objects.get().state == "approved"
    # Whatever is gone has its line; no line is written of what is there and has a row.
    written = set(Destruction.objects.values_list("digest", flat=True))
    assert {one for one in digests if not store().path(one).exists()} <= written
    assert written.isdisjoint(StoredFile.objects.values_list("digest", flat=True))
    assert carry_out_all() == 1
    assert [store().path(one).exists() for one in digests] == [False, False]
    assert (Destruction.objects.count(), Disposal.objects.get().state, list(store().strays())) == (2, "done", [])


def test_content_that_something_else_holds_stays(people, due):
    Material.objects.filter(case=due.case).update(file=due.file_id)
    carry_out(approved(people, due).pk)
    assert Destruction.objects.count() == 1
    assert store().path(Material.objects.get(case=due.case).file_id).is_file()


def test_pages_from_the_list_to_the_register(people, due):
    officer, leader, clerk = client_of("officer"), client_of("leader"), client_of("clerk")
    base = "/manage/cases/archive/"
    assert due.case.number in text_of(officer.get(f"{base}due/"))
    asked = officer.post(f"{base}disposals/new/", {"rows": [due.pk]})
    assert (asked.status_code, due.case.number in text_of(asked)) == (200, True)
    wrong = officer.post(f"{base}disposals/new/", {"rows": [due.pk], "reason": "旧的"})
    assert (wrong.status_code, "没有写明鉴定意见" in text_of(wrong), ">旧的</textarea>" in wrong.content.decode()) == (422, True, True)
    page = officer.post(f"{base}disposals/new/", {"rows": [due.pk], "reason": WHY}).headers["Location"]
    assert "审定" not in text_of(officer.get(page)).partition("鉴定意见")[2].replace("待审定", "")
    assert officer.post(f"{page}decide/", {"decision": "approve"}).status_code == 403
    told = leader.post(f"{page}decide/", {"decision": "refuse"})
    assert (told.status_code, "没有写明不同意的理由" in text_of(told)) == (422, True)
    assert leader.post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    carry_out_all()
    assert "已销毁" in text_of(leader.get(page))
    assert [word in text_of(leader.get(f"{base}destroyed/")) for word in (due.case.number, "officer 某", "leader 某")] == [True] * 3
    gone = text_of(officer.get(f"{base}{due.pk}/"))
    assert [word in gone for word in ("销毁清册里留有记录", "申请调阅", "现在检测")] == [True, False, False]
    assert "已销毁" in text_of(officer.get(base))
    assert [clerk.get(f"{base}{name}/").status_code for name in ("due", "disposals", "destroyed")] == [403] * 3
    assert officer.post(f"{base}disposals/new/", {"rows": [due.pk]}).status_code == 302


def test_texts_of_a_destroyed_archive_are_compared_no_more(people, due, settings, tmp_path):
    settings.PRINTS_FOLDER = tmp_path / "prints"
    assert keep_texts() == 1
    carry_out(approved(people, due).pk)
    told = Job.objects.get(kind__startswith="ArchiveDestroyed>")
    kind_of(told.kind).handler(json.loads(told.payload))
    assert (KeptCase.objects.count(), keep_texts()) == (0, 0)


def test_an_objection_that_waits_keeps_the_archive():
    row = made_up.opened([Subject("case:77", "甲", None, "文")], made_up.experts(3))
    one = Objection.objects.create(
        number="YY-1", entry=row.entries.get(), name="孙来信", phone="1", body="重复", filed_at=now(), due_on=localdate()
    )
    asked = disposals._keepers["有未处理的异议"]
    assert (asked(77), asked(78)) == (True, False)
    Objection.objects.filter(pk=one.pk).update(state="rejected", answer="不同", decided_by="9", decided_at=now())
    assert not asked(77)
