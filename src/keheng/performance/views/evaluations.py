"""Pages of a self-evaluation: figures, scores and reasons, the account, findings, signatures, the official file."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keheng.appraisal.writing.write import write_form
from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, needs
from keheng.performance.actions.evaluations import (
    answer_finding,
    attach_evidence,
    begin_evaluation,
    fill_row,
    keep_proof,
    read_measures,
    remove_evidence,
    tell_results,
    typed_of,
)
from keheng.performance.actions.signing import return_evaluation, review_evaluation, sign_evaluation, submission_problems, submit_evaluation
from keheng.performance.enums import EvaluationState, EvidenceKind, Step
from keheng.performance.forms.base import NothingForm, ReasonForm, packed, unpacked
from keheng.performance.forms.evaluations import AnswerForm, ProofForm, RowForm, StoryForm
from keheng.performance.models import EvaluationRow, Evidence, SelfEvaluation
from keheng.performance.queries.evaluations import RATE, TOTAL, Sheet, drafted, findings_on, form_of, rows_of_evaluation, sheet_of, text_of
from keheng.performance.queries.projects import EDIT, SEE, current_evaluation, may, projects_for
from keheng.performance.queries.proof import proof_of
from keheng.performance.queries.standing import standing
from keheng.performance.rules.evaluations import pieces
from keheng.performance.rules.targets import policy_for, target_of
from keheng.performance.views.asking import Asked, act_and_return, answered, attachment, crumbs_of, posted, project_of

REVIEW, SIGN = "performance.evaluation.review", "performance.evaluation.sign"
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def evaluation_of(request: HttpRequest, pk: int, permission: str = EDIT) -> SelfEvaluation:
    """A self-evaluation of a project that a permission reaches; 404 otherwise."""
    found = SelfEvaluation.objects.filter(project__in=projects_for(actor_of(request), permission))
    return get_object_or_404(found.select_related("project__unit", "project__department", "project__previous", "goals"), pk=pk)


def address(project: int) -> str:
    """The page of a project's self-evaluation."""
    return reverse("performance:evaluation", args=[project])


@needs(SEE)
def evaluation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The self-evaluation of a project, as far as it is."""
    project, actor = project_of(request, pk), actor_of(request)
    mine = may(actor, EDIT, project)
    evaluation = current_evaluation(project)
    if evaluation is None:
        earlier = SelfEvaluation.objects.filter(project=project).order_by("-round").first()
        return render(
            request, "performance/evaluation_begin.html", {"project": project, "tab": "evaluation", "mine": mine, "earlier": earlier}
        )
    evaluation.project = project
    sheet, proofs = sheet_of(evaluation), proofs_of(evaluation)
    notes = {one.mark: one.text for one in evaluation.notes.all()}
    # What was signed and is not so any more is said here, not only to who asks for the proof.
    wrong = {one.part: one.why for one in proof_of(evaluation).wrong} if evaluation.form else {}
    draft = evaluation.state == EvaluationState.DRAFT
    findings = findings_on(sheet) if draft else evaluation.findings
    signatures = list(evaluation.signatures.order_by("at"))
    names = accounts().names([one.account for one in signatures])
    signed = {one.account for one in signatures}
    context = {
        "project": project, "tab": "evaluation", "evaluation": evaluation, "sheet": sheet,
        "rows": _rows(sheet, proofs, wrong), "mine": mine and draft, "wrong": wrong,
        "story": _linked(pieces(evaluation.achieved, sheet.values), evaluation.pk),
        "draft": draft, "form": form_of(evaluation) if evaluation.form else sheet.form,
        "findings": [_with_note(one, notes) for one in findings],
        "missing": submission_problems(sheet, set(notes), _proven(proofs)) if draft and mine else [],
        "signatures": [(Step(one.step).label, names.get(one.account, ""), one.at) for one in signatures],
        "may_review": evaluation.state == EvaluationState.SUBMITTED and actor.may(REVIEW) and actor.account not in signed,
        "may_sign": evaluation.state == EvaluationState.REVIEWED and actor.may(SIGN) and actor.account not in signed,
        "own": actor.account in signed, "steps": _steps(evaluation, sheet), "policy": policy_for(evaluation.layout), "formats": _MEDIA,
        "state": EvaluationState(evaluation.state).label, "counts": standing(evaluation),
    }  # fmt: skip
    return render(request, "performance/evaluation.html", context)


def _with_note(one: object, notes: dict[str, str]) -> dict[str, object]:
    facts = one if isinstance(one, dict) else one.plain()  # type: ignore[attr-defined]  # a finding in words
    return {**facts, "note": notes.get(str(facts["mark"]), "")}


def _steps(evaluation: SelfEvaluation, sheet: Sheet) -> list[tuple[str, bool]]:
    """The way of a self-evaluation: what is done comes first."""
    order = [EvaluationState.DRAFT, EvaluationState.SUBMITTED, EvaluationState.REVIEWED, EvaluationState.FROZEN]
    at = order.index(EvaluationState(evaluation.state))
    figures = all(row.actual is not None or row.words for row in sheet.rows)
    return [
        ("数字与依据", figures), ("得分与原因", at > 0 or all(row.score is not None for row in sheet.rows)),
        ("完成情况与审核", at > 0), ("审核", at > 1), ("签发", at > 2),  # noqa: PLR2004 -- the order of the states above
    ]  # fmt: skip


def proofs_of(evaluation: SelfEvaluation) -> dict[int, list[Evidence]]:
    """Stated sources by row."""
    found: dict[int, list[Evidence]] = {}
    for one in Evidence.objects.filter(row__evaluation=evaluation).order_by("pk"):
        found.setdefault(one.row_id, []).append(one)
    return found


def _proven(proofs: dict[int, list[Evidence]]) -> set[int]:
    """Rows with a source that has its file."""
    return {row for row, found in proofs.items() if any(one.digest for one in found)}


def _linked(story: list[tuple[str, str]], evaluation: int) -> list[tuple[str, str]]:
    """The account with the address of each figure: its row on the page, or where the rate and the sum come from."""
    parts = {RATE: "rate", TOTAL: "score_total"}
    page = reverse("performance:reckoning", args=[evaluation])
    return [(text, f"#row-{name}" if name.isdigit() else f"{page}#{parts[name]}" if name in parts else "") for text, name in story]


def _rows(sheet: Sheet, proofs: dict[int, list[Evidence]], wrong: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            "row": row, "target": target_of(row.indicator).printed(), "actual": text_of(row), "proofs": proofs.get(row.pk, []),
            "full": row.score == row.indicator.weight, "changed": row.score != row.proposed,
            "plan": EvidenceKind(row.indicator.evidence).label, "wrong": wrong.get(f"row-{row.place}", ""),
        }
        for row in sheet.rows
    ]  # fmt: skip


@needs(EDIT)
@require_POST
def evaluation_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin: figures are read, scores proposed, the account drafted."""
    project_of(request, pk, EDIT)
    done = "已读取系统指标并起草，请逐行核对"
    return act_and_return(request, lambda: begin_evaluation(actor=actor_of(request), project=pk), done, address(pk))


