"""What came of a survey, as much of it as may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from keheng.portal.enums.surveys import Audience, LeftOut, QuestionKind
from keheng.portal.models import Answer, Participant, Survey
from keheng.portal.rules.disclosure import shown_cells, shown_share, smallest
from keheng.portal.rules.estimates import Interval, mean_interval, wilson
from keheng.portal.rules.questions import SATISFIED, SCALE, Question, questions_from

Bodies = Sequence[Mapping[str, Any]]
K = QuestionKind


@dataclass(frozen=True, slots=True)
class Cell:
    """How many said so; None: too few to be shown."""

    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question. ``few``: too few answered it. A scale whose cells cannot all be shown has its mean alone."""

    question: Question
    text: str
    answered: int
    few: bool
    cells: tuple[Cell, ...] = ()
    mean: Interval | None = None
    satisfied: Interval | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The mean of a scale among those who gave one answer to another question."""

    label: str
    count: int | None
    mean: Interval | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Of so many services in all: whoever was asked after them, who answered, and who was left out, with the reason as it is said."""

    services: int
    asked: int
    answered: int
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a survey; ``few``: fewer answered than may be shown. ``response`` is None where nobody knows who was asked.

    ``frame`` is that of a survey after a service.
    """

    answered: int
    reached: int | None
    few: bool
    response: Interval | None
    results: tuple[Result, ...] = field(default=())
    frame: Frame | None = None


def asked_questions(survey: Survey) -> tuple[Question, ...]:
    """The questions of a survey."""
    return questions_from(survey.questionnaire.questions)


def bodies_of(survey: Survey) -> list[Mapping[str, Any]]:
    """All answers of a survey, those that wait excluded."""
    return list(Answer.objects.filter(survey=survey).values_list("body", flat=True))


def frame_of(survey: Survey) -> Frame | None:
    """The frame of a survey after a service, at any time; None for every other one."""
    if survey.audience != Audience.AFTER:
        return None
    counts = Counter(Participant.objects.filter(survey=survey).values_list("left_out", "answered"))
    asked = counts["", True] + counts["", False]
    left_out = tuple((str(reason.label), counts[reason.value, False]) for reason in LeftOut)
    return Frame(counts.total(), asked, counts["", True], left_out)


def outcome_of(survey: Survey, language: str = "zh-hans") -> Outcome:
    """Everything that may be shown of a closed survey."""
    bodies = bodies_of(survey)
    answered = Participant.objects.filter(survey=survey, answered=True).count()
    response = wilson(answered, survey.reached) if survey.reached else None
    frame = frame_of(survey)
    if len(bodies) < smallest():
        return Outcome(answered, survey.reached, few=True, response=response, frame=frame)
    # Who was drawn stands for everybody who was served.
    population = frame.services if frame else survey.reached
    results = tuple(_result(one, bodies, population, language) for one in asked_questions(survey))
    return Outcome(answered, survey.reached, few=False, response=response, results=results, frame=frame)


def _result(one: Question, bodies: Bodies, population: int | None, language: str) -> Result:
    values = [body[one.code] for body in bodies if one.code in body]
    text = one.text(language)
    if len(values) < smallest():
        return Result(one, text, 0, few=True)
    if one.kind is K.SCALE:
        counts = [values.count(grade) for grade in SCALE]
        whole = None not in shown_cells(counts)
        cells = tuple(Cell(str(grade), count) for grade, count in zip(SCALE, counts, strict=True)) if whole else ()
        happy = sum(value >= SATISFIED for value in values)
        share = wilson(happy, len(values), population) if shown_share(happy, len(values)) is not None else None
        return Result(one, text, len(values), few=False, cells=cells, mean=mean_interval(values, population), satisfied=share)
    if one.kind is K.NUMBER:
        return Result(one, text, len(values), few=False, mean=mean_interval([float(value) for value in values], population))
    if one.kind is K.TEXT:
        return Result(one, text, len(values), few=False)
    labels = one.labels(language)
    if one.kind is K.SINGLE:
        shown = shown_cells([values.count(place) for place in range(len(labels))])
    else:
        shown = [shown_share(sum(place in value for value in values), len(values)) for place in range(len(labels))]
    return Result(one, text, len(values), few=False, cells=tuple(Cell(label, count) for label, count in zip(labels, shown, strict=True)))


def breakdown(survey: Survey, measured: str, by: str) -> list[Group]:
    """The mean of a scale by the answers to a single choice; groups of few are hidden, with as many more that none can be worked out.

    Raises KeyError where the survey has no such questions.
    """
    questions = {one.code: one for one in asked_questions(survey)}
    scale, choice = questions[measured], questions[by]
    if scale.kind is not K.SCALE or choice.kind is not K.SINGLE:
        raise KeyError(by)
    bodies = [body for body in bodies_of(survey) if measured in body and by in body]
    groups = [[body[measured] for body in bodies if body[by] == place] for place in range(len(choice.options))]
    shown = shown_cells([len(group) for group in groups])
    return [
        Group(label, count, mean_interval(group) if count else None)
        for label, group, count in zip(choice.labels(), groups, shown, strict=True)
    ]


def texts_of(survey: Survey, code: str) -> list[str]:
    """What was written to a question, in an order that says nothing; nothing where few wrote."""
    said = [body[code] for body in bodies_of(survey) if body.get(code)]
    SystemRandom().shuffle(said)
    return said if len(said) >= smallest() else []
