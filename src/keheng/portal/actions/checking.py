"""The site doctor's run: all rules, their findings, the score."""

from __future__ import annotations

from django.utils.timezone import now

from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.portal.models import SiteCheck, SiteFinding
from keheng.portal.queries.site_rules import Found, Site, all_rules

EXAMINE = "portal.examine"
_FULL = 100
_MOST_KEPT = 50


def examine(*, actor: Actor = SYSTEM, site: Site | None = None) -> SiteCheck:
    """Run every rule and keep what was found. Looking comes before the transaction: rendering pages takes seconds."""
    seen = site or Site()
    found = {code: list(rule(seen, limits)) for code, (limits, rule) in all_rules().items()}
    return keep_check(actor=actor, found=found, pages=len(seen.pages))


@act("site.check-ask", ())
def ask_check(*, actor: Actor) -> None:
    """Ask for a run now: it takes too long for somebody to wait for."""
    enqueue(EXAMINE, {})
    record("site.check-ask", actor=actor)


@act("site.check", ())
def keep_check(*, actor: Actor, found: dict[str, list[Found]], pages: int) -> SiteCheck:
    """Score and keep findings. A rule takes its points off once; a veto strikes where so many were found as its limit says, or any."""
    rows, vetoes, deductions = list[SiteFinding](), 0, 0
    for code, (limits, _) in all_rules().items():
        count = len(found.get(code, []))
        if not count:
            continue
        veto = limits["veto"] and count >= (limits.get("most", 1) if code != "moving" else 1)
        points = 0 if veto else limits["points"]
        vetoes, deductions = vetoes + veto, deductions + points
        for place, one in enumerate(found[code][:_MOST_KEPT]):
            rows.append(SiteFinding(rule=code, veto=veto, points=points if place == 0 else 0, text=one.text[:300], url=one.url[:300]))
    score = 0 if vetoes else max(0, _FULL - deductions)
    check = SiteCheck.objects.create(at=now(), pages=pages, vetoes=vetoes, deductions=deductions, score=score)
    for row in rows:
        row.check_run = check
    SiteFinding.objects.bulk_create(rows)
    record("site.check", actor=actor, target=f"check:{check.pk}", after=digest_of({"score": score, "vetoes": vetoes}))
    return check
