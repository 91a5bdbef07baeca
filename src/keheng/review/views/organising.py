"""Pages of those who organise a round, and of those who publish and decide."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from keheng.kernel.accounts import accounts
from keheng.kernel.asking import UNPROCESSABLE, Asked, ask, beside, posted
from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.money import Money
from keheng.kernel.objections.forms import DecisionForm
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.review.actions.copies import search_copies
from keheng.review.actions.draws import commit_draw, reveal_draw
from keheng.review.actions.publicity import close_round, decide_objection, publish_list
from keheng.review.actions.rounds import call_judges, name_observer
from keheng.review.actions.scoring import ask_further_reading, combine_round
from keheng.review.enums import RoundState
from keheng.review.forms import CallForm, NothingForm, ObserverForm
from keheng.review.models import CopyPair, Entry, Fee, Objection, Round
from keheng.review.queries.copies import pairs_of, passages_between
from keheng.review.queries.pools import not_called
from keheng.review.queries.reminders import with_reminders
from keheng.review.queries.results import JudgeLine, Line, Totals, all_rounds, entries_of, judges_of, lines_of, totals_of
from keheng.review.rules.combining import combinations
from keheng.review.rules.rounds import DECIDE, MANAGE, SEE, Call, rounds_open_to, rounds_within
from keheng.review.views.reaching import A_PAGE, looked_into, sees

STEPS = {
    "commit": ("锁定名单并公布摘要", commit_draw, "名单、回避和规则从此固定，不能再改；摘要同时公布。"),
    "reveal": ("公布密钥并抽取", reveal_draw, "公布密钥后立即抽取专家，任何人都能复算。不能撤回。"),
    "combine": ("合成结果", combine_round, "评分不再接收，按规定方法合成正式结果。"),
    "publish": ("公示名单", publish_list, "名单将向社会公开，公示期按工作日计算。"),
    "close": ("结束评审", close_round, "名单生效，并结算评审费。不能恢复。"),
}
# Which step a state leads to, and whose it is.
NEXT = {
    RoundState.DRAFT: ("commit", MANAGE), RoundState.COMMITTED: ("reveal", MANAGE), RoundState.SCORING: ("combine", MANAGE),
    RoundState.COMBINED: ("publish", DECIDE), RoundState.PUBLIC: ("close", DECIDE),
}  # fmt: skip
_STATES = tuple((one.value, str(one.label)) for one in RoundState)
_CHARTED = 30
_TAGS = {"scoring": "brand", "public": "warn", "closed": "ok"}

TABLE = register_table(Table(
    "review.rounds", "评审",
    columns=(
        Column("number", "编号", sort="number"),
        Column("title", "名称", link=lambda one: reverse("review:round", args=[one.pk])),
        Column("items", "项目", kind="integer"),
        Column("wanted", "应评份数", kind="integer"),
        Column("done", "已提交", kind="integer"),
        Column("scoring_until", "评审截止", sort="scoring_until", kind="date"),
        Column("state", "状态", "state_said", tag=lambda one: _TAGS.get(one.state, "")),
    ),
    filters=(Filter("q", "名称", apply="title"), Filter("state", "状态", "choice", choices=_STATES)),
    order="-number", empty_title="还没有评审", empty_text="办件进入专家评审环节后，评审会出现在这里。",
))  # fmt: skip


@needs(SEE)
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds."""
    return respond(request, TABLE, all_rounds().filter(rounds_within(actor_of(request))), "review/rounds.html")


