"""The public site over the API: what needs no token to be read; registering, giving it up, visiting, writing; surveys after a call."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from keheng.kernel.api.building import BearerOrVisitor
from keheng.kernel.api.once import OnceKey, once
from keheng.kernel.api.paging import Cursor, Key, Limit, Page, page
from keheng.kernel.desk.deliveries import page_address
from keheng.kernel.doors import actor_of
from keheng.portal.actions.feedback import Message, receive_feedback
from keheng.portal.actions.hall_visits import request_visit
from keheng.portal.actions.occasions import Served, ask_caller
from keheng.portal.actions.registrations import cancel_registration, register_people
from keheng.portal.enums.content import Language
from keheng.portal.enums.feedback import FeedbackKind
from keheng.portal.enums.halls import GuideLanguage
from keheng.portal.models import Activity, Article, Hall, Registration
from keheng.portal.queries.activities import activity_sessions, shown_activities
from keheng.portal.queries.articles import public_articles, read_in
from keheng.portal.queries.halls import known_of, open_halls
from keheng.portal.queries.tickets import link_of, registration_behind, visit_link
from keheng.portal.rules.halls import VisitFacts
from keheng.portal.rules.registrations import attendee
from keheng.portal.rules.slots import slots_of

articles = Router(tags=["文章 articles"], auth=BearerOrVisitor())
events = Router(tags=["活动 events"])
halls = Router(tags=["展厅 halls"])
feedback = Router(tags=["留言 feedback"])
services = Router(tags=["满意度 surveys"])
TELL = "portal.survey.tell"
Spoken = Annotated[Language, Query(description="Language wished for; Chinese where it is not translated")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
Phone = Annotated[str, StringConstraints(max_length=30, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=6_000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
HallCode = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))]
Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
Guided = Annotated[GuideLanguage, Query(description="Language of the guide")]


class ArticleLine(Schema):
    """An article in a list."""

    id: int
    kind: str
    column: str
    title: str
    published_at: datetime | None


class ArticleOut(ArticleLine):
    """An article as it is public now; ``body`` is safe HTML."""

    language: str
    languages: list[str]
    version: int
    body: str


class SessionOut(Schema):
    """A session one can register for."""

    id: int
    begins_at: datetime
    ends_at: datetime
    place: str
    capacity: int
    taken: int


class ActivityLine(Schema):
    """An activity in a list."""

    id: int
    number: str
    kind: str
    state: str
    title: str
    opens_at: datetime
    closes_at: datetime


class ActivityOut(ActivityLine):
    """An activity with its sessions."""

    summary: str
    sessions: list[SessionOut]


class PersonIn(Schema):
    """Whoever registers."""

    name: Name
    phone: Phone


class RegistrationIn(Schema):
    """A registration of one or several people; all are taken or none."""

    people: Annotated[list[PersonIn], Field(min_length=1, max_length=50)]
    unit_title: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""


class RegistrationOut(Schema):
    """What became of it: confirmed, waiting or to be decided; ``link`` leads to the ticket and to cancelling."""

    number: str
    state: str
    link: str


class RegistrationsOut(Schema):
    """One for each person, in their order."""

    items: list[RegistrationOut]


class SlotOut(Schema):
    """A time in which a group may come; ``why`` says why not: past, taken, guides (none speaks the language then), '' where it is free."""

    begins_at: datetime
    ends_at: datetime
    why: str


class VisitIn(Schema):
    """A group that wants to come."""

    begins_at: Moment = Field(description="The beginning of a free slot")
    language: GuideLanguage = GuideLanguage.CHINESE
    people: Annotated[int, Field(ge=1, le=100_000)]
    unit_title: Short = Field(description="The unit or group")
    contact: Name
    phone: Phone
    note: Short = ""


class VisitOut(Schema):
    """The request, which staff decide on; ``link`` leads to where it stands and to cancelling."""

    number: str
    state: str
    link: str


class FeedbackIn(Schema):
    """What somebody writes to us; the contact is a telephone number or an e-mail address, or left out."""

    kind: FeedbackKind
    title: Short
    body: Text
    name: Short = ""
    contact: Short = ""
    language: Language = Language.ZH


class FeedbackOut(Schema):
    """The answer is read with number and code; the code is told this once."""

    number: str
    code: str
    due_on: date


class ServiceIn(Schema):
    """A service of another system that is over. No name and no number of a person is told, and none is kept."""

    occasion: Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-z]+$")] = "call"
    subject: Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_.-]*$")] = ""
    reference: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.:-]+$")] = Field(
        description="What the service is called there; told again, it is the same one"
    )
    caller: Annotated[str, StringConstraints(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = Field(
        description="A pseudonym of the person, the same each time, made by a secret of the other system; never a telephone number"
    )
    language: Language = Language.ZH


class AskedOut(Schema):
    """What to send: the link, and the words of a short message with it; both empty where no survey asks."""

    asked: bool
    link: str
    text: str


@articles.get("", response=Page[ArticleLine], summary="文章列表 list articles")
def list_articles(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> dict[str, Any]:  # noqa: ARG001 -- the same for all
    """What is public now, the latest written first."""
    found = public_articles().filter(original__isnull=True).select_related("public", "column").defer("public__body")
    return page(found, cursor, limit, _line)


@articles.get("/{article}", response=ArticleOut, summary="文章 one article")
def read_article(request: HttpRequest, article: Key, language: Spoken = Language.ZH) -> dict[str, Any]:  # noqa: ARG001 -- the same for all
    """One article in a language."""
    shown = read_in(article, language)
    if shown is None:
        raise Http404
    more = {"language": shown.language, "languages": list(shown.languages), "version": shown.version.number, "body": shown.version.body}
    return _line(shown.article) | more


@events.get("", response=Page[ActivityLine], summary="活动列表 list activities", auth=BearerOrVisitor())
def list_activities(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> dict[str, Any]:  # noqa: ARG001 -- the same for all
    """Activities that were announced, the latest first."""
    return page(shown_activities(), cursor, limit, ActivityLine.from_orm)


@events.get("/{activity}", response=ActivityOut, summary="活动 one activity", auth=BearerOrVisitor())
def read_activity(request: HttpRequest, activity: Key) -> dict[str, Any]:  # noqa: ARG001 -- the same for all
    """One activity with its sessions and how many places are taken."""
    found = shown_activities().filter(pk=activity).first()
    if found is None:
        raise Http404
    sessions = [SessionOut.from_orm(one) for one in activity_sessions(found)]
    return ActivityLine.from_orm(found).dict() | {"summary": found.summary, "sessions": sessions}


@events.post("/sessions/{session}/registrations", response={201: RegistrationsOut}, summary="报名 register")
def register(request: HttpRequest, session: Key, body: RegistrationIn, key: OnceKey) -> HttpResponse:
    """Register people for a session under the same rules as the page: places are never exceeded, whoever comes late may wait."""
    if not Activity.objects.filter(pk__in=shown_activities().values("pk"), sessions=session).exists():
        raise Http404

    def act() -> tuple[int, RegistrationsOut]:
        people = [attendee(one.name, one.phone) for one in body.people]
        made = register_people(actor=actor_of(request), session=session, people=people, unit_title=body.unit_title)
        items = [RegistrationOut(number=one.number, state=one.state, link=f"/events/my/{link_of(one.pk)}/") for one in made]
        return 201, RegistrationsOut(items=items)

    return once(request, key, act)


@events.post("/registrations/{link}/cancellation", response={200: RegistrationOut}, summary="取消报名 cancel a registration")
def cancel(request: HttpRequest, link: Annotated[str, Field(max_length=200)], key: OnceKey) -> HttpResponse:
    """Give a registration up; ``link`` is the last part of the link that registering answered. Its place goes to whoever waits longest."""
    number = registration_behind(link)
    row = get_object_or_404(Registration, pk=number or 0)

    def act() -> tuple[int, RegistrationOut]:
        cancel_registration(actor=actor_of(request), registration=row.pk)
        row.refresh_from_db()
        return 200, RegistrationOut(number=row.number, state=row.state, link=f"/events/my/{link_of(row.pk)}/")

    return once(request, key, act)


def _hall(code: str) -> Hall:
    return get_object_or_404(open_halls(), code=code)


@halls.get("/{hall}/slots", response=list[SlotOut], summary="参观时段 slots of a day", auth=BearerOrVisitor())
def list_slots(request: HttpRequest, hall: HallCode, day: Day, language: Guided = GuideLanguage.CHINESE) -> list[Any]:  # noqa: ARG001 -- the same for all
    """Times of a day in which a group may come, or why not."""
    return list(slots_of(known_of(_hall(hall), day, day + timedelta(days=1)), day, language))


@halls.post("/{hall}/visits", response={201: VisitOut}, summary="预约参观 ask for a visit")
def ask_for_visit(request: HttpRequest, hall: HallCode, body: VisitIn, key: OnceKey) -> HttpResponse:
    """Ask for a slot under the same rules as the page; it is held from now on."""
    where = _hall(hall)

    def act() -> tuple[int, VisitOut]:
        facts = VisitFacts(
            contact=attendee(body.contact, body.phone), unit_title=body.unit_title, people=body.people, language=body.language,
            note=body.note,
        )  # fmt: skip
        made = request_visit(actor=actor_of(request), hall=where.pk, begins_at=body.begins_at, facts=facts, spoken=body.language)
        return 201, VisitOut(number=made.number, state=made.state, link=f"/halls/my/{visit_link(made.pk)}/")

    return once(request, key, act)


@feedback.post("", response={201: FeedbackOut}, summary="留言 write to us")
def send_feedback(request: HttpRequest, body: FeedbackIn, key: OnceKey) -> HttpResponse:
    """Write to us under the same rules as the page; the answer is due on a working day that is told."""

    def act() -> tuple[int, FeedbackOut]:
        message = Message(
            kind=body.kind, title=body.title, body=body.body, name=body.name, contact=body.contact, language=body.language
        )  # fmt: skip
        row, code = receive_feedback(actor=actor_of(request), message=message)
        return 201, FeedbackOut(number=row.number, code=code, due_on=row.due_on)

    return once(request, key, act)


@services.post("", response={200: AskedOut}, summary="告知办结了一次服务 a service is over")
def tell_service(request: HttpRequest, body: ServiceIn, key: OnceKey) -> HttpResponse:
    """Tell that a call is over; the answer is the link of the survey that asks after it.

    Whoever was not drawn, or was asked lately, is left in peace. The link takes one answer.
    """
    actor = actor_of(request)
    actor.demand(TELL)

    def act() -> tuple[int, AskedOut]:
        served = Served(
            occasion=body.occasion, subject=body.subject, key=body.reference, caller=body.caller, language=body.language
        )  # fmt: skip
        found = ask_caller(actor=actor, served=served)
        if found is None:
            return 200, AskedOut(asked=False, link="", text="")
        link = page_address(found[1])
        return 200, AskedOut(asked=True, link=link, text=f"{found[0]} {link}")

    return once(request, key, act)


def _line(article: Article) -> dict[str, Any]:
    title = article.public.title if article.public is not None else ""
    return {
        "id": article.pk, "kind": article.kind, "column": article.column.slug, "title": title, "published_at": article.published_at,
    }  # fmt: skip
