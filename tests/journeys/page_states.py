"""Rows for pages that no link of the menu leads to; what the demo city lacks is made, by the acts that people would do."""

from datetime import timedelta
from hashlib import sha256

from django.utils.timezone import localdate, now
from people import actor_for

from keheng.access.actions.members import invite_member
from keheng.access.models import Account
from keheng.directory.models import Person
from keheng.directory.queries.organisations import organisations_for
from keheng.directory.queries.people import people_for
from keheng.kernel.personal.models import DataRequest
from keheng.kernel.personal.requests import ask_request
from keheng.kernel.personal.reveal import PERMISSION as REVEAL
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.models import Case, CaseImport, Disposal, DisposalItem, Edition, Material, Package, PolicyCase, PolicyObjection
from keheng.matters.service import cases_for
from keheng.performance.actions.rechecks import ask_rectification, draw_sample
from keheng.performance.models import EvaluationRow, Evidence, GoalVersion, Indicator, MonitorRow, Recheck, Sample, SelfEvaluation
from keheng.performance.queries.evaluations import findings_on, sheet_of
from keheng.portal.actions.checking import keep_check
from keheng.portal.actions.outside import invite_outsider
from keheng.portal.models import Activity, Article, Hall, MediaItem, Registration, Session, SiteCheck, Survey, Version, Visit
from keheng.portal.queries.halls import known_of
from keheng.portal.queries.tickets import link_of, visit_link
from keheng.portal.rules.slots import slots_of
from keheng.review.models import Entry, Observer, Panelist, Round
from keheng.review.queries.copies import passages_between


def account(login):
    return Account.objects.get(login=f"demo.{login}")


def rows():
    """By the names of the addresses."""
    officer = actor_for(account("case.officer"))
    opened, over = Activity.objects.filter(state="open").first().pk, Survey.objects.filter(state="closed").first().pk
    draft = Article.objects.filter(stage="draft").first().pk
    paper = Material.objects.filter(case__in=cases_for(officer), name__endswith=".pdf").order_by("pk").first()
    own = Case.objects.filter(matter="yl.zhangjiang", state="draft").order_by("pk").first().pk
    ticket, booking = link_of(Registration.objects.filter(state="confirmed").last().pk), visit_link(Visit.objects.last().pk)
    return {
        "matters:case": [own], "matters:form": [own, 2], "matters:discard": [own], "matters:begun": ["yl.zhangjiang"], "portal:activity": [opened],
        "portal:register": [opened], "portal:register-group": [opened], "portal:survey": [Survey.objects.get(state="open").pk],
        "portal:survey-results": [over], "portal:registration": [ticket], "portal:registration-cancel": [ticket],
        "portal:visit": [booking], "portal:visit-cancel": [booking], "portal:subscription-confirm": ["t"],
        "portal:subscription-end": ["t"], "manage:survey": [over], "manage:survey-edit": [Survey.objects.last().pk],
        "directory:person": [people_for(officer, localdate()).first().pk], "directory:expert-apply": [Person.objects.first().pk],
        "manage:article": [draft], "manage:article-edit": [draft], "manage:article-preview": [draft, 1],
        "manage:article-withdraw": [Article.objects.filter(stage="published").first().pk],
        "manage:activity": [opened], "manage:activity-edit": [opened], "manage:session-new": [opened],
        "manage:session-remove": [Session.objects.last().pk], "manage:media-copy": [MediaItem.objects.first().pk],
        "manage:article review": [Article.objects.filter(stage="review").first().pk],
        "manage:doctor-check": [(SiteCheck.objects.last() or keep_check(actor=SYSTEM, found={}, pages=1)).pk],
        "matters:policy-object": [PolicyCase.objects.get(case__state="public").pk],
        "casework:objection": [PolicyObjection.objects.get(state="open").pk], "matters:granted": ["yl.youth-contest"], "uploads:reader": [paper.file_id, paper.name],
        "casework:ledger": ["yl.it-project"], "casework:ledger-lines": ["yl.it-project"],
        "review:call": [Round.objects.first().pk], "review:observer": [Round.objects.first().pk],
        "review:state": [Panelist.objects.filter(account=str(account("expert").pk)).first().pk],
        "review:further": [Entry.objects.first().pk], "review:side-by-side": copied(),
        "a day to visit": day_to_visit(),
    } | rows_of_performance() | rows_made()  # fmt: skip


def day_to_visit():
    """A day with a free slot."""
    hall, days = Hall.objects.get(code="kechuang"), (localdate() + timedelta(days=ahead) for ahead in range(7, 30))
    return next(day for day in days if any(slot.free for slot in slots_of(known_of(hall, day, day + timedelta(days=1)), day, "zh-hans")))


