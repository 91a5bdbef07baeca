"""Texts of cases that are compared with those of all others: answers and documents that the newest file of their matter marks.

The newest file says so for the cases of all its versions: texts of years before there was such a mark are compared too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from keheng.kernel.trail.record import digest_of
from keheng.matters.models import Case, Material
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.files.shelf import shelf


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text of a case: its place and what people call that, and what tells one state of it from another.

    An answer has its ``words``; of a document there is the ``file`` it is read from, with the ``name`` it came under.
    """

    place: str
    label: str
    digest: str
    words: str = ""
    file: str = ""
    name: str = ""


def compared() -> Mapping[str, Matter]:
    """Matters some of whose texts are compared, by id, as their newest file has them."""
    newest = {name: versions[-1].matter for name, versions in shelf().items()}
    return {name: matter for name, matter in newest.items() if _fields(matter) or _materials(matter)}


def cases_to_compare() -> QuerySet[Case]:
    """Cases with such texts that were handed in, but for those whose archive was destroyed."""
    return Case.objects.filter(matter__in=list(compared()), submitted_at__isnull=False).exclude(package__destroyed_at__isnull=False)


def texts_of(cases: Sequence[Case]) -> Iterator[tuple[Case, list[HeldText]]]:
    """Each case with its texts in the order of its form, then of its materials."""
    matters = compared()
    files: dict[int, list[Material]] = {}
    for row in Material.objects.filter(case__in=cases, removed_at=None).order_by("pk"):
        files.setdefault(row.case_id, []).append(row)
    for case in cases:
        matter = matters.get(case.matter)
        yield case, [] if matter is None else [*_answers(matter, case), *_documents(matter, files.get(case.pk, []))]


def _fields(matter: Matter) -> list[FormField]:
    return [field for field in matter.fields if field.dupcheck and not field.sealed]


def _materials(matter: Matter) -> Mapping[str, str]:
    return {one.id: one.title for one in matter.materials if one.dupcheck}


def _answers(matter: Matter, case: Case) -> Iterator[HeldText]:
    for field in _fields(matter):
        words = "\n".join(_words(field, case.answers.get(field.id)))
        if words:
            yield HeldText(field.id, field.label, digest_of({"words": words}), words=words)


def _words(field: FormField, value: Any) -> Iterable[str]:
    """An answer in lines: of a table the texts of each row. Words of an older file that had another type are taken as they are."""
    if field.type == "table" and isinstance(value, list):
        return [str(row[col.id]) for row in value for col in field.cols if isinstance(row.get(col.id), str) and not col.sealed]
    return [value] if isinstance(value, str) and value else []


def _documents(matter: Matter, rows: Sequence[Material]) -> Iterator[HeldText]:
    titles = _materials(matter)
    numbers: dict[str, int] = {}
    for row in rows:
        if row.code in titles:
            number = numbers[row.code] = numbers.get(row.code, 0) + 1
            said = titles[row.code] if number == 1 else f"{titles[row.code]} {number}"
            yield HeldText(f"{row.code}.{number}", said, row.file_id, file=row.file_id, name=row.name)


def oldest_of(cases: Sequence[Case]) -> Mapping[int, int]:
    """For each case the oldest one it follows from, itself where it follows from none."""
    found = {case.pk: case.pk for case in cases}
    while above := {
        one.pk: one.parent_id or one.pk for one in Case.objects.filter(pk__in=set(found.values()), parent__isnull=False).only("parent")
    }:
        found = {case: above.get(top, top) for case, top in found.items()}
    return found
