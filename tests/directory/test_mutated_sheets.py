"""Damaged and mutated spreadsheets sent to the import page: answered, never with a 500. ``KEHENG_MUTATIONS`` makes it as long as wished."""

import io
import os
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from people import make_account, signed_in

from keheng.directory.actions.importing import organisation_sheet
from keheng.directory.models import Organisation
from keheng.kernel.spreadsheets import write_csv, write_sheet

MUTATIONS = int(os.environ.get("KEHENG_MUTATIONS", "300"))
ROW = {
    "name": "云岭星图科技有限公司",
    "kind": "enterprise",
    "district": "990102",
    "code": "",
    "address": "云岭市翠湖区一号",
    "phone": "13800138000",
}
ODD = ["", "=1+1", "\u202e", "'", "\x00", "9" * 400, "1e400", "nan", "2026-13-45", "<script>", "\ud7ff", "云" * 5000, "-0", "{{7*7}}"]


def seeds():
    rows = [ROW | {"name": f"云岭星图{n}号科技有限公司"} for n in range(3)]
    return [
        write_sheet(organisation_sheet(), rows),
        write_csv(organisation_sheet(), rows),
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ]


def damaged(chance, data):
    """Bytes changed, cut, doubled or put in."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(body) + 1)
        match chance.randrange(4):
            case 0:
                body[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del body[place : place + chance.randrange(1, 200)]
            case 2:
                body[place:place] = body[: chance.randrange(1, 100)]
            case _:
                body[place:place] = chance.choice(ODD).encode("utf-8", "surrogatepass")
    return bytes(body)


def rewritten(chance, data):
    """The XML inside a workbook changed, in an archive that is whole."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            text = source.read(name)
            if name.startswith("xl/") and chance.random() < 0.5:
                text = text.replace(b"<v>", chance.choice([b"<v>-", b"<v>9e999", b"<v></v><v>", b"<f>1</f><v>"]), chance.randrange(1, 9))
                text = damaged(chance, text) if chance.random() < 0.3 else text
            made.writestr(name, text)
    return target.getvalue()


@pytest.mark.one_database
@pytest.mark.django_db
def test_mutated_sheets_are_answered():
    client = signed_in(make_account("officer", "case_officer", district="990102"))
    chance = random.Random(20261121)  # noqa: S311 -- the same damage every time
    first, *others = seeds()
    answers = {}
    for number in range(MUTATIONS):
        data = rewritten(chance, first) if number % 3 == 0 else damaged(chance, chance.choice([first, *others]))
        name = chance.choice(["a.xlsx", "a.csv", "a.xls", "表", "../../a.xlsx", "a" * 300])
        before = Organisation.objects.count()
        answer = client.post("/organisations/import/", {"file": SimpleUploadedFile(name, data)})
        answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
        assert answer.status_code in {302, 422}, number
        assert (Organisation.objects.count() == before) is (answer.status_code == 422), "all rows or none"
    assert answers[422] > MUTATIONS // 2