@sees
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: where it stands, what comes next, every entry with its readings and both scores."""
    row, actor = looked_into(request, pk), actor_of(request)
    totals, pages = totals_of(row), Paginator(entries_of(row), A_PAGE)
    # Counted already.
    pages.count = totals.entries
    page = pages.get_page(request.GET.get("page"))
    lines = lines_of(row, list(page.object_list))
    step, permission = (
        ("close", DECIDE) if row.stays_inside and row.state == RoundState.COMBINED else NEXT.get(RoundState(row.state), ("", ""))
    )
    may = bool(step) and actor.may(permission) and not (step == "publish" and row.organiser == actor.account)
    context = {
        "round": row, "totals": totals, "page": page, "lines": lines,
        "step": step if may else "", "step_title": STEPS[step][0] if step else "", "steps": _steps(row),
        "rule": combinations()[row.combination].zh, "left_out": _left_out(row, totals), "chart": _spread_chart(lines),
        "objections": Objection.objects.filter(entry__round=row).select_related("entry").order_by("pk"),
    }  # fmt: skip
    return render(request, "review/round.html", context)


def _steps(row: Round) -> list[tuple[str, str]]:
    """The round's way, with what is done and where it stands."""
    states = [one for one in RoundState if not (row.stays_inside and one is RoundState.PUBLIC)]
    at = states.index(RoundState(row.state))
    return [
        (row.state_said if place == at else str(one.label), "done" if place < at else "current" if place == at else "")
        for place, one in enumerate(states)
    ]


def _left_out(row: Round, totals: Totals) -> int:
    """How many places of the quota stay empty, since the entries that would share the last one have equal scores."""
    proposed = totals.proposed
    return row.quota - proposed if row.state == RoundState.COMBINED and proposed < min(row.quota, totals.entries) else 0


def _spread_chart(lines: list[Line]) -> Chart | None:
    """Both scores side by side, for as many entries of the page as can be told apart; None before there are results."""
    some = [line.entry for line in lines if line.entry.official is not None][:_CHARTED]
    if not some:
        return None
    series = (Series("正式结果", [one.official for one in some]), Series("校正后", [one.levelled for one in some]))
    return Chart(
        "正式结果和校正后的分数",
        [one.code for one in some],
        series,
        kind=Shape.LINE,
        unit="分",
        note="校正后的分数只作提示，不改变正式结果。",
    )


@sees
def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The draws with their proof, and why who does not sit where."""
    row = looked_into(request, pk)
    bars = row.entries.filter(bars__isnull=False).order_by("code", "bars__panelist__code")
    rows = bars.values_list("code", "bars__panelist__code", "bars__panelist__expert__person__name", "bars__reason")
    observers = list(row.observers.order_by("pk"))
    names = accounts().names([one.account for one in observers])
    context = {
        "round": row, "draws": row.draws.order_by("number"), "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "observers": [(one, names.get(one.account, one.account)) for one in observers],
    }  # fmt: skip
    return render(request, "review/draw.html", context)


@sees
def judges(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel: answers, loads, strictness, fees."""
    row = looked_into(request, pk)
    lines = with_reminders(judges_of(row))
    fees = [(fee, Money(fee.fen)) for fee in Fee.objects.filter(panelist__round=row).select_related("panelist").order_by("panelist__code")]
    context = {"round": row, "lines": lines, "fees": fees, "rate": Money(row.fee), "chart": _load_chart(lines)}
    return render(request, "review/judges.html", context)


def _load_chart(lines: list[JudgeLine]) -> Chart | None:
    if not any(line.drawn for line in lines):
        return None
    series = (Series("已提交", [line.submitted for line in lines]), Series("未提交", [line.drawn - line.submitted for line in lines]))
    return Chart("每位专家的评审份数", [line.panelist.code for line in lines], series, unit="份")


@sees
def copies(request: HttpRequest, pk: int) -> HttpResponse:
    """Pairs of entries that share passages, as the last search found them; a new one runs as a job."""
    row = looked_into(request, pk)
    if request.method == "POST":
        actor_of(request).demand(SEE)
        done_or_told = attempt(lambda: search_copies(actor=actor_of(request), pk=pk))
        for one in done_or_told:
            messages.error(request, f"{one.zh}：{one.remedy_zh}")
        return redirect("review:copies", pk)
    search = row.searches.order_by("-pk").first()
    page = Paginator(pairs_of(search), A_PAGE).get_page(request.GET.get("page")) if search is not None else None
    return render(request, "review/copies.html", {"round": row, "search": search, "page": page})


