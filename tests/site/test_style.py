"""The style page shows every component: whatever the sheets have a class for occurs there."""

import re
from pathlib import Path

import pytest
from django.test import Client

from keheng.site.style import SECTIONS

SHEETS = Path(__file__).parents[2] / "src" / "keheng" / "site" / "static" / "keheng"
# A script gives it to a figure that it has drawn, as it does to those of the style page.
BY_SCRIPT = {"k-figure--drawn"}


@pytest.mark.django_db
def test_every_class_of_the_sheets_occurs_on_the_style_page():
    page = Client().get("/style/").content.decode()
    shown = {one for classes in re.findall(r'class="([^"]*)"', page) for one in classes.split()}
    sheets = re.sub(
        r"/\*.*?\*/", "", "".join((SHEETS / f"{name}.css").read_text(encoding="utf-8") for name in ("base", "parts")), flags=re.DOTALL
    )
    classes = set(re.findall(r"\.(k-[\w-]+)", sheets))
    assert len(classes) > 100
    assert sorted(classes - shown - BY_SCRIPT) == []


@pytest.mark.django_db
def test_the_list_of_sections_is_that_of_the_page():
    page = Client().get("/style/").content.decode()
    assert re.findall(r'<section id="([\w-]+)"', page) == [name for name, _ in SECTIONS]
