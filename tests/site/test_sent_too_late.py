"""What was sent from a page of another sign-in is offered again, as it was typed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "kind": "advice",
    "title": '周六"开放"',
    "body": "请问\n周六开放吗？",
    "tags": ["a", "b"],
    "password": "Geheim#2026",
    "csrfmiddlewaretoken": "old",
}

pytestmark = pytest.mark.django_db


def test_what_was_typed_is_sent_again_by_one_press():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/feedback/", TYPED, headers=OURS)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "刚才填写的内容都在" in text
    assert "DEBUG" not in text
    assert 'value="周六&quot;开放&quot;"' in text
    assert re.findall(r'name="tags" value="(\w)"', text) == ["a", "b"]
    assert "Geheim" not in text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
    again = client.post("/feedback/", {**TYPED, "csrfmiddlewaretoken": token}, headers=OURS)
    assert again.status_code != 403
    assert "周六" in again.content.decode()


def test_files_are_to_be_chosen_again():
    answer = Client(enforce_csrf_checks=True).post(
        "/feedback/", {"title": "问", "file": SimpleUploadedFile("a.pdf", b"%PDF")}, headers=OURS
    )
    assert "附件需要重新选择" in answer.content.decode()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_nothing_that_others_sent_is_offered(headers):
    answer = Client(enforce_csrf_checks=True).post("/feedback/", TYPED, headers=headers)
    assert answer.status_code == 403
    assert "周六" not in answer.content.decode()
    assert "请回到上一页" in answer.content.decode()


def test_it_speaks_the_language_of_the_page():
    answer = Client(enforce_csrf_checks=True).post("/en/feedback/", TYPED, headers=OURS)
    assert "Submit again" in answer.content.decode()
