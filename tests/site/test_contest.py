"""The contest's demo: figures from rows, an anonymous round that is watched, and no page, export, log or search that names a student."""


import pytest
from demo import load_city
from django.utils.timezone import localdate

from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.site.demo_contest import MATTER

STUDENT = "演示学生"
pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def loaded_city(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once: the tests only read."""
    from django.conf import settings

    settings.FILES_FOLDER = tmp_path_factory.mktemp("contest") / "files"
    with django_db_blocker.unblock():
        load_city()


def figure(code):
    year = localdate().year
    return read(code, Period.of(year) if hasattr(Period, "of") else Period.year(year), {"matter": MATTER}).value
