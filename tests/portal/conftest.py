"""The figures of the front page are kept for minutes, the language of a request beyond it: each test begins without either."""

import pytest
from directory.conftest import visitor
from django.core.cache import cache
from django.utils import translation

__all__ = ["visitor"]


@pytest.fixture(autouse=True)
def _begin_anew(request):
    translation.activate("zh-hans")
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()