def copied():
    """A round and two of its entries, of which one holds passages of the other."""
    row = Round.objects.filter(title="云岭市科技创新项目评审（演示）").order_by("pk").first()
    one, other = row.entries.order_by("code")[:2]
    assert any(number for _, number in passages_between(one.document, other.document)[0])
    return [row.pk, one.pk, other.pk]


def rows_of_performance():
    """The same of projects; last year's forms are re-checked, and something is to be put right."""
    goals, form = GoalVersion.objects.first().pk, SelfEvaluation.objects.filter(state="frozen").first()
    item, line, proof = Indicator.objects.first().pk, EvaluationRow.objects.filter(evaluation=form).first().pk, Evidence.objects.first().pk
    checker = actor_for(account("reviewer"))
    sample = Sample.objects.first() or draw_sample(actor=checker, year=form.project.year, seed="2026")
    recheck = Recheck.objects.filter(sample=sample).first().pk
    asked = ask_rectification(actor=checker, recheck=recheck, place=None, text="补充依据", due_on=localdate() + timedelta(days=30))
    return {
        "performance:goal": [goals], "performance:indicator-new": [goals], "performance:goals-note": [goals],
        "performance:goals-decide": [goals], "performance:indicator": [item], "performance:indicator-remove": [item],
        "performance:monitored": [MonitorRow.objects.first().pk], "performance:story": [form.pk], "performance:row": [line],
        "performance:evidence-new": [line], "performance:evidence-remove": [proof], "performance:proof": [form.pk], "performance:reckoning": [form.pk],
        "performance:evaluation-return": [form.pk], "performance:evaluation-sign": [form.pk], "performance:evaluation-refuse": [form.pk],
        "performance:sample": [sample.pk], "performance:recheck": [recheck], "performance:recheck-back": [recheck],
        "performance:rectification-new": [recheck], "performance:rectification": [asked.pk],
    }  # fmt: skip


def rows_made():
    """States in which the city holds nothing."""
    manager, reviewer, citizen = account("unit.manager"), account("reviewer"), account("citizen")
    unit = manager.grants.exclude(unit=None).first().unit_id
    _, invited = invite_member(actor=actor_for(manager, unit), unit_id=unit, email="new@yunling.example", role="unit_member")
    judged = Article.objects.filter(stage="review").first().pk
    _, outside = invite_outsider(actor=actor_for(reviewer), article=judged, name="顾问", email="adviser@yunling.example")
    asked = ask_request(actor=actor_for(citizen), kind=DataRequest.Kind.CORRECT, detail="姓名登记有误，请改为身份证上的写法。")
    version = Version.objects.filter(number=2).first()
    watched = Round.objects.first()
    watched.pk, watched.number, watched.state = None, "PS-9999-9999", "draft"
    watched.save()
    Observer.objects.create(round=watched, account=str(account("organiser").pk))
    sheet = CaseImport.objects.create(
        matter="yl.youth-contest", account=str(manager.pk), unit_id=unit, name="作品.xlsx", rows=100, done=40, state="writing", at=now()
    )
    disposal = Disposal.objects.create(number="XH-TEST", reason="保管期限届满。", proposed_by=str(account("leader").pk), proposed_at=now())
    DisposalItem.objects.create(disposal=disposal, package=Package.objects.order_by("pk").first())
    form, found = next((form, found[0]) for form in SelfEvaluation.objects.all() if (found := findings_on(sheet_of(form))))
    return {
        "entrance:register-invited": [invited], "access:accept": [invited], "portal:approve": [outside], "personal:request": [asked.pk],
        "personal:reveal": ["directory.Organisation", organisations_for(actor_for(account("case.officer")), REVEAL).first().pk, "contact_phone"],
        "manage:article-compare": [version.article_id, 2], "review:half": [watched.pk], "casework:import-progress": [sheet.pk], "casework:disposal": [disposal.pk],
        "performance:finding": [form.pk], "a finding": found.mark, "matters:renew": [older_draft(unit)],
    }  # fmt: skip


def older_draft(unit):
    """A draft of the unit that stands on an edition before the one in force."""
    draft = Case.objects.filter(matter="yl.zhangjiang", state="draft", unit=unit).select_related("edition").order_by("pk").last()
    text = draft.edition.text.replace(f"version: {draft.edition.version}", "version: 2019-01-01")
    digest = sha256(text.encode()).hexdigest()
    Edition.objects.create(digest=digest, matter=draft.matter, version="2019-01-01", text=text)
    Case.objects.filter(pk=draft.pk).update(edition=digest)
    return draft.pk
