"""Names in every script that people have them in: kept as typed, shown, found by a part of them, printed with the signs they are written in."""

from html import escape
from importlib import import_module
from io import BytesIO

import pdfplumber
import pytest
from directory.made_up import person, principal
from django.apps import apps
from django.utils.timezone import localdate
from matters.made_up import small
from matters.test_cases import do
from matters.test_pages import client_of

from keheng.directory.models import Person
from keheng.directory.queries.people import people_for, people_named
from keheng.kernel import documents
from keheng.kernel.powers import Reach
from keheng.matters.models import Case
from keheng.matters.queries.letters import letter_pdf
from keheng.matters.queries.printing import application_pdf
from keheng.matters.service import loaded, open_case, save_answers

pytestmark = pytest.mark.django_db
NAMES = {
    "Chinese": "欧阳明",
    "Chinese, rare characters": "张喆堃赟犇",
    "Chinese, traditional": "陳國樑",
    "Latin with diacritics": "Zoë Łukasiewicz-Núñez Ðặng",
    "Cyrillic": "Анна-Мария Ёлкіна",
    "Arabic": "محمد الفارسي",
    "Japanese": "髙橋 さくら・ミドリ",
    "Korean": "김민준",
    "Thai": "สมชาย ใจดี",
    "Vietnamese": "Nguyễn Thị Đặng",
}
PARTS = {
    "Chinese": "阳明", "Chinese, rare characters": "堃赟", "Chinese, traditional": "國樑", "Latin with diacritics": "Łukasie", "Cyrillic": "Ёлкін", "Arabic": "الفار",
    "Japanese": "橋 さく", "Korean": "민준", "Thai": "ชาย", "Vietnamese": "nguyen thi da",
}  # fmt: skip
# What stands for a letter that no font has.
MISSING = "(cid:0)"


def lettered(shelved):
    """A matter about somebody's name, which stands on its letter too."""
    swaps = (
        ("max: 10}", "max: 60}"), ("title: 小事项", "title: 小事项\nsubject: name"),
        ("end: granted}", "end: granted, outputs: [slip]}"), ("clocks: {", "outputs: {slip: {title: 通知书, series: notice, shows: [name]}}\nclocks: {"),
    )  # fmt: skip
    shelved(small(*swaps))


def applied(people, name):
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": name}, seen={})
    return do(people["person"], case, "submit")


def drawn_as(pdf):
    """The letters of a PDF, in the order they are drawn."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return "".join(char["text"] for page in document.pages for char in page.chars)


@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_kept_shown_found_and_printed(people, on, shelved, script):
    on("2026-09-28")
    lettered(shelved)
    name = NAMES[script]
    case, other = applied(people, name), applied(people, "别人")
    assert (Case.objects.get(pk=case.pk).answers["name"], Case.objects.get(pk=case.pk).subject) == (name, name)
    own = client_of("person").get(f"/matters/cases/{case.pk}/").content.decode()
    assert escape(name) in own
    queue = client_of("clerk").get("/manage/cases/", {"subject": PARTS[script]}).content.decode()
    assert (case.number in queue, other.number in queue) == (True, False)
    done = do(people["clerk"], case, "accept")
    for pdf in (application_pdf(loaded(done)), letter_pdf(done.outputs.get(), whole=True)):
        text = drawn_as(pdf)
        assert (MISSING in text, {letter for letter in name if letter.isalpha()} - set(text)) == (False, set())


@pytest.mark.parametrize("script", NAMES)
def test_a_person_is_found_by_a_part_of_the_name(db, script):
    person(NAMES[script], 1)
    person("别人", 2)
    found = people_named(people_for(principal(("directory.person.see", Reach.ALL)), localdate()), PARTS[script].upper())
    assert [each.name for each in found] == [NAMES[script]]


def test_a_letter_that_no_font_has_is_seen(tmp_path):
    """The check itself: Javanese is in none of the fonts."""
    template = tmp_path / "one.typ"
    template.write_text('#set text(font: "Noto Sans CJK SC")\n#json(bytes(sys.inputs.data)).said', encoding="utf-8")
    assert [drawn_as(documents.typeset(template, {"said": said})) for said in ("名", "ꦲ")] == ["名", MISSING]


def test_names_of_an_older_time_are_found_without_their_marks(db):
    one = person("Müller", 1)
    Person.objects.filter(pk=one.pk).update(name_plain="müller")
    import_module("keheng.directory.migrations.0005_names_without_marks").write_anew(apps, None)
    found = people_named(people_for(principal(("directory.person.see", Reach.ALL)), localdate()), "muller")
    assert [each.name for each in found] == ["Müller"]
