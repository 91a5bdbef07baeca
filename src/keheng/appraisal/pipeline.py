"""From paths to outcomes: read, score and audit files, several at a time, keeping little in memory."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from keheng.appraisal.auditing.engine import audit_batch, audit_form, in_order
from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.peers import FormFacts, facts_of
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import Policy, load_policy
from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load, load_file
from keheng.appraisal.reading.reader import read_forms

READABLE = frozenset({".txt", ".pdf", ".docx", ".xlsx", ".xls", ".html", ".htm", ".md"})
_AHEAD = 4
_YOUNG_OBJECTS = 50_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How to audit: ``policy`` an id or ``auto``; ``codes`` and ``severities`` empty for all; ``lines`` renders findings early."""

    policy: str = "auto"
    codes: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    render: Callable[[Finding], str] | None = None

    def chosen(self) -> Policy | None:
        """The policy to apply to every form, None for each form's own."""
        return None if self.policy == "auto" else load_policy(self.policy)

    def wants(self, finding: Finding) -> bool:
        """Whether a finding passes the filters."""
        return (not self.codes or finding.code in self.codes) and (not self.severities or finding.severity in self.severities)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: its forms and findings, or the reason why it could not be read.

    With a renderer in the settings, ``lines`` holds the rendered findings and ``forms`` and ``findings`` stay empty.
    """

    file: str
    count: int = 0
    forms: tuple[EvaluationForm, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[FormFacts, ...] = ()
    lines: tuple[str, ...] = ()
    worst: int = 9
    error: UnreadableError | None = None


def files_in(paths: Iterable[str]) -> list[str]:
    """Files named, and readable files inside the folders named, in stable order; ``-`` stays."""
    found: list[str] = []
    for path in paths:
        folder = Path(path)
        if path != "-" and folder.is_dir():
            found.extend(str(p) for p in sorted(folder.rglob("*")) if p.suffix.lower() in READABLE and p.is_file())
        else:
            found.append(path)
    return found


def forms_of(path: str) -> list[EvaluationForm]:
    """The forms of one file, or of standard input for ``-``; raises UnreadableError."""
    document = load(sys.stdin.buffer.read(), "stdin") if path == "-" else load_file(Path(path))
    return read_forms(document)


def process(path: str, settings: Settings) -> Outcome:
    """Read and audit one file by itself."""
    name = "stdin" if path == "-" else Path(path).name
    try:
        forms = forms_of(path)
    except UnreadableError as error:
        return Outcome(name, error=error)
    policy = settings.chosen()
    facts = tuple(facts_of(form) for form in forms)
    found = [f for form in forms for f in audit_form(form, policy) if settings.wants(f)]
    worst = min((f.severity.rank for f in found), default=9)
    if settings.render is not None:
        return Outcome(name, len(forms), facts=facts, lines=tuple(map(settings.render, in_order(found))), worst=worst)
    return Outcome(name, len(forms), tuple(forms), tuple(found), facts, worst=worst)


def process_all(paths: Sequence[str], settings: Settings, jobs: int = 1) -> Iterator[Outcome]:
    """Outcomes in the order of the paths; never more than a few files ahead, so memory stays flat."""
    spare_collection()
    if jobs <= 1 or len(paths) <= 1:
        for path in paths:
            yield process(path, settings)
        return
    with ProcessPoolExecutor(jobs, initializer=spare_collection) as pool:
        waiting = iter(paths)
        running = [pool.submit(process, path, settings) for path in islice(waiting, jobs * _AHEAD)]
        while running:
            yield running.pop(0).result()
            running.extend(pool.submit(process, path, settings) for path in islice(waiting, 1))


def spare_collection() -> None:
    """Let the collector look less often: a form is thousands of small values without cycles, and most looks find nothing."""
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)


def between(facts: Sequence[FormFacts], settings: Settings) -> list[Finding]:
    """Findings that compare all the forms seen."""
    return in_order(f for f in audit_batch(facts, settings.chosen()) if settings.wants(f))