@sees
def side_by_side(request: HttpRequest, pk: int, one: int, other: int) -> HttpResponse:
    """An entry of the round and any other one, with what they share marked."""
    row = looked_into(request, pk)
    reached = Q(round__in=Round.objects.filter(rounds_open_to(actor_of(request))))
    # An observer follows what a search found into earlier rounds too, and nothing else there.
    found = Q(pk__in=CopyPair.objects.filter(search__round=row, one=one).values("other"))
    mine = get_object_or_404(row.entries, pk=one)
    theirs = get_object_or_404(Entry.objects.filter(reached | found).exclude(pk=one).select_related("round"), pk=other)
    left, right = passages_between(mine.document, theirs.document)
    context = {"round": row, "one": mine, "other": theirs, "left": left, "right": right}
    return render(request, "review/side_by_side.html", context)


@needs(MANAGE)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an expert of the pool to judge."""
    row = looked_into(request, pk)
    experts = not_called(row)
    form = CallForm(posted(request), experts=[(str(one.pk), f"{one.person.name}（{one.title}）") for one in experts], kinds=list(row.seats))
    asked = Asked("邀请专家", "邀请", reverse("review:judges", args=[pk]), "组织和监督人员不能当评审专家；回避在锁定名单时自动查出。")

    def act() -> object:
        given = form.cleaned_data
        one = Call(int(given["expert"]), accounts().find(given["login"]), given["kind"])
        return call_judges(actor=actor_of(request), pk=row.pk, calls=[one])

    return ask(request, asked, form, act, "已邀请")


@needs(MANAGE)
def observer(request: HttpRequest, pk: int) -> HttpResponse:
    """Name an observer."""
    row = looked_into(request, pk)
    form = ObserverForm(posted(request))
    asked = Asked("增加观察员", "保存", reverse("review:draw", args=[pk]), "观察员能看到评审的全部过程，不能改动任何内容。")

    def act() -> object:
        return name_observer(actor=actor_of(request), pk=row.pk, account=accounts().find(form.cleaned_data["login"]))

    return ask(request, asked, form, act, "已增加观察员")


@needs(SEE)
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take the next step, after a confirmation."""
    row, actor = looked_into(request, pk), actor_of(request)
    if step not in STEPS:
        raise Http404
    actor.demand(DECIDE if step in {"publish", "close"} else MANAGE)
    title, act, hint = STEPS[step]
    asked = Asked(f"{title}：{row.title}", title, reverse("review:round", args=[pk]), hint, danger=True)
    return ask(request, asked, NothingForm(posted(request)), lambda: act(actor=actor, pk=pk), f"{title}：已完成")


@needs(MANAGE)
def further(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one more reading of an entry."""
    entry = get_object_or_404(Entry.objects.filter(round__in=Round.objects.filter(rounds_within(actor_of(request)))), pk=pk)
    asked = Asked(
        f"增加一位专家评审 {entry.code}", "抽取专家", reverse("review:round", args=[entry.round_id]), "按已公布的密钥从其余专家中抽取一位。"
    )
    return ask(
        request, asked, NothingForm(posted(request)), lambda: ask_further_reading(actor=actor_of(request), entry=pk), "已抽取一位专家"
    )


@sees
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an objection; whoever may decides it."""
    actor = actor_of(request)
    one = get_object_or_404(Objection.objects.select_related("entry"), pk=pk)
    row = looked_into(request, one.entry.round_id)
    form = DecisionForm(posted(request), upheld="成立，移出名单", rejected="不成立，维持结果")
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        actor.demand(DECIDE)
        if form.is_valid():
            given = form.cleaned_data
            problems = attempt(lambda: decide_objection(actor=actor, objection=pk, upheld=given["upheld"], answer=given["answer"]))
            if not problems:
                messages.success(request, "异议已处理")
                return redirect("review:round", one.entry.round_id)
    context = {"one": one, "round": row, "form": form, "problems": beside(form, problems)}
    return render(request, "review/objection.html", context, status=UNPROCESSABLE if form.errors or problems else 200)
