"""Databases of their own for tests that commit, race, tamper and restore: what Django's test case rolls back cannot show."""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples

ADDRESS = os.environ.get("DATABASE_URL", "")


# What a database is asked for by; tests without it show the same on both, and are run on one.
_ASKED = frozenset({"db", "transactional_db", "fresh", "blank", "migrated", "city", "in_city"})


FILL = """
import django
django.setup()
from keheng.site.demo_city import fill, put_mark
fill("small", lambda *_: None)
put_mark("small")
"""

# A busy machine is no fault of the code: how long an example took decides nothing.
examples.register_profile("keheng", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("keheng")


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what can differ there: no test without a database, in a browser, or marked for one database.

    Traced are the tests of the auditor alone, whose rules are covered whole; with KEHENG_COVERAGE=1 all others too, which takes a third
    longer. What runs the same lines again and again, by examples or through the whole city, never is.
    """
    # Journeys take the longest and wait for a browser: begun last, one of them would be waited for alone. What else needs the city
    # comes last, so that only those who begin with journeys wait for it to be built.
    items.sort(key=lambda item: ("journeys" not in item.nodeid, "city" in item.fixturenames))
    for item in items:
        traced = os.environ.get("KEHENG_COVERAGE") or "/appraisal/" in item.nodeid
        if not traced or getattr(item.obj, "is_hypothesis_test", False) or "city" in item.fixturenames:
            item.add_marker("no_cover")
    if not ADDRESS:
        return

    def differs(item):
        asks = item.get_closest_marker("django_db") is not None or _ASKED & set(item.fixturenames)
        return asks and item.get_closest_marker("one_database") is None and "browser" not in item.path.stem

    left = [item for item in items if not differs(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if differs(item)]


@pytest.fixture(autouse=True)
def chinese():
    """Each test begins in the language of the site, whatever one before it has left."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def admin(statement: str) -> None:
    with psycopg.connect(ADDRESS, autocommit=True) as session:
        session.execute(statement)


@contextmanager
def pointed_at(name: str):
    """Django's connection moved to another database of the same kind."""

    def move(to: str) -> None:
        connections["default"].close()
        if connection.vendor == "postgresql":
            connection.close_pool()
        connection.settings_dict["NAME"] = to

    before = connection.settings_dict["NAME"]
    move(name)
    try:
        yield
    finally:
        move(before)


@contextmanager
def alone(shared: Path, what: str):
    """One process after another: yields whether this is the first to come for it."""
    done = shared / f"{what}.done"
    with (shared / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder of all processes of this run; on PostgreSQL of this one, since its copies belong to whoever made them."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ and not ADDRESS else own


@pytest.fixture(scope="session")
def migrated(shared, django_db_blocker):
    """A migrated database to be copied, made by whichever process comes first: migrating takes seconds, copying none."""
    name = f"migrated_{uuid4().hex}" if ADDRESS else str(shared / "migrated.sqlite3")
    with alone(shared, "migrated") as first:
        if ADDRESS:
            admin(f"CREATE DATABASE {name}")
        if first:
            with django_db_blocker.unblock(), pointed_at(name):
                call_command("migrate", verbosity=0)
    yield name
    if ADDRESS:
        admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def blank(tmp_path, django_db_blocker):
    """A database without a table: what is migrated in it goes through those migrations alone."""
    name = f"blank_{uuid4().hex}" if ADDRESS else str(tmp_path / "blank.sqlite3")
    if ADDRESS:
        admin(f"CREATE DATABASE {name}")
    with django_db_blocker.unblock(), pointed_at(name):
        yield
    if ADDRESS:
        admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_setup(migrated, tmp_path_factory):
    """The database of tests that are rolled back: a copy too. On SQLite a file: one in memory would end with its connection."""
    with copied(migrated, tmp_path_factory.mktemp("database")) as name, pointed_at(name):
        yield


@contextmanager
def copied(template: str, folder: Path):
    """A copy of a database, beside it an empty data folder; yields the copy's name."""
    (folder / "data").mkdir()
    name = f"fresh_{uuid4().hex}" if ADDRESS else str(folder / "data" / "keheng.sqlite3")
    if ADDRESS:
        admin(f"CREATE DATABASE {name} TEMPLATE {template}")
    else:
        shutil.copy(template, name)
    yield name
    if ADDRESS:
        admin(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def at_home(name: str, folder: Path):
    """This process, and by the environment others, in a database and its data folder."""
    with pytest.MonkeyPatch.context() as patch, pointed_at(name):
        patch.setenv("KEHENG_DATA", str(folder / "data"))
        patch.setenv("DJANGO_SETTINGS_MODULE", "keheng.site.settings")
        if ADDRESS:
            patch.setenv("DATABASE_URL", urlsplit(ADDRESS)._replace(path=f"/{name}").geturl())
        yield


@pytest.fixture
def fresh(tmp_path, django_db_blocker, migrated):
    """An empty, migrated database in a data folder of its own; the environment leads other processes to it."""
    with copied(migrated, tmp_path) as name, django_db_blocker.unblock(), at_home(name, tmp_path):
        yield tmp_path / "data"


@contextmanager
def own_folders(folder: Path):
    """Settings that were read from the environment before it led here."""
    data = folder / "data"
    with override_settings(
        ALLOWED_HOSTS=["localhost", "testserver"],
        FILES_FOLDER=data / "files",
        GATE_FOLDER=data / "gate",
        PRINTS_FOLDER=data / "prints",
        EMAIL_FILE_PATH=str(data / "mail"),
    ):
        yield


@pytest.fixture(scope="session")
def city(shared, django_db_blocker, migrated):
    """The demo city, loaded once by whichever process comes first, to be copied: the name of its database, and its folder."""
    folder = shared / "city"
    with ExitStack() as kept:
        name = str(folder / "data" / "keheng.sqlite3")
        with alone(shared, "city") as first:
            if first:
                folder.mkdir()
                name = kept.enter_context(copied(migrated, folder))
                with django_db_blocker.unblock(), at_home(name, folder):
                    # A process of its own is not traced, which would take 2.5 times as long. It seals with the keys of this one.
                    keys = {"KEHENG_SECRET_KEY": settings.SECRET_KEY, "KEHENG_PERSONAL_KEY": settings.PERSONAL_KEY}
                    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
                    subprocess.run([sys.executable, "-c", FILL], check=True, env=os.environ | keys | path)
        yield name, folder


@contextmanager
def copied_city(city, folder: Path, blocker):
    """This process in a copy of the city."""
    template, home = city
    with copied(template, folder) as name, blocker.unblock(), at_home(name, folder), own_folders(folder):
        shutil.copytree(home / "data", folder / "data", dirs_exist_ok=True, ignore=shutil.ignore_patterns("keheng.sqlite3*"))
        cache.clear()
        yield


@pytest.fixture
def in_city(tmp_path, django_db_blocker, city):
    """A copy of the demo city, to do with as one likes."""
    with copied_city(city, tmp_path, django_db_blocker):
        yield
