"""Staff pages beside the studio: columns, redirects, feedback, visits, pushes, the site doctor."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_POST

from keheng.kernel.charts import Chart, Series
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, Refused, attempt, problem
from keheng.kernel.files import FileRefusedError
from keheng.kernel.spreadsheets import read_rows, template
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.kernel.uploads.receiving import store
from keheng.portal.actions.checking import ask_check
from keheng.portal.actions.columns import add_redirect, remove_redirect, save_column
from keheng.portal.actions.feedback import answer_feedback, publish_answer, unpublish_answer
from keheng.portal.actions.pushes import add_push, import_pushes, push_sheet
from keheng.portal.enums.content import Language, definition
from keheng.portal.enums.feedback import FeedbackKind, FeedbackState
from keheng.portal.forms.content import ColumnForm, RedirectForm
from keheng.portal.forms.feedback import AnswerForm, PublishForm
from keheng.portal.forms.figures import PushFileForm, PushForm
from keheng.portal.models import Column as SiteColumn
from keheng.portal.models import Feedback, Push, Redirect, SiteCheck
from keheng.portal.queries.ages import ages
from keheng.portal.queries.articles import columns as all_columns
from keheng.portal.queries.articles import shown
from keheng.portal.queries.visits import Stretch, by_month, figures_of, most_read
from keheng.portal.rules.content import SEE
from keheng.portal.rules.feedback import ANSWER, FEEDBACK_SEE, PUBLISH
from keheng.portal.rules.files import PUSHES
from keheng.portal.rules.visits import SECTIONS
from keheng.portal.views.answers import UNPROCESSABLE, Ask, act_and_return, form_page, page_of, posted, query_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONTH = 30


@needs(SEE)
def columns(request: HttpRequest) -> HttpResponse:
    """Columns with their age: which are stale, and when the others will be."""
    known = {age.column.pk: age for age in ages()}
    rows = [(column, known.get(column.pk)) for column in all_columns()]
    return render(request, "portal/studio/columns.html", {"rows": rows})


@needs("portal.column.manage")
def column_edit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Make a column, or change one (``pk`` 0: a new one)."""
    shown_one = get_object_or_404(SiteColumn, pk=pk) if pk else None
    back = reverse("manage:columns")
    ask = Ask(f"栏目：{shown_one.title}" if shown_one else "新栏目", back=back, crumbs=(("栏目", back),))
    initial = {}
    if shown_one:
        initial = {name: getattr(shown_one, name) for name in ColumnForm.base_fields if name != "languages"}
        initial |= {"parent": shown_one.parent_id, "languages": shown_one.languages.split(",")}
    form = ColumnForm(posted(request), initial=initial or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: save_column(actor=actor_of(request), facts=form.facts(), column=pk or None))
        if not problems:
            messages.success(request, "已保存")
            return redirect(back)
    return form_page(request, ask, form, problems)


@needs("portal.redirect.manage")
def redirects(request: HttpRequest) -> HttpResponse:
    """Addresses that moved."""
    form = RedirectForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: add_redirect(actor=actor_of(request), **form.cleaned_data))
        if not problems:
            messages.success(request, "已保存")
            return redirect("manage:redirects")
    context = {"page": page_of(request, Redirect.objects.all()), "form": form, "problems": problems, "query": query_of(request)}
    return render(request, "portal/studio/redirects.html", context, status=UNPROCESSABLE if problems or form.errors else 200)


@needs("portal.redirect.manage")
@require_POST
def redirect_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """An old address leads nowhere any more."""
    return act_and_return(request, lambda: remove_redirect(actor=actor_of(request), redirect=pk), "已删除", reverse("manage:redirects"))


def _late(rows: Rows, _given: object) -> Rows:
    return rows.filter(state=FeedbackState.OPEN, due_on__lt=localdate())


def _clock(one: Feedback) -> str:
    if one.late:
        return "超期"
    return "即将到期" if one.due_soon else str(one.get_state_display())


def _urgency(one: Feedback) -> str:
    if one.late:
        return "bad"
    if one.due_soon:
        return "warn"
    return "ok" if one.answered_at else ""


