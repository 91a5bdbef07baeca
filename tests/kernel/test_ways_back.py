"""The way back: to a path of this site, or nowhere else."""

import pytest
from django.test import RequestFactory

from keheng.kernel.ways_back import way_back


@pytest.mark.parametrize(
    ("told", "back"),
    [
        ("/desk/?a=1&b=云", "/desk/?a=1&b=云"), ("", "/else/"), ("47", "/else/"), ("desk:desk", "/else/"), ("//evil.example/", "/else/"),
        ("https://evil.example/", "/else/"), ("http://testserver/desk/", "/else/"), ("/\\evil.example", "/else/"), ("javascript:alert(1)", "/else/"),
        ("/desk/\r\nSet-Cookie: a=b", "/else/"), ("http://[", "/else/"), ("/\0", "/else/"),
    ],
)  # fmt: skip
def test_only_a_path_of_this_site_leads_back(told, back):
    assert way_back(RequestFactory().post("/", {"next": told}), "/else/") == back


def test_what_was_posted_goes_before_what_the_address_says():
    assert way_back(RequestFactory().post("/?next=/a/", {"next": "/b/"})) == "/b/"
    assert way_back(RequestFactory().get("/?next=/a/")) == "/a/"
    assert way_back(RequestFactory().get("/")) == "/"
