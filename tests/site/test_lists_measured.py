"""Every list of the workbench is measured with a million rows, or it is said why not."""

from django.urls import get_resolver

from benchmarks import lists
from keheng.kernel.tables import table


def test_no_registered_list_is_forgotten():
    # Lists are registered by the modules of their pages.
    assert get_resolver().url_patterns
    registered = {code for code in table._tables if not code.startswith("test")}
    assert sorted(registered) == sorted([*lists.LISTS, *lists.ELSEWHERE])
