"""Students' names and numbers: in no page of any role, export, message, log, search, archive package or answer to a program."""

import json
import logging
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from addresses import VALUES, VISITOR, filled, ours, visitors
from conftest import copied_city
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate
from matters.contest_made_up import csv_of, entry
from people import actor_for

from keheng.access.actions.tokens import make_token
from keheng.access.models import Account
from keheng.access.rules.roles import roles
from keheng.directory.models import Organisation
from keheng.kernel.measures import all_measures
from keheng.matters.actions.archiving import archive_case
from keheng.matters.models import Case, CaseImport, Package
from keheng.matters.queries.cases import private_answers
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.service import run_import
from keheng.review.models import Entry, Seat
from keheng.site.demo_contest import MATTER

pytestmark = pytest.mark.one_database
# Students of the demo and of sheets have digits behind their name; the one of the sample in the matter's file has none.
STUDENT = re.compile("演示学生[0-9]{5}|99[0-9]{4}20[01][0-9]{8}[0-9X]")
SPACES = ("casework", "matters", "review", "reviews", "desk", "personal", "site")


def _ended():
    return Case.objects.filter(matter=MATTER, end="refused").order_by("pk")[0]


@pytest.fixture(scope="module")
def home(city, tmp_path_factory, django_db_blocker):
    """A copy of the demo city to which a district brought a sheet, partly faulty, and of which an entry that ended is in the archive."""
    folder = tmp_path_factory.mktemp("privacy")
    with copied_city(city, folder, django_db_blocker), django_db_blocker.unblock():
        officer = Account.objects.get(login="demo.district.officer")
        school = Organisation.objects.filter(name__contains="演示第", district=officer.grants.get().district, kind="institution").first()
        rows = [entry(number, unit_code=school.credit_code, code=f"新{number}") for number in (1, 2)]
        rows.append(entry(3, unit_code=school.credit_code, a_number=rows[0]["a_number"]))
        client = visitors()["district_officer"]
        file = SimpleUploadedFile("作品.csv", csv_of(rows, many_units=True))
        client.post(f"/manage/cases/import/{MATTER}/", {"file": file, "partly": "on"})
        run_import(CaseImport.objects.get().pk)
        archive_case(case=_ended().pk)
        yield folder


def text_of(content):
    """What a file says: of a package or a workbook what its members say."""
    if content[:2] != b"PK":
        return content.decode(errors="ignore")
    with zipfile.ZipFile(BytesIO(content)) as package:
        return "\n".join(text_of(package.read(name)) for name in package.namelist())


