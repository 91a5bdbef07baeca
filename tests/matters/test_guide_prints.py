"""Printed guides of work for foreigners: every matter in four languages, in fonts that have all their letters."""

import io

import pdfplumber
import pytest
from django.test import Client
from django.utils.timezone import localdate
from django.utils.translation import override

from keheng.matters.queries.guide_prints import guide_pdf
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.files.texts import said

FAMILY = [read for read in all_in_force(localdate()) if "外国人来华工作" in read.matter.topics]


def text_of(made):
    with pdfplumber.open(io.BytesIO(made)) as found:
        return "".join(page.extract_text() for page in found.pages)


def packed(text):
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh-hans", "en", "ja", "ko"])
def test_a_guide_says_in_its_language_what_the_file_says(language):
    for read in FAMILY:
        with override(language):
            text = packed(text_of(guide_pdf(read, "https://yunling.example/")))
        wanted = [read.matter.title, *(one.title for one in read.matter.materials), *(one.say for one in read.matter.eligible)]
        assert [one for one in wanted if packed(said(read.matter, one, language)) not in text] == []


def test_there_are_ten_matters():
    assert len(FAMILY) == 10


def test_the_page_of_a_matter_leads_to_its_sheet(db):
    page = Client().get("/en/matters/of/yl.work-permit-new-abroad/").content.decode()
    assert "/en/matters/of/yl.work-permit-new-abroad/guide.pdf" in page
    answer = Client().get("/en/matters/of/yl.work-permit-new-abroad/guide.pdf")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="yl.work-permit-new-abroad-en.pdf"',
    )
    assert "New work permit (applicant abroad)" in text_of(answer.content)
    assert [Client().get(f"/matters/of/{name}/guide.pdf").status_code for name in ("yl.leave", "yl.none")] == [404, 404]
