"""The service hall lists what can be applied for, by audience, in the language of the page; what follows a case is begun from it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def hall(path):
    return Client().get(path).content.decode().partition('id="offers"')[2]


@pytest.mark.parametrize(("path", "there", "not_there"), [
    ("/services/", ["信息化项目评审", "工程系列职称申报"], ["张江专项项目验收", "请假"]),
    ("/services/?for=citizens", ["工程系列职称申报"], ["信息化项目评审"]),
    ("/services/?for=firms", ["信息化项目评审", "工程系列职称申报"], []),
    ("/en/services/", ["Extension of a work permit", "/en/matters/of/yl.work-permit-extension/", 'lang="zh-hans"'], ["外国人工作许可延期"]),
])  # fmt: skip
def test_the_hall_lists_what_can_be_applied_for(path, there, not_there):
    page = hall(path)
    assert [word for word in there if word not in page] == []
    assert [word for word in not_there if word in page] == []


def test_the_hall_asks_what_somebody_needs_and_the_matters_answer():
    page = Client().get("/services/").content.decode()
    assert 'role="search" action="/matters/"' in page
    assert 'name="q"' in page.partition('action="/matters/"')[2]