@needs(EDIT)
@require_POST
def evaluation_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the measures anew."""
    row = evaluation_of(request, pk)
    return act_and_return(request, lambda: read_measures(actor=actor_of(request), evaluation=pk), "已重新读取", address(row.project_id))


def _own_row(request: HttpRequest, pk: int) -> EvaluationRow:
    found = EvaluationRow.objects.filter(evaluation__project__in=projects_for(actor_of(request), EDIT))
    return get_object_or_404(found.select_related("indicator", "reading", "evaluation__project"), pk=pk)


@needs(EDIT)
def row_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One row: its value, score, reasons; its evidence beside it."""
    row = _own_row(request, pk)
    stored = typed_of(row).plain()
    form = RowForm(posted(request), measured=bool(row.indicator.measure), initial={**stored, "base": packed(stored)})
    project = row.evaluation.project
    more = {"row": row, "target": target_of(row.indicator).printed(), "actual": text_of(row), "proofs": row.evidence.order_by("pk")}
    asked = Asked(
        f"第 {row.place} 行 {row.indicator.title}", "保存", address(project.pk),
        crumbs=(*crumbs_of(project), ("自评", address(project.pk))),
        more=more,
    )  # fmt: skip

    def act() -> None:
        fill_row(actor=actor_of(request), row=pk, base=unpacked(form.cleaned_data["base"], stored), typed=form.typed())

    return answered(request, asked, form, act, "已保存", "performance/row.html")


@needs(EDIT)
def evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a stated source to a row."""
    row = _own_row(request, pk)
    back = reverse("performance:row", args=[pk])
    kind = row.indicator.evidence if row.indicator.evidence in {"file", "survey", "minutes"} else "file"
    form = ProofForm(posted(request), request.FILES or None, initial={"kind": kind})
    asked = Asked(
        f"附依据：{row.indicator.title}", "保存依据", back, crumbs=(*crumbs_of(row.evaluation.project), (row.indicator.title, back))
    )

    def act() -> None:
        file = form.cleaned_data["file"]
        kept = keep_proof(file) if file else None
        attach_evidence(actor=actor_of(request), row=pk, proof=form.proof(), file=kept, file_title=file.name if file else "")

    return answered(request, asked, form, act, "依据已保存")


@needs(EDIT)
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a stated source off."""
    found = Evidence.objects.filter(row__evaluation__project__in=projects_for(actor_of(request), EDIT)).select_related(
        "row__evaluation__project"
    )
    proof = get_object_or_404(found, pk=pk)
    asked = Asked(f"删除依据：{proof.title}", "删除", reverse("performance:row", args=[proof.row_id]), danger=True)
    return answered(request, asked, NothingForm(posted(request)), lambda: remove_evidence(actor=actor_of(request), evidence=pk), "已删除")


