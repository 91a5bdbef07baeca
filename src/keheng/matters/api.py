"""Matters and cases over the API: what may be applied for, applying for it, and where cases stand. The acts are those of the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from keheng.kernel.api.building import BearerOrVisitor
from keheng.kernel.api.once import OnceKey, once
from keheng.kernel.api.paging import Cursor, Key, Limit, Page, page
from keheng.kernel.api.problems import ProblemItem, item
from keheng.kernel.doors import actor_of
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.matters.actions.applying import Saved, open_case, save_answers
from keheng.matters.actions.moving import MoveWish, move_case
from keheng.matters.queries.cases import Loaded, cases_for, lacking, loaded, own_cases
from keheng.matters.queries.guides import public_matters
from keheng.matters.queries.moves import open_moves
from keheng.matters.rules.files.parts import FormField
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.values import MatterId, Name
from keheng.matters.rules.form.values import typed_as

APPLY, SEE = "matters.case.apply", "matters.case.see"
matters = Router(tags=["事项 matters"], auth=BearerOrVisitor())
cases = Router(tags=["办件 cases"])
office = Router(tags=["办件 cases"])
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Rows = Annotated[list[dict[str, Text]], Field(max_length=500)]
# As one types it on the page: money in yuan, days as 2026-09-28, yes or no; several choices; rows of a table.
Answer = Text | Annotated[list[Text], Field(max_length=500)] | Rows
Answers = Annotated[dict[Name, Answer], Field(max_length=500)]
Marks = Annotated[dict[Name, Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=500)]


class MatterLine(Schema):
    """A matter in force; ``version`` is the day from which its file is."""

    id: str
    version: date
    title: str
    about: str
    audience: list[str]


class QuestionOut(Schema):
    """A question of a form. ``required``: whatever else is answered; what depends on other answers is told as lacking."""

    id: str
    type: str
    label: str
    hint: str
    unit: str
    options: list[str]
    required: bool
    computed: bool
    cols: list[QuestionOut]


class PaperOut(Schema):
    """A material: its kinds of file, whether a date of validity goes with it, and whether it may be valid without an end."""

    id: str
    title: str
    accept: list[str]
    dated: bool
    endless: bool


class MatterOut(MatterLine):
    """A matter with what is asked."""

    fee: str
    questions: list[QuestionOut]
    materials: list[PaperOut]


class CaseLine(Schema):
    """Where a case stands; ``std`` is the state's code in the standard, ``end`` how it ended."""

    id: int
    number: str | None
    matter: str
    title: str
    subject: str
    state: str
    std: str
    end: str
    version: int
    submitted_at: datetime | None
    due_on: date | None
    ended_at: datetime | None


class MoveOut(Schema):
    """Something that may be done with a case now."""

    do: str
    title: str


class FileOut(Schema):
    """A file handed in for a material; ``endless``: valid without an end (长期有效), else until the day where one was asked for."""

    code: str
    name: str
    valid_until: date | None
    endless: bool


class CaseOut(CaseLine):
    """A case for its applicant. ``marks`` go along with answers that are changed; ``lacking`` is all that is not as it must be."""

    state_title: str
    answers: dict[str, Answer]
    marks: dict[str, int]
    files: list[FileOut]
    moves: list[MoveOut]
    lacking: list[ProblemItem]


class WrittenOut(CaseOut):
    """A case after writing; ``conflicts`` are answers that somebody else changed meanwhile, as they stand."""

    conflicts: dict[str, Answer] = Field(default_factory=dict)


class AnswersIn(Schema):
    """Answers by question, with the marks they were read with; a question that is left out stays as it is."""

    answers: Answers
    marks: Marks = Field(default_factory=dict)


class CaseIn(Schema):
    """A new application; ``parent`` is the case that it follows from, where its matter asks for one."""

    matter: MatterId
    parent: Key | None = None
    answers: Answers = Field(default_factory=dict)


class MoveIn(Schema):
    """A move on the version that was read."""

    do: Name
    version: Annotated[int, Field(ge=0, le=1_000_000)]
    answers: Answers = Field(default_factory=dict)
    opinion: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    signed: bool = False


