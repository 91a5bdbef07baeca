"""Records that may be doubles: pairs with a score and reasons in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db.models import Count, QuerySet

from keheng.directory.enums import PersonStatus, Status
from keheng.directory.models import Affiliation, DistinctPair, Organisation, Person
from keheng.kernel import credit_code

# What more records share than this is the number of an agent or the address of an office block: no sign of doubles.
_MOST_SHARING = 6
_CERTAIN = 99
_HALF = 9


@dataclass(slots=True)
class Candidate:
    """Two records, the older first, that may be one; ``score`` is 1 to 99."""

    model: str
    low: int
    high: int
    score: int = 0
    reasons: list[str] = field(default_factory=list)


class _Pairs:
    """Collects signs by pair; what was found to be two is left out."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._found: dict[tuple[int, int], Candidate] = {}
        self._distinct = set(DistinctPair.objects.filter(model=model).values_list("low", "high"))

    def add(self, one: int, other: int, score: int, reason: str) -> None:
        """A sign that two records are one."""
        low, high = sorted((one, other))
        if (low, high) not in self._distinct:
            candidate = self._found.setdefault((low, high), Candidate(self._model, low, high))
            candidate.score = min(_CERTAIN, candidate.score + score)
            candidate.reasons.append(reason)

    def add_shared(self, records: QuerySet[Any], shared: str, score: int, reason: str) -> None:
        """The same sign for all pairs of records with an equal value that is not blank."""
        doubled = records.exclude(**{shared: ""}).values(shared).annotate(many=Count("pk")).filter(many__gt=1, many__lte=_MOST_SHARING)
        groups: dict[str, list[int]] = defaultdict(list)
        for value, number in records.filter(**{f"{shared}__in": doubled.values(shared)}).order_by("pk").values_list(shared, "pk"):
            groups[value].append(number)
        for numbers in groups.values():
            for one, other in combinations(numbers, 2):
                self.add(one, other, score, reason)

    def ranked(self, least: int) -> list[Candidate]:
        """Candidates with enough signs, the surest first."""
        found = [one for one in self._found.values() if one.score >= least]
        return sorted(found, key=lambda one: (-one.score, one.low, one.high))


_LEAST = 40


def organisation_candidates() -> list[Candidate]:
    """Organisations that may be doubles: the same name spelt otherwise, a code with a wrong digit, the same phone, address."""
    pairs, records = _Pairs("Organisation"), Organisation.objects.exclude(status=Status.MERGED)
    pairs.add_shared(records, "name_core", 60, "去掉城市、括号和公司类型后名称相同")
    for one, other in _wrong_codes(records):
        pairs.add(one, other, 70, "信用代码只差一位或相邻两位颠倒")
    pairs.add_shared(records, "phone_mark", 25, "联系电话相同")
    pairs.add_shared(records, "address_plain", 20, "地址相同")
    return pairs.ranked(_LEAST)


def _wrong_codes(records: QuerySet[Organisation]) -> Iterator[tuple[int, int]]:
    """Pairs of a record whose code cannot be right and one whose code differs from it by one slip."""
    given = list(records.exclude(code_given="").values_list("pk", "code_given"))
    if not given:
        return
    halves: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, code in records.values_list("pk", "credit_code"):
        if code is None:
            continue
        # One slip leaves the first or the second half whole, unless it swaps the characters in the middle.
        for key in (f"<{code[: _HALF - 1]}", f">{code[_HALF + 1 :]}"):
            halves[key].append((number, code))
    for number, text in given:
        code = credit_code.normalise(text)
        near = [*halves[f"<{code[: _HALF - 1]}"], *halves[f">{code[_HALF + 1 :]}"]]
        yield from ((number, other) for other in {other for other, right in near if one_slip(code, right)})


def one_slip(written: str, right: str) -> bool:
    """Whether a code differs from another by one character, or by two neighbours that changed places."""
    if len(written) != len(right):
        return False
    places = [place for place, (one, other) in enumerate(zip(written, right, strict=True)) if one != other]
    if len(places) == 1:
        return True
    match places:
        case [first, second] if second == first + 1:
            return written[first] == right[second] and written[second] == right[first]
    return False


def person_candidates() -> list[Candidate]:
    """People that may be doubles: the same name with the same phone or in the same organisation."""
    pairs, records = _Pairs("Person"), Person.objects.exclude(status=PersonStatus.MERGED)
    pairs.add_shared(records, "phone_mark", 60, "手机号码相同")
    for one, other in _same_name_and_unit():
        pairs.add(one, other, 50, "姓名相同且在同一单位任职")
    return pairs.ranked(_LEAST)


def _same_name_and_unit() -> Iterator[tuple[int, int]]:
    posts = Affiliation.objects.exclude(person__status=PersonStatus.MERGED)
    doubled = posts.values("organisation", "person__name_plain").annotate(many=Count("person", distinct=True))
    doubled = doubled.filter(many__gt=1, many__lte=_MOST_SHARING)
    units = doubled.values("organisation")
    groups: dict[tuple[int, str], set[int]] = defaultdict(set)
    for unit, name, person in posts.filter(organisation__in=units).values_list("organisation", "person__name_plain", "person"):
        groups[unit, name].add(person)
    for people in groups.values():
        if 1 < len(people) <= _MOST_SHARING:
            yield from combinations(sorted(people), 2)


def records_of(model: str, numbers: Iterable[int]) -> dict[int, Organisation] | dict[int, Person]:
    """Records of candidates by number, to be shown beside each other."""
    if model == "Person":
        return Person.objects.in_bulk(list(numbers))
    return Organisation.objects.in_bulk(list(numbers))
