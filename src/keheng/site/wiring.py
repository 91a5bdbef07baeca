"""The one page where capabilities meet: what follows from which event, and what is due when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from django.utils.timezone import localdate

from keheng.directory.events import (
    MergeUndone,
    OrganisationChanged,
    OrganisationClosed,
    OrganisationMoved,
    OrganisationRegistered,
    OrganisationRenamed,
    OrganisationsMerged,
)
from keheng.directory.service import organisations_for
from keheng.kernel.api.hooks.offers import Offer, tell_hooks
from keheng.kernel.jobs.outbox import wire
from keheng.kernel.jobs.registry import every, job
from keheng.kernel.powers import Principal
from keheng.kernel.trail.heads import publish_head
from keheng.kernel.trail.record import now
from keheng.matters.events import ArchiveDestroyed, CaseEnded
from keheng.matters.service import all_in_force, archive_case, follow_case, look_at, note_change
from keheng.portal.events.content import ArticlePublished, ArticleWithdrawn
from keheng.portal.service import Occasion, Served, ask_after, register_occasion
from keheng.review.service import forget_texts
from keheng.site.installation import heads_folder


@job("trail.publish_head", atomic=False)
def publish(_payload: Mapping[str, Any]) -> None:
    """Put the newest head of the audit trail where the database's administrator cannot reach."""
    publish_head(heads_folder(), now())


every(timedelta(hours=1), "trail.publish_head")

# What files of matters name and review offers.
import_module("keheng.site.reviewing")
# What the portal's pages show of capabilities below it.
import_module("keheng.site.public_places")

_ORGANISATION = "directory.organisation.see"


def _reaches(actor: Principal, payload: Mapping[str, Any]) -> bool:
    return organisations_for(actor).filter(pk=payload["organisation"]).exists()


def _told(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"organisation": payload["organisation"], "url": f"/api/v1/organisations/{payload['organisation']}"}


def _article_told(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"article": payload["article"], "url": f"/api/v1/articles/{payload['article']}"}


def _organisation(name: str, zh: str) -> Callable[[Mapping[str, Any]], None]:
    return tell_hooks(Offer(name, zh, _ORGANISATION, _reaches, _told))


def _article(name: str, zh: str) -> Callable[[Mapping[str, Any]], None]:
    return tell_hooks(Offer(name, zh, "", lambda _actor, _payload: True, _article_told))


def _to_archive(payload: Mapping[str, Any]) -> None:
    """A case that ended gets its archive package; the hourly job makes up for what failed."""
    archive_case(case=payload["case"])


def _to_texts(payload: Mapping[str, Any]) -> None:
    """What was destroyed is compared with nothing any more."""
    forget_texts(case=payload["case"])


def _to_policies(payload: Mapping[str, Any]) -> None:
    """What was granted is a fact of its unit."""
    follow_case(case=payload["case"])


def _to_match(payload: Mapping[str, Any]) -> None:
    """Kind, district and age of a unit are facts that policies ask for; who is closed is matched no more."""
    note_change(payload["organisation"])


def _to_match_both(payload: Mapping[str, Any]) -> None:
    """Of two records that became one, or are two again, each is matched by what it has now."""
    if payload.get("model", _UNITS) == _UNITS:
        note_change(payload["survivor"])
        note_change(payload["loser"])


def _to_surveys(payload: Mapping[str, Any]) -> None:
    """Whoever applied is asked by the surveys that stand open after such a case, whatever its end."""
    one = look_at(payload["case"])
    occasion = _INSIDE if set(one.matter.audience) == _STAFF else _OUTSIDE
    called = " ".join(part for part in (one.case.number, one.case.called) if part)
    ask_after(
        Served(occasion=occasion, subject=one.case.matter, key=f"case:{one.case.pk}", account=one.case.applicant, called=called)
    )  # fmt: skip


_OUTSIDE, _INSIDE, _STAFF, _UNITS = "case", "office", {"staff"}, "Organisation"


def _matters(*, inside: bool) -> Iterable[tuple[str, str]]:
    found = (read.matter for read in all_in_force(localdate()))
    return sorted((one.id, one.title) for one in found if (set(one.audience) == _STAFF) == inside)


register_occasion(Occasion(_OUTSIDE, "事项办结", partial(_matters, inside=False)))
register_occasion(Occasion(_INSIDE, "机关内部事项办结", partial(_matters, inside=True)))

wire(
    {
        ArchiveDestroyed: [_to_texts],
        CaseEnded: [_to_archive, _to_policies, _to_surveys],
        ArticlePublished: [_article("article.published", "文章已发布")],
        ArticleWithdrawn: [_article("article.withdrawn", "文章已撤下")],
        OrganisationRegistered: [_organisation("organisation.registered", "单位已登记"), _to_match],
        OrganisationChanged: [_to_match],
        OrganisationsMerged: [_to_match_both],
        MergeUndone: [_to_match_both],
        OrganisationRenamed: [_organisation("organisation.renamed", "单位已更名")],
        OrganisationMoved: [_organisation("organisation.moved", "单位已跨区迁移"), _to_match],
        OrganisationClosed: [_organisation("organisation.closed", "单位已注销"), _to_match],
    }
)