@matters.get("", response=list[MatterLine], summary="事项列表 list matters")
def list_matters(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001 -- the same for all
    """What units and persons may apply for now."""
    return [_line(read) for read in public_matters(localdate())]


@matters.get("/{matter}", response=MatterOut, summary="事项 one matter")
def read_matter(request: HttpRequest, matter: MatterId) -> dict[str, Any]:  # noqa: ARG001 -- the same for all
    """A matter with every question of its form and its materials."""
    read = next((one for one in public_matters(localdate()) if one.matter.id == matter), None)
    if read is None:
        raise Http404
    one = read.matter
    papers = [
        {"id": each.id, "title": each.title, "accept": list(each.accept), "dated": each.valid, "endless": each.endless}
        for each in one.materials
    ]
    return _line(read) | {"fee": one.fee, "questions": [_question(field) for field in one.fields], "materials": papers}


@cases.get("", response=Page[CaseLine], summary="自己的办件 own cases")
def list_cases(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> dict[str, Any]:
    """Cases of the token's account and of the unit it acts for, the latest opened first."""
    return page(own_cases(_able(request, APPLY)), cursor, limit, CaseLine.from_orm)


@cases.get("/{case}", response=CaseOut, summary="办件 one case")
def read_case(request: HttpRequest, case: Key) -> dict[str, Any]:
    """One case with its answers, what it lacks and what may be done."""
    actor = _able(request, APPLY)
    return _case(_own(actor, case), actor)


@cases.post("", response={201: WrittenOut}, summary="新建申请 begin an application")
def begin(request: HttpRequest, body: CaseIn, key: OnceKey) -> HttpResponse:
    """Begin an application: what the platform knows is filled in, the answers given here over it. Nothing is handed in yet."""
    actor = _able(request, APPLY)

    def act() -> tuple[int, WrittenOut]:
        # With answers that are refused nothing is begun.
        with transaction.atomic():
            made = loaded(open_case(actor=actor, matter=body.matter, parent=body.parent))
            return 201, _written(actor, made.case.pk, _save(actor, made, body.answers, {}))

    return once(request, key, act)


@cases.patch("/{case}", response=WrittenOut, summary="填写 answer")
def answer(request: HttpRequest, case: Key, body: AnswersIn, key: OnceKey) -> HttpResponse:
    """Keep answers of a form that may be changed now. Materials are handed in on the page of the case."""
    actor = _able(request, APPLY)
    one = _own(actor, case)
    return once(request, key, lambda: (200, _written(actor, case, _save(actor, one, body.answers, body.marks))))


@cases.post("/{case}/moves", response=CaseOut, summary="提交、撤回等 make a move")
def move(request: HttpRequest, case: Key, body: MoveIn, key: OnceKey) -> HttpResponse:
    """Hand in, withdraw, or what else ``moves`` names; everything that stands in the way is told at once."""
    actor = _able(request, APPLY)
    _own(actor, case)

    def act() -> tuple[int, CaseOut]:
        wish = MoveWish(body.do, body.version, body.answers, body.opinion, body.signed)
        move_case(actor=actor, case=case, wish=wish)
        return 200, CaseOut(**_case(_own(actor, case), actor))

    return once(request, key, act)


@office.get("", response=Page[CaseLine], summary="经办的办件 cases of the office")
def list_office_cases(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> dict[str, Any]:
    """Cases that the office's side sees within the token's reach, without what was answered."""
    return page(cases_for(_able(request, SEE)), cursor, limit, CaseLine.from_orm)


def _able(request: HttpRequest, permission: str) -> Principal:
    actor = actor_of(request)
    actor.demand(permission)
    return actor


def _own(actor: Principal, case: int) -> Loaded:
    found = own_cases(actor).select_related("edition").filter(pk=case).first()
    if found is None:
        raise Http404
    return loaded(found)


def _save(actor: Principal, one: Loaded, answers: Answers, marks: Marks) -> Saved:
    asked = {field.id for field in one.matter.fields}
    if unknown := [problem("MATTER_NO_QUESTION", name, name=name) for name in answers if name not in asked]:
        raise Refused(unknown)
    return save_answers(actor=actor, case=one.case.pk, typed=answers, seen=marks)


def _written(actor: Principal, case: int, saved: Saved) -> WrittenOut:
    one = _own(actor, case)
    return WrittenOut(
        **_case(one, actor), conflicts={name: _answer(one.matter.by_id[name], value) for name, value in saved.conflicts.items()}
    )


def _case(one: Loaded, actor: Principal) -> dict[str, Any]:
    matter = one.matter
    return CaseLine.from_orm(one.case).dict() | {
        "state_title": matter.state_of[one.case.state].title,
        "answers": {name: _answer(matter.by_id[name], kept) for name, kept in one.at.answers.items() if name in matter.by_id},
        "marks": one.case.marks,
        "files": [FileOut.from_orm(each) for each in one.case.materials.filter(removed_at=None).order_by("pk")],
        "moves": [{"do": each.do, "title": each.title} for each in open_moves(one, actor)],
        "lacking": [item(each) for each in lacking(one, localdate())] if one.case.submitted_at is None else [],
    }


def _answer(field: FormField, kept: Any) -> Any:
    if field.type == "table" and isinstance(kept, list):
        return [{col.id: _answer(col, row.get(col.id)) for col in field.cols} for row in kept]
    return typed_as(field, kept)


def _line(read: Read) -> dict[str, Any]:
    one = read.matter
    return {"id": one.id, "version": one.version, "title": one.title, "about": one.about, "audience": list(one.audience)}


def _question(field: FormField) -> dict[str, Any]:
    return {
        "id": field.id, "type": field.type, "label": field.label, "hint": field.hint, "unit": field.unit, "options": list(field.options),
        "required": field.required is True and field.show is None, "computed": field.formula is not None,
        "cols": [_question(col) for col in field.cols],
    }  # fmt: skip