def body(answer):
    return text_of(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def told(asked):
    """Where a student is told, among pairs of a place and its text."""
    sample = set(STUDENT.findall(shelf()[MATTER][-1].text))
    return sorted({(place, found) for place, text in asked for found in set(STUDENT.findall(text)) - sample})


def test_students_are_there_and_known_when_they_are_told(home):
    found = [private_answers(case) for case in Case.objects.filter(matter=MATTER)]
    assert len(found) == 74
    assert all(len(told([("", answers["a_name"] + answers["a_number"])])) == 2 for answers in found)
    row = CaseImport.objects.get()
    assert (row.state, row.made, row.faulty) == ("done", 2, 1)


def addresses():
    """Every address that may tell of a case, with its door, for an entry in its round and one that came by the sheet."""
    cases = Case.objects.filter(matter=MATTER).order_by("pk")
    judged, new = cases[0], cases.last()
    mine = Entry.objects.get(reference=f"case:{judged.pk}")
    package, seat, sheet = Package.objects.get(case=_ended()), Seat.objects.filter(entry=mine).first(), CaseImport.objects.get()
    one, other = Entry.objects.filter(round=mine.round).order_by("pk")[:2]
    own = {"package": package, "package-open": package, "score": seat, "import-progress": sheet, "import-faults": sheet, "object": mine}
    names = {"name": MATTER, "label": "matters.Case", "field": "private", "one": one.pk, "other": other.pk, "code": "matters.cases"}
    for name, path, view in ours():
        space, _, last = name.partition(":")
        if space not in SPACES:
            continue
        pks = [own[last].pk] if last in own else [mine.round.pk] if space.startswith("review") else [judged.pk, new.pk]
        yield from dict.fromkeys((filled(path, VALUES | names | {"pk": pk}), view.door) for pk in pks)


def looking():
    """A client for each role with a power over cases, reviews, the installation or personal data; without one all are as citizens."""
    powers = {code: [power.partition(".")[0] for power in role.powers] for code, role in roles().items()}
    clients = visitors()
    chosen = [code for code, held in powers.items() if code == "citizen" or {"matters", "review", "site", "personal"} & set(held)]
    return {who: clients[who] for who in (VISITOR, *chosen)}


def test_no_page_of_any_role_and_no_line_of_the_log_tells_a_student(home, caplog):
    caplog.set_level(logging.DEBUG)
    # Whoever typed an entry reads it again, and gets the sheet back that was sent.
    own = (f"/matters/cases/{Case.objects.last().pk}/", f"/manage/cases/import/sheets/{CaseImport.objects.get().pk}/faults.xlsx")
    some, found, opened, seen, only_posts = list(addresses()), [], {}, [], set()
    for who, client in looking().items():
        for path, door in some:
            # Public pages are the same for all: a visitor reads them.
            if path in only_posts or (door == "public" and who != VISITOR):
                continue
            answer = client.get(path)
            if answer.status_code == 405:
                only_posts.add(path)
            if answer.status_code != 200:
                continue
            opened[who] = opened.get(who, 0) + 1
            if names := told([(f"{who} {path}", body(answer))]):
                (seen if who == "district_officer" and path.startswith(own) else found).extend(names)
    assert found == []
    assert {place for place, _ in seen} >= {f"district_officer {path}" for path in own}
    assert told([("log", caplog.text)]) == []
    assert min(opened.values()) > 5
    assert opened["case_officer"] > 25 < opened["district_officer"]


def test_whoever_looks_for_a_student_finds_no_entry(home):
    case = Case.objects.filter(matter=MATTER).order_by("pk")[0]
    answers = private_answers(case)
    clients = visitors()
    for looked in (answers["a_name"], answers["a_number"]):
        for who in (VISITOR, "case_officer", "district_officer", "window_clerk", "leader", "audit_admin"):
            for path in ("/search/", "/manage/cases/", "/manage/cases/waiting/", "/desk/palette/", "/organisations/", "/trail/"):
                answer = clients[who].get(path, {"q": looked})
                assert f"cases/{case.pk}/" not in (body(answer) if answer.status_code == 200 else "")


def test_no_export_of_a_list_tells_a_student(home):
    clients, taken = visitors(), []
    for who in ("case_officer", "district_officer", "leader", "window_clerk", "audit_admin"):
        for path in (
            "/manage/cases/",
            "/manage/cases/waiting/",
            "/manage/cases/analysis/",
            "/manage/cases/archive/",
            "/review/",
            "/trail/export/",
        ):
            answer = clients[who].post(path, {"export": "1"})
            if answer.status_code == 200 and (text := body(answer)).strip():
                taken.append((f"{who} {path}", text))
    assert len(taken) >= 4
    assert told(taken) == []


def test_no_answer_to_a_program_tells_a_student(home):
    officer = Account.objects.get(login="demo.leader")
    scopes = sorted({power.permission for power in actor_for(officer).powers})
    allowed = [one for one in scopes if one == "site.measures.see"] or scopes[:1]
    token = make_token(actor=actor_for(officer), name="试验系统", scopes=allowed, days=30)[1]
    asked = {"begin": f"{localdate().year}-01-01", "end": f"{localdate().year + 1}-01-01"}
    answers = [
        Client().get(f"/api/v1/measures/{one.code}/evidence", asked, headers={"Authorization": f"Bearer {token}"})
        for one in all_measures()
        if one.code.startswith(("matters.", "review."))
    ]
    assert {one.status_code for one in answers} == {200}
    assert sum(len(json.loads(one.content)["items"]) for one in answers) > 100
    assert told([("", body(one)) for one in answers]) == []


def test_neither_the_database_nor_a_file_of_the_installation_holds_a_student(home):
    """Messages, tasks, events, the trail, the index of the search, sheets that came in, packages, prints, mails: all of it."""
    dump = [(line[:60], line) for line in connection.connection.iterdump() if STUDENT.search(line)]
    assert told(dump) == []
    files = [path for path in Path(home / "data").rglob("*") if path.is_file()]
    assert any(path.read_bytes()[:2] == b"PK" for path in files)
    assert told((str(path), text_of(path.read_bytes())) for path in files) == []
