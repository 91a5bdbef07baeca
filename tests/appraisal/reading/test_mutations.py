"""Mutated forms (``KEHENG_MUTATIONS=10000``: so many): whatever extraction does to a form, reading and auditing end with forms or the documented error."""

import os
import random
from pathlib import Path

from keheng.appraisal.auditing.engine import audit
from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms

SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*.txt"))
ROUNDS = int(os.environ.get("KEHENG_MUTATIONS", "2000"))
AUDITED = 10
SCRAPS = [
    "\t",
    "\n",
    "｜",
    "—",
    "0",
    "99999999999",
    "≥",
    "%",
    "(",
    "指标",
    "总分",
    "万",
    "\f",
    "项目名称",
    "-",
    "·",
    "二",
    "。",
    " ",
    "\x0b",
    "½",
    "①",
]


def mutate(text: str, chance: random.Random) -> str:
    """Cut, double, move or replace a few stretches of a form."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text) or 1)
        stretch = text[start : start + chance.randint(1, 40)]
        kind = chance.randrange(5)
        if kind == 0:
            text = text.replace(stretch, "", 1)
        elif kind == 1:
            text = text[:start] + stretch + text[start:]
        elif kind == 2:
            text = text[:start] + chance.choice(SCRAPS) + text[start:]
        elif kind == 3:
            lines = text.split("\n")
            chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(chance.randrange(len(lines)), lines.pop())
            text = "\n".join(lines)
        else:
            text = text.replace(chance.choice("0123456789"), chance.choice("0123456789.,%"), chance.randint(1, 9))
    return text


def test_mutated_forms_end_with_forms_or_the_documented_error():
    chance = random.Random(20231121)  # noqa: S311 -- a reproducible test, no secret
    # One form each: the first 3,000 characters hold a whole small form.
    seeds = [path.read_text(encoding="utf-8")[:3000] for path in SAMPLES]
    unreadable = 0
    for number in range(ROUNDS):
        try:
            forms = read_forms(load(mutate(seeds[number % len(seeds)], chance).encode(), "mutant.txt"))
        except UnreadableError:
            unreadable += 1
            continue
        assert all(0 <= form.confidence <= 1 for form in forms)
        if number % AUDITED == 0:
            for finding in audit(forms):
                assert all(1 <= row <= len(forms[finding.form_index - 1].rows) for row in finding.rows)
    assert unreadable < ROUNDS / 10
