"""The studio: where editors write, reviewers and issuers decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.kernel.powers import Principal
from keheng.kernel.row_numbers import whole
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.kernel.uploads.models import Upload
from keheng.kernel.uploads.receiving import own_upload
from keheng.portal.actions.articles import drop_correction, save_version, submit_article, take_back, write_article
from keheng.portal.actions.outside import invite_outsider
from keheng.portal.actions.steps import decide_step, withdraw_article
from keheng.portal.enums.content import CHINESE, STEP_OF_STAGE, Language, Stage
from keheng.portal.forms.content import ArticleForm, DecisionForm, InviteForm, ReasonForm, initial_of
from keheng.portal.models import Article, Version
from keheng.portal.queries.ages import age_of, ages
from keheng.portal.queries.articles import columns, events_of, worked_on
from keheng.portal.queries.differences import differences
from keheng.portal.rules.content import MAY, SEE, WITHDRAW, WRITE, File, authors_of, may_decide, placing_problems, text_problems
from keheng.portal.views.answers import UNPROCESSABLE, Ask, act_and_return, form_page, posted


def _titled(rows: Rows, text: str) -> Rows:
    for word in text.split():
        rows = rows.filter(newest__in=holding(Version.objects.all(), "title", word))
    return rows


def _of_column(rows: Rows, slug: str) -> Rows:
    # By its key: a database that has to look it up does not know how many articles it has.
    return rows.filter(column__in=[one.pk for one in columns() if one.slug == slug])


TABLE = register_table(
    Table(
        "portal.articles", "稿件",
        columns=(
            Column("title", "标题", "newest.title", link=lambda one: reverse("manage:article", args=[one.pk])),
            Column("column", "栏目", "column.title"),
            Column("kind", "类型", "get_kind_display", shown=False),
            Column("language", "语言", "get_language_display"),
            Column("stage", "状态", "get_stage_display", cell="portal/studio/stage_cell.html"),
            Column("first_published_at", "首次发布", kind="time"),
            Column("changed", "最近修改", "newest.made_at", sort="newest_id", kind="time", shown=False),
        ),
        filters=(
            Filter("q", "标题", apply=_titled),
            Filter("stage", "状态", "choice", choices=tuple(Stage.choices)),
            Filter("column", "栏目", "choice", apply=_of_column, choices=lambda: [(one.slug, one.title) for one in columns()]),
            Filter("language", "语言", "choice", choices=tuple(Language.choices)),
        ),
        order="-changed", empty_title="还没有稿件", empty_text="写一篇，保存后送审。",
    )
)  # fmt: skip


@needs(SEE)
def articles(request: HttpRequest) -> HttpResponse:
    """Articles, the latest changed first."""
    soon = [age for age in ages() if age.left <= 7][:5]  # noqa: PLR2004 -- a week ahead is when there is still time to write
    return respond(request, TABLE, worked_on(), "portal/studio/articles.html", {"soon": soon})


@needs(SEE)
def own_articles(request: HttpRequest) -> HttpResponse:
    """One's own articles."""
    return respond(request, TABLE, worked_on(actor_of(request).account), "portal/studio/articles.html", {"own": True})


@needs(SEE)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """One article: what it says, what changed, where it stands, what to do next."""
    actor, shown = actor_of(request), _article(pk)
    step = may_decide(actor, shown)
    form = DecisionForm(initial={"version": shown.newest_id, "step": step}) if step else None
    return _article_page(request, shown, form, ())