FEEDBACK = register_table(
    Table(
        "portal.feedback", "公众留言",
        columns=(
            Column("number", "编号", link=lambda one: reverse("manage:feedback", args=[one.pk])),
            Column("kind", "类型", "get_kind_display"),
            Column("title", "标题", export=False),
            Column("received_at", "收到", sort="received_at", kind="time"),
            Column("due_on", "期限", sort="due_on", kind="date"),
            Column("state", "状态", _clock, tag=_urgency),
            Column("published_at", "公开", kind="time", shown=False),
        ),
        filters=(
            Filter("q", "编号", apply=lambda rows, text: holding(rows, "number", text)),
            Filter("state", "状态", "choice", choices=lambda: [(one.value, str(one.label)) for one in FeedbackState]),
            Filter("kind", "类型", "choice", choices=lambda: [(one.value, str(one.label)) for one in FeedbackKind]),
            Filter("late", "只看超期", "flag", apply=_late),
        ),
        order="-received_at", empty_title="还没有留言", empty_text="新的留言会出现在这里，并进入您的待办。",
    )
)  # fmt: skip
PUSH = register_table(
    Table(
        "portal.pushes", "推送",
        columns=(
            Column("title", "标题"),
            Column("channel", "渠道"),
            Column("audience", "对象"),
            Column("is_policy", "政策", kind="boolean"),
            Column("pushed_on", "日期", sort="pushed_on", kind="date"),
            Column("reads", "阅读量", sort="reads", kind="integer"),
            Column("proven", "依据", cell="portal/visits/proof_cell.html", export=False),
        ),
        filters=(
            Filter("q", "标题", apply=lambda rows, text: holding(rows, "title", text)),
            Filter("policy", "只看政策", "flag", apply=lambda rows, _given: rows.filter(is_policy=True)),
            Filter("unproven", "只看未证实", "flag", apply=lambda rows, _given: rows.filter(digest="")),
        ),
        order="-pushed_on", empty_title="还没有推送记录", empty_text="从公众号等渠道导出表格，按模板整理后导入。",
    )
)  # fmt: skip


@needs(FEEDBACK_SEE)
def feedback_page(request: HttpRequest) -> HttpResponse:
    """Feedback, without the sealed texts."""
    return respond(request, FEEDBACK, Feedback.objects.defer("body", "name", "contact"), "portal/feedback/desk.html")


@needs(FEEDBACK_SEE)
def feedback_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: what was written, its clock, its answer, what is public of it."""
    return _feedback(request, get_object_or_404(Feedback, pk=pk))


@needs(ANSWER)
@require_POST
def feedback_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it."""
    row, form = get_object_or_404(Feedback, pk=pk), AnswerForm(request.POST)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = attempt(lambda: answer_feedback(actor=actor_of(request), feedback=pk, **form.cleaned_data))
        if not problems:
            messages.success(request, "已答复")
            return redirect("manage:feedback", pk=pk)
    return _feedback(request, row, answer=form, problems=problems)