@needs(EDIT)
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """The account of results."""
    row = evaluation_of(request, pk)
    stored = {"achieved": row.achieved, "budget_reason": row.budget_reason}
    shown = {**stored, "achieved": drafted(rows_of_evaluation(row))} if "draft" in request.GET else stored
    form = StoryForm(posted(request), initial={**shown, "base": packed(stored)})
    sheet = sheet_of(row)
    names = [(f"{{{one.place}}}", one.indicator.title, text_of(one)) for one in sheet.rows] + [
        (f"{{{name}}}", name, value) for name, value in sheet.values.items() if not name.isdigit()
    ]
    asked = Asked(
        "实际完成情况", "保存", address(row.project_id), crumbs=(*crumbs_of(row.project), ("自评", address(row.project_id))),
        more={"names": names},
    )  # fmt: skip

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in stored}
        tell_results(actor=actor_of(request), evaluation=pk, base=unpacked(form.cleaned_data["base"], stored), **values)

    return answered(request, asked, form, act, "已保存")


@needs(EDIT)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to a finding."""
    row, mark = evaluation_of(request, pk), request.GET.get("mark", "")
    found = next((one for one in findings_on(sheet_of(row)) if one.mark == mark), None)
    if found is None:
        raise Http404
    note = row.notes.filter(mark=mark).first()
    form = AnswerForm(posted(request), initial={"text": note.text if note else ""})
    asked = Asked(
        f"答复审核发现：{found.title}", "保存答复", address(row.project_id), f"{found.text}。{found.advice}", crumbs=crumbs_of(row.project)
    )
    return answered(
        request, asked, form, lambda: answer_finding(actor=actor_of(request), evaluation=pk, mark=mark, **form.cleaned_data), "已保存"
    )


@needs(EDIT)
@require_POST
def evaluation_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as the maker and hand over."""
    row = evaluation_of(request, pk)
    return act_and_return(request, lambda: submit_evaluation(actor=actor_of(request), evaluation=pk), "已提交审核", address(row.project_id))


@needs(REVIEW)
@require_POST
def evaluation_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as the reviewer."""
    row = evaluation_of(request, pk, REVIEW)
    return act_and_return(request, lambda: review_evaluation(actor=actor_of(request), evaluation=pk), "已审核", address(row.project_id))


@needs(SIGN)
def evaluation_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as the head: asked once more, as it is final."""
    row = evaluation_of(request, pk, SIGN)
    hint = "签发后，表中的数字和依据全部冻结，不能再改；以后记录有变化，会在核验时标出差异。"
    asked = Asked(f"签发：{row.project.title}", "签发", address(row.project_id), hint, crumbs=crumbs_of(row.project))
    return answered(request, asked, NothingForm(posted(request)), lambda: sign_evaluation(actor=actor_of(request), evaluation=pk), "已签发")


def _returned(request: HttpRequest, pk: int, permission: str) -> HttpResponse:
    row = evaluation_of(request, pk, permission)
    form = ReasonForm(posted(request))
    asked = Asked(f"退回：{row.project.title}", "退回填报人", address(row.project_id), danger=True, crumbs=crumbs_of(row.project))
    return answered(request, asked, form, lambda: return_evaluation(actor=actor_of(request), evaluation=pk, **form.cleaned_data), "已退回")


@needs(REVIEW)
def evaluation_return(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewer sends it back."""
    return _returned(request, pk, REVIEW)


@needs(SIGN)
def evaluation_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The head sends it back."""
    return _returned(request, pk, SIGN)


@needs(SEE)
def evaluation_file(request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
    """The form in its official layout; before it is signed it says that it is a draft by its name."""
    if file_format not in _MEDIA:
        raise Http404
    row = evaluation_of(request, pk, SEE)
    content = write_form([form_of(row)], row.layout, file_format)
    draft = "" if row.form else "（未签发）"
    return attachment(content, f"{row.project.year} {row.project.title} 绩效自评表{draft}.{file_format}", _MEDIA[file_format])
