"""How fast forms are read, scored, audited and written as JSON lines, and how much memory it takes.

``python benchmarks/audit_throughput.py [--scale small|full]``; the last line is one JSON object, the exit code 1 when a
promise does not hold. Full: 10,000 generated forms of mixed families in 500 files; small: 1,200 forms.
"""

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]

from keheng.appraisal.auditing.peers import FormFacts
from keheng.appraisal.pipeline import Settings, between, process_all
from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.reporting.records import line_writer
from keheng.appraisal.writing.write import write_form

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FORMS_PER_FILE = 20
SCALES = {"small": (1200, 10), "full": (10_000, 40)}
FORMS_A_SECOND, MOST_MEGABYTES, TWO_PROCESSES, PAGES_A_SECOND, MOST_BEND = 200, 300, 1.7, 10, 1.25


def seeds() -> list[str]:
    """One text per sample form, the families mixed as they come."""
    texts = []
    for path in sorted(SAMPLES.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        parts = text.split("财政项目支出绩效自评表")
        texts += [f"财政项目支出绩效自评表{part}" for part in parts[1:]] if len(parts) > 2 else [text]  # noqa: PLR2004 -- several forms
    return texts


def vary(text: str, number: int, chance: random.Random) -> str:
    """The same form of another unit with other figures, so that nothing is found twice by a cache."""
    text = text.replace("云岭", f"云岭{number % 997}")
    digits = [i for i, c in enumerate(text) if c in "3456789"]
    letters = list(text)
    for place in chance.sample(digits, min(24, len(digits))):
        letters[place] = chance.choice("3456789")
    return "".join(letters)


def generate(folder: Path, forms: int) -> list[str]:
    """Files of twenty forms each; a fixed random key makes every run the same."""
    chance = random.Random(10_000)  # noqa: S311 -- reproducible figures, no secret
    texts = seeds()
    paths = []
    for first in range(0, forms, FORMS_PER_FILE):
        path = folder / f"{first:06}.txt"
        path.write_text("\n".join(vary(texts[n % len(texts)], n, chance) for n in range(first, first + FORMS_PER_FILE)), encoding="utf-8")
        paths.append(str(path))
    return paths


def run(paths: list[str], jobs: int) -> tuple[float, int, int]:
    """Seconds, forms and findings of one whole audit written as JSON lines."""
    settings = Settings(render=line_writer("zh"))
    begin = time.perf_counter()
    forms = findings = 0
    facts: list[FormFacts] = []
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        for outcome in process_all(paths, settings, jobs):
            out.writelines(outcome.lines)
            forms, findings = forms + outcome.count, findings + len(outcome.lines)
            facts.extend(outcome.facts)
        findings += len(between(facts, settings))
    return time.perf_counter() - begin, forms, findings


def alone(paths: list[str], jobs: int) -> tuple[float, int, int, float]:
    """A run in a process of its own, with its peak memory in MB."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (paths, jobs))


def measured(paths: list[str], jobs: int) -> tuple[float, int, int, float]:
    """``run`` with the peak memory of this process."""
    seconds, forms, findings = run(paths, jobs)
    return seconds, forms, findings, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pdf_pages(count: int) -> float:
    """Pages a second when reading PDF with ruled tables."""
    forms = read_forms(load((SAMPLES / "yunling_2023_services.txt").read_bytes(), "seed"))
    data = write_form([forms[n % len(forms)] for n in range(count)], "sh-2023", "pdf")
    begin = time.perf_counter()
    read = read_forms(load(data, "forms.pdf"))
    seconds = time.perf_counter() - begin
    if len(read) != count:
        raise RuntimeError(f"{count} forms written, {len(read)} read")
    return count / seconds


def promises(scale: str) -> list[dict[str, object]]:
    """Measure and compare with the limits."""
    forms, pages = SCALES[scale]
    with tempfile.TemporaryDirectory() as folder:
        paths = generate(Path(folder), forms)
        one_seconds, one_forms, findings, megabytes = alone(paths, 1)
        half_seconds, *_ = alone(paths[: len(paths) // 2], 1)
        pair = partial(run, paths)
        one_again = min(one_seconds, *(pair(1)[0] for _ in range(2)))
        two_seconds = min(pair(2)[0] for _ in range(2))
    print(f"{one_forms} forms, {findings} findings, one process {one_seconds:.1f} s, two {two_seconds:.1f} s, peak {megabytes:.0f} MB")
    # The better of two runs: the first pays for loading definitions and for whatever else the machine does.
    rate, bend, gain, speed = one_forms / one_again, one_seconds / half_seconds / 2, one_again / two_seconds, pdf_pages(pages)
    return [
        promise("forms a second on one core", FORMS_A_SECOND, rate, holds=rate >= FORMS_A_SECOND),
        promise("peak memory in MB", MOST_MEGABYTES, megabytes, holds=megabytes < MOST_MEGABYTES),
        promise("two processes against one", TWO_PROCESSES, gain, holds=gain >= TWO_PROCESSES),
        promise("time for twice the forms, divided by two", MOST_BEND, bend, holds=bend <= MOST_BEND),
        promise("PDF pages a second", PAGES_A_SECOND, speed, holds=speed >= PAGES_A_SECOND),
    ]


def promise(name: str, limit: float, value: float, *, holds: bool) -> dict[str, object]:
    """One row of the result."""
    return {"name": name, "limit": limit, "measured": round(value, 2), "holds": holds}


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SCALES), default="small")
    found = promises(parser.parse_args().scale)
    print(json.dumps({"benchmark": "audit_throughput", "cores": os.cpu_count(), "promises": found}, ensure_ascii=False))
    return 0 if all(entry["holds"] for entry in found) else 1


if __name__ == "__main__":
    sys.exit(main())
