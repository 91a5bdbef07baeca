"""Rows among numbers that are handed over as one value."""

import pytest
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
