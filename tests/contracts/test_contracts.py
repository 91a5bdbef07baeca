"""The house stands: directions, rooms, doors and sizes are checked, and each check catches a planted breach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.check_sizes import problems_of

ROOT = Path(__file__).parents[2]
ROOMS = {
    "keheng/matters/__init__.py": '"""Matters."""\n',
    "keheng/matters/models.py": '"""Models."""\n',
    "keheng/matters/actions.py": '"""Actions."""\nfrom keheng.matters import models\n\n__all__ = ["models"]\n',
    "keheng/matters/service.py": '"""The door."""\nfrom keheng.matters import actions\n\n__all__ = ["actions"]\n',
    "keheng/review/__init__.py": '"""Review."""\n',
    "keheng/review/actions.py": '"""Actions."""\nfrom keheng.matters import service\n\n__all__ = ["service"]\n',
}


def lint(folder: Path) -> tuple[int, str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(folder / "pyproject.toml"), "--no-cache"]
    environment = {"PYTHONPATH": f"{folder / 'src'}:{folder}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.fixture
def house(tmp_path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in ROOMS.items():
        path = tmp_path / "src" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_house_as_it_stands_is_sound(house):
    code, out = lint(house)
    assert code == 0, out


@pytest.mark.parametrize(("file", "text", "contract"), [
    ("keheng/appraisal/extra.py", "import django\n", "The appraisal library stands alone BROKEN"),
    ("keheng/appraisal/model.py", "from keheng import cli\n", "Capabilities depend in one direction BROKEN"),
    ("keheng/appraisal/quantity.py", "from keheng.appraisal import model\n", "No cycles anywhere BROKEN"),
    ("keheng/matters/utils.py", "", "Every capability has the same rooms, in the same order BROKEN"),
    ("keheng/matters/models.py", "from keheng.matters import actions\n", "Every capability has the same rooms, in the same order BROKEN"),
    ("keheng/review/actions.py", "from keheng.matters import models\n", "One door per capability BROKEN"),
])  # fmt: skip
def test_a_breach_is_caught(house, file, text, contract):
    path = house / "src" / file
    path.write_text((path.read_text("utf-8") if path.exists() else '"""New."""\n') + text, encoding="utf-8")
    code, out = lint(house)
    assert code == 1
    assert contract in out


@pytest.mark.parametrize(("name", "text", "count"), [
    ("fine.py", "x = 1\n", 0), ("long.py", "x = 1\n" * 401, 1), ("utils.py", "x = 1\n", 1),
    ("function.py", "def f():\n" + "    x = 1\n" * 59, 1), ("short.py", "def f():\n" + "    x = 1\n" * 58, 0),
    ("bare.py", "x = 1  # noqa: E501\n", 1), ("reasoned.py", "x = 1  # noqa: E501 -- a table reads best so\n", 0),
])  # fmt: skip
def test_sizes_names_and_suppressions(tmp_path, name, text, count):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert len(list(problems_of(path))) == count


# Lists of records are tables of the kernel, which page by key. What pages by number is public, where every address is a page that
# can be read again and linked to, or stands inside the page of one record, with as many rows as one record has.
BY_NUMBER = {
    "directory/views/answers.py": "posts of one unit, and pairs of likely duplicates that a nightly run leaves to people",
    "kernel/personal/views.py": "one's own records, the catalogue of definitions, blocks and nightly runs",
    "matters/views/granted.py": "public: those of one year",
    "performance/views/reckoning.py": "payments of one project",
    "portal/views/activities.py": "public",
    "portal/views/answers.py": "addresses of the former site, typed by editors",
    "portal/views/feedback.py": "public",
    "portal/views/media.py": "public: the page of a year",
    "portal/views/showing.py": "public: the articles of a column",
    "portal/views/surveys.py": "public",
    "review/views/organising.py": "entries, bars and likenesses of one round",
    "review/views/public.py": "public",
    "site/style.py": "the sample of a pager",
}


def test_only_these_pages_are_turned_by_number():
    views = ROOT / "src" / "keheng"
    found = {str(file.relative_to(views)) for file in views.rglob("*.py") if "Paginator(" in file.read_text(encoding="utf-8")}
    assert found == BY_NUMBER.keys()
