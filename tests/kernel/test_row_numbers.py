"""Numbers as strangers write them."""

from pathlib import Path

import pytest
from django.test import Client

from keheng.kernel.row_numbers import whole

SOURCES = Path(__file__).parents[2] / "src"
# No database keeps so many digits.
LONG = "9" * 25


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("²", None), ("٣", None), ("-1", None), (" 1", None), ("", None)],
)
def test_a_number_is_what_a_database_can_keep(text, number):
    assert whole(text) == number


def test_addresses_take_no_number_that_no_database_keeps():
    assert [str(file) for file in SOURCES.rglob("urls*.py") if "<int:" in file.read_text(encoding="utf-8")] == []


@pytest.mark.django_db
def test_an_address_with_a_number_too_long_is_nowhere():
    visitor = Client()
    for path in ("/articles/", "/review/observe/", "/events/"):
        assert visitor.get(f"{path}{LONG}/").status_code == 404


@pytest.mark.django_db
def test_a_program_is_told_of_an_address_that_is_nowhere_as_a_program():
    answer = Client().get("/api/v1/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert "/api/" in answer.json()["detail"]
