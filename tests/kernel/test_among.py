"""Rows among numbers that are handed over as one value."""

import pytest
from django.db import connection
from people import make_unit

from keheng.directory.models import Organisation


@pytest.mark.django_db
def test_rows_among_numbers_however_many():
    one, other, third = (make_unit(f"云岭市第{name}研究所") for name in "一二三")
    many = range(one.pk, one.pk + 40_000)
    assert set(Organisation.objects.filter(pk__among=many).values_list("pk", flat=True)) == {one.pk, other.pk, third.pk}
    assert list(Organisation.objects.filter(pk__among=[third.pk, one.pk, one.pk]).order_by("pk")) == [one, third]
    assert not Organisation.objects.filter(pk__among=[]).exists()
    assert set(Organisation.objects.exclude(pk__among=[one.pk]).values_list("pk", flat=True)) >= {other.pk, third.pk}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are kept by PostgreSQL's driver")
def test_a_connection_keeps_the_plans_of_more_questions_than_the_driver_does_by_itself():
    with connection.cursor() as cursor:
        for number in range(150):
            for _ in range(5):
                cursor.execute(f"SELECT %s::int + {number}", [1])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] >= 150