@needs(PUBLISH)
@require_POST
def feedback_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish it without personal data, or take it off."""
    row, form = get_object_or_404(Feedback, pk=pk), PublishForm(request.POST)
    if "off" in request.POST:
        return act_and_return(
            request, lambda: unpublish_answer(actor=actor_of(request), feedback=pk), "已撤下", reverse("manage:feedback", args=[pk])
        )
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = attempt(lambda: publish_answer(actor=actor_of(request), feedback=pk, **form.cleaned_data))
        if not problems:
            messages.success(request, "已公开")
            return redirect("manage:feedback", pk=pk)
    return _feedback(request, row, publish=form, problems=problems)


@needs("portal.visits.see")
def visits(request: HttpRequest) -> HttpResponse:
    """Visits of a month by day, of the year by month, by section and language; what is read most."""
    today = localdate()
    begin, end = _days(request, today)
    year = date(end.year - 1, end.month, 1)
    found = figures_of(begin, end)
    charts = [_days_chart(found.days, found.people), _months_chart(by_month(year, end)), _sections_chart(found.sections)]
    languages = dict(Language.choices)
    context = {
        "charts": charts, "begin": begin, "last": end - timedelta(days=1), "views": sum(row.views for row in found.days),
        "visits": sum(row.visits for row in found.days), "bots": sum(row.bots for row in found.days), "people": sum(found.people.values()),
        "most_read": shown(most_read(begin, 10), "zh-hans"),
        "languages": [(languages.get(code, code), count) for code, count in found.languages],
    }  # fmt: skip
    return render(request, "portal/visits/visits.html", context)


@needs("portal.visits.see")
def pushes(request: HttpRequest) -> HttpResponse:
    """Pushes with their reads: which a file shows, which are unproven."""
    return respond(request, PUSH, Push.objects.order_by(), "portal/visits/pushes.html")


@needs("portal.push.import")
def push_import(request: HttpRequest) -> HttpResponse:
    """Import a channel's figures with the file that shows them."""
    back = reverse("manage:pushes")
    ask = Ask("导入推送记录", "检查并导入", "全部无误才会导入；原件随记录保存。", back=back, crumbs=(("推送", back),))
    form = PushFileForm(posted(request), request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(PUSHES.limits.most_bytes + 1)
        problems = attempt(lambda: _import(request, data))
        if not problems:
            messages.success(request, "已导入")
            return redirect(back)
    return form_page(request, ask, form, problems)


@needs("portal.push.import")
def push_template(_request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    disposition = f"attachment; filename*=UTF-8''{quote('推送记录模板.xlsx')}"
    return HttpResponse(template(push_sheet()), content_type=XLSX, headers={"Content-Disposition": disposition})


@needs("portal.push.import")
def push_new(request: HttpRequest) -> HttpResponse:
    """Note a push by hand."""
    back = reverse("manage:pushes")
    ask = Ask("登记推送", "登记", "没有文件依据的阅读量标为“未证实”，不计入指标。", back=back, crumbs=(("推送", back),))
    form = PushForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: add_push(actor=actor_of(request), **form.cleaned_data))
        if not problems:
            messages.success(request, "已登记")
            return redirect(back)
    return form_page(request, ask, form, problems)


@needs("portal.doctor.see")
def doctor(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """The newest check, or an older one: score, findings by rule, forecast."""
    checks = SiteCheck.objects.all()
    check = get_object_or_404(checks, pk=pk) if pk else checks.first()
    known = definition("doctor")
    findings = [(one, known.get(one.rule, {})) for one in check.findings.all()] if check else []
    found = {one.rule for one, _ in findings}
    history = list(checks[:_MONTH])[::-1]
    context = {
        "check": check,
        "findings": findings,
        "by_people": definition("doctor_people").values(),
        "passed": [rule for code, rule in known.items() if code not in found],
        "history": Chart(
            "得分",
            [f"{localtime(one.at):%m-%d}" for one in history],
            [Series("得分", [one.score for one in history])],
            kind="line",
            unit="分",
        ),
        "ages": ages(),
        "checks": checks[:10],
    }
    return render(request, "portal/doctor/doctor.html", context)


@needs("portal.doctor.see")
@require_POST
def doctor_run(request: HttpRequest) -> HttpResponse:
    """Ask for an examination now."""
    ask_check(actor=actor_of(request))
    messages.success(request, "已开始体检，逐页查看需要几分钟，完成后刷新本页")
    return redirect("manage:doctor")


def _import(request: HttpRequest, data: bytes) -> None:
    outcome = read_rows(data, push_sheet())
    if outcome.problems:
        raise Refused([problem("PORTAL_PUSH_ROW", "file", row=one.row, header=one.header) for one in outcome.problems[:20]])
    try:
        kept = store().keep(BytesIO(data), PUSHES.limits)
    except FileRefusedError as refusal:
        raise Refused(problem("upload.refused", "file", zh=refusal.zh, en=refusal.en)) from refusal
    import_pushes(actor=actor_of(request), rows=outcome.rows, digest=kept.digest)


def _feedback(
    request: HttpRequest,
    row: Feedback,
    answer: AnswerForm | None = None,
    publish: PublishForm | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    for form in (answer, publish):
        for one in problems:
            if form is not None and one.field in form.fields:
                form.add_error(one.field, one.zh)
    initial = {
        "title": row.title, "public_question": row.public_question or row.body, "public_answer": row.public_answer or row.answer,
    }  # fmt: skip
    context = {"row": row, "answer": answer or AnswerForm(), "publish": publish or PublishForm(initial=initial), "problems": problems}
    wrong = problems or any(form is not None and form.errors for form in (answer, publish))
    return render(request, "portal/feedback/one.html", context, status=UNPROCESSABLE if wrong else 200)


def _days_chart(days: list[Stretch], people: dict[date, int]) -> Chart:
    series = [Series("浏览", [row.views for row in days]), Series("访客（估计）", [people.get(row.label) for row in days])]
    note = "访客由每日草图估计，标准误差 2.3%"
    return Chart("每日浏览", [f"{row.label:%m-%d}" for row in days], series, kind="line", unit="次", note=note)


def _months_chart(months: list[Stretch]) -> Chart:
    series = [Series("浏览", [row.views for row in months]), Series("访问", [row.visits for row in months])]
    return Chart("每月浏览和访问", [f"{row.label:%Y-%m}" for row in months], series, unit="次")


def _sections_chart(parts: list[tuple[str, int]]) -> Chart:
    return Chart(
        "页面", [SECTIONS.get(name, name) for name, _ in parts], [Series("浏览", [count for _, count in parts])], kind="rows", unit="次"
    )


def _days(request: HttpRequest, today: date) -> tuple[date, date]:
    """The days asked for, half-open; by default the last thirty."""
    try:
        begin, last = (date.fromisoformat(request.GET.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return today - timedelta(days=_MONTH - 1), today + timedelta(days=1)
    if not begin <= last or (last - begin).days > 366:  # noqa: PLR2004 -- a year is the most that a page draws by day
        return today - timedelta(days=_MONTH - 1), today + timedelta(days=1)
    return begin, last + timedelta(days=1)