@needs(SEE)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or return."""
    actor, shown = actor_of(request), _article(pk)
    form = DecisionForm(request.POST)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = attempt(lambda: decide_step(actor=actor, article=pk, **form.cleaned_data))
        if not problems:
            messages.success(request, "已办理")
            return redirect("manage:article", pk=pk)
    return _article_page(request, shown, form, problems)


@needs(WRITE)
def article_new(request: HttpRequest) -> HttpResponse:
    """Begin an article; ``?of=12&language=en`` begins a translation."""
    actor = actor_of(request)
    original = _original(request)
    language = request.GET.get("language", CHINESE) if original else CHINESE
    initial = initial_of(original, original.newest) if original and original.newest else {"column": request.GET.get("column", "")}
    form = ArticleForm(posted(request), initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        made: list[Article] = []
        problems = attempt(
            lambda: made.append(
                write_article(
                    actor=actor, kind=form.cleaned_data["kind"], text=form.text(), placing=form.placing(), language=language,
                    original=original.pk if original else None, uploads=form.uploads(),
                )
            )
        )  # fmt: skip
        if made:
            messages.success(request, "草稿已保存")
            return redirect("manage:article", pk=made[0].pk)
    return _edit_page(request, form, problems, None, language, original)


@needs(WRITE)
def article_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an article: a new version."""
    actor, shown = actor_of(request), _article(pk)
    if shown.newest is None or shown.stage not in MAY["save"]:
        messages.error(request, f"现在的状态是“{shown.get_stage_display()}”，请先收回再修改")
        return redirect("manage:article", pk=pk)
    form = ArticleForm(posted(request), initial=initial_of(shown, shown.newest), before=shown.newest)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(
            lambda: save_version(
                actor=actor,
                article=pk,
                text=form.text(),
                placing=form.placing(),
                seen=form.cleaned_data["seen"] or 0,
                uploads=form.uploads(),
            )
        )
        if not problems:
            messages.success(request, "已保存为新版本")
            return redirect("manage:article", pk=pk)
    return _edit_page(request, form, problems, shown, shown.language, shown.original)


@needs(WRITE)
@require_POST
def article_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it to the reviewers."""
    return act_and_return(request, lambda: submit_article(actor=actor_of(request), article=pk), "已送审", _to(pk))


@needs(SEE)
@require_POST
def article_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of the steps."""
    return act_and_return(request, lambda: take_back(actor=actor_of(request), article=pk), "已收回，可以继续修改", _to(pk))


@needs(WRITE)
@require_POST
def article_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a correction up."""
    return act_and_return(request, lambda: drop_correction(actor=actor_of(request), article=pk), "已放弃修改，公开的版本不变", _to(pk))


@needs(WITHDRAW)
def article_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off the site, with a reason."""
    shown = _article(pk)
    title = shown.newest.title if shown.newest else ""
    ask = Ask(
        f"撤下：{title}",
        "确认撤下",
        "撤下后访客不能再打开这篇文章及其译文；记录保留，修改后可以重新送审发布。",
        danger=True,
        back=_to(pk),
        crumbs=_crumbs(shown),
    )
    form = ReasonForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: withdraw_article(actor=actor_of(request), article=pk, **form.cleaned_data))
        if not problems:
            messages.success(request, "已撤下")
            return redirect(ask.back)
    return form_page(request, ask, form, problems)


@needs(SEE)
def article_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the step to somebody outside; the link is shown once."""
    shown = _article(pk)
    step = STEP_OF_STAGE.get(shown.stage)
    ask = Ask(
        f"请外部人员{step.label if step else '审核'}",
        "生成链接",
        "链接请当面或另行转交；验证码会发到对方邮箱，两样齐了才能办理。",
        back=_to(pk),
        crumbs=_crumbs(shown),
    )
    form = InviteForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        made: list[tuple[Any, str]] = []
        problems = attempt(lambda: made.append(invite_outsider(actor=actor_of(request), article=pk, **form.cleaned_data)))
        if made:
            approval, token = made[0]
            link = request.build_absolute_uri(reverse("portal:approve", args=[token]))
            return render(request, "portal/studio/invited.html", {"article": shown, "approval": approval, "link": link})
    return form_page(request, ask, form, problems)


@needs(SEE)
def article_preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A version as visitors would read it."""
    version = get_object_or_404(Version.objects.select_related("article__column"), article=pk, number=number)
    return render(request, "portal/studio/preview.html", {"article": version.article, "version": version})


