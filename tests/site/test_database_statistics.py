"""SQLite is told every night how values are spread in its tables; connections do not outlive what they know."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from keheng.kernel.jobs.registry import all_timed, kind_of

pytestmark = pytest.mark.django_db


def test_the_database_is_told_of_every_table_with_rows():
    assert [one.every for one in all_timed() if one.kind == "site.statistics"] == [timedelta(days=1)]
    kind_of("site.statistics").handler({})
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL finds out by itself")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl, max(CAST(stat AS integer)) FROM sqlite_stat1 GROUP BY tbl")
        told = dict(cursor.fetchall())
    rows = {model._meta.db_table: model.objects.count() for model in (ContentType, MigrationRecorder.Migration)}
    assert min(rows.values()) > 50
    assert {table: told.get(table) for table in rows} == rows


def test_a_connection_learns_of_it_within_a_day():
    if connection.vendor == "sqlite":
        assert settings.DATABASES["default"]["CONN_MAX_AGE"] <= 24 * 3600