@needs(SEE)
def article_compare(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a version changed, word by word, side by side with the public or the one before."""
    shown = _article(pk)
    after = get_object_or_404(shown.versions, number=number)
    base = whole(request.GET.get("with", ""))
    before = shown.versions.filter(number=base).first() if base is not None else shown.versions.filter(number__lt=number).first()
    if before is None:
        raise Http404
    context = {
        "article": shown, "before": before, "after": after, "differences": differences(before, after),
        "versions": shown.versions.defer("body"), "crumbs": _crumbs(shown),
    }  # fmt: skip
    return render(request, "portal/studio/compare.html", context)


def _article(pk: int) -> Article:
    return get_object_or_404(Article.objects.select_related("newest", "public", "column", "original"), pk=pk)


def _to(pk: int) -> str:
    return reverse("manage:article", args=[pk])


def _crumbs(shown: Article) -> tuple[tuple[str, str], ...]:
    return (("稿件", reverse("manage:articles")), (shown.newest.title if shown.newest else str(shown.pk), _to(shown.pk)))


def _original(request: HttpRequest) -> Article | None:
    asked = whole(request.GET.get("of", ""))
    return _article(asked) if asked is not None else None


def _edit_page(
    request: HttpRequest, form: ArticleForm, problems: tuple[Problem, ...], shown: Article | None, language: str, original: Article | None
) -> HttpResponse:
    if form.is_bound and not form.is_valid():
        problems = tuple(_foreseen(form, shown or Article(language=language)))
    told = all_problems(form, problems)
    context = {
        "form": form, "problems": told, "files_wrong": [one for one in told if one.field == "files"],
        "uploaded": _uploaded(actor_of(request), form), "article": shown,
        "language": Language(language).label if language in Language.values else language, "original": original,
        "foreign": language != CHINESE,
    }  # fmt: skip
    return render(request, "portal/studio/edit.html", context, status=UNPROCESSABLE if told else 200)


def _foreseen(form: ArticleForm, article: Article) -> list[Problem]:
    """What the rules find in what could be read of a form that is not whole, so that all is told at once."""
    named = [File(title, "", "", 0, "") for title, _number in form.uploads()]
    text = form.text()
    text = replace(text, files=(*text.files, *named)).cleaned()
    return [*text_problems(text, article.kind or form.typed("kind")), *placing_problems(article, form.placing())]


def _uploaded(actor: Principal, form: ArticleForm) -> Upload | None:
    """The file that was uploaded ahead of a form that came back; it waits until the form is taken, or it expires."""
    held = [own_upload(actor, number) for _title, number in form.uploads()] if form.is_bound else []
    return next((one for one in held if one is not None and one.digest), None)


def _article_page(request: HttpRequest, shown: Article, form: DecisionForm | None, problems: tuple[Problem, ...]) -> HttpResponse:
    actor, newest, public = actor_of(request), shown.newest, shown.public
    if form is not None:
        problems = all_problems(form, problems)
    changed = differences(public, newest) if public and newest and public.pk != newest.pk else []
    known = {one.language: one for one in [shown, *shown.translations.select_related("newest")]}
    context = {
        "article": shown,
        "version": newest,
        "differences": changed,
        "versions": shown.versions.defer("body")[:20],
        "events": events_of(shown),
        "form": form,
        "problems": problems,
        "step": STEP_OF_STAGE.get(shown.stage),
        "is_author": actor.account in authors_of(shown),
        "can": {act: shown.stage in MAY[act] for act in ("save", "submit", "take_back", "drop")},
        "languages": [(one, known.get(one.value)) for one in Language if one.value in shown.column.languages.split(",")],
        "age": age_of(shown.column_id),
    }
    return render(request, "portal/studio/article.html", context, status=UNPROCESSABLE if problems else 200)
