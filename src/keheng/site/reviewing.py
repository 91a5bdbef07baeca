"""Where matters and review meet: cases enter rounds as their files say, and take over what came of it.

A state of a file with ``review:`` puts its cases into a round by ``effect: review.begin`` of the move that leads there. Cases of one
matter's version, one review and one call share a round until its draw is fixed; whoever comes later opens the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from keheng.directory.service import affiliated_with, employers_of, organisations_for, people_numbered
from keheng.kernel.accounts import accounts
from keheng.kernel.errors import Refused, problem
from keheng.kernel.personal.holders import keys_of
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor
from keheng.kernel.working_days import working_calendar
from keheng.matters.service import (
    Loaded,
    Review,
    bind,
    citing_tables,
    excerpt,
    look_at,
    material_files,
    register_aside,
    register_keeper,
    window_on,
)
from keheng.review.service import (
    Cited,
    Paper,
    RoundFacts,
    Subject,
    SubjectStanding,
    Unwanted,
    bind_page,
    enter_round,
    opinions_on,
    publish_list,
    standing_of,
    standings_of,
    withdraw_subject,
)

_PREFIX, _SEE_ROUNDS = "case", "review.round.see"
_SEES_UNITS = Principal("review", powers=(Power("directory.organisation.see", Reach.ALL),))
_LONGEST_KIND, _LONGEST_TITLE, _LONGEST_NAME = 60, 120, 200


def _reference(case: int) -> str:
    return f"{_PREFIX}:{case}"


def _kind(one: Loaded, name: str) -> str:
    """Rounds of the same review of the same matter are of one kind."""
    return f"{one.matter.id}/{name}"[:_LONGEST_KIND]


def _standing(one: Loaded) -> SubjectStanding | None:
    """Where a case stands in the review of the state it is in; None outside of reviews."""
    name = one.matter.review_at(one.case.state)
    return None if name is None else standing_of(_reference(one.case.pk), _kind(one, name))


def begin_review(*, actor: Actor, case: int) -> None:
    """Put a case into the open round of its batch; nothing where its state has no review, or it is in a round that goes on."""
    one = look_at(case)
    name = one.matter.review_at(one.case.state)
    if name is None:
        return
    terms, kind = one.matter.review[name], _kind(one, name)
    known = standing_of(_reference(case), kind)
    if known is not None and known.state != "closed":
        return
    day = localtime(one.case.submitted_at).date() if one.case.submitted_at is not None else localdate()
    window = window_on(one.matter.open, day)
    call = window.title if window is not None else ""
    facts = RoundFacts(
        title=f"{call}{terms.title or one.matter.title}"[:_LONGEST_TITLE], kind=kind, rubric=terms.rubric, combination=terms.combine,
        seats=terms.kinds, most=terms.most, quota=1, scoring_until=terms.days.after(localdate(), working_calendar()), line=terms.line,
        publicity=terms.public_days, rests=terms.rests, listed=terms.listed, fee=terms.fee_fen,
    )  # fmt: skip
    batch = f"{one.matter.id}@{one.matter.version}/{name}/{call}"[:_LONGEST_NAME]
    enter_round(actor=actor, batch=batch, facts=facts, subject=_subject(one, terms), places=terms.places)


def _subject(one: Loaded, terms: Review) -> Subject:
    """What judges get of a case: the answers and files that its file shows them, under the first answer as a title."""
    told = excerpt(one, terms.shows)
    title = told[0][1][:_LONGEST_NAME] if told else one.matter.title
    document = "\n\n".join(f"{label}\n{text}" for label, text in told[1:])
    people, avoids, papers = _people(one, terms), "unit" in terms.avoid, _papers(one, terms)
    return Subject(
        _reference(one.case.pk), title, one.case.unit_id if avoids else None, document, people=people, unwanted=_unwanted(one, terms),
        account=one.case.applicant, units=_employers(one, terms, people) if avoids else (), papers=papers,
        hidden=_hidden(one, terms), cited=_cited(one, terms, papers),
    )  # fmt: skip


def _cited(one: Loaded, terms: Review, papers: tuple[Paper, ...]) -> tuple[Cited, ...]:
    """Tables whose lines name files, each line with the paper that judges know the file by."""
    titles = {paper.digest: paper.title for paper in papers}
    return tuple(
        Cited(table.label, table.columns, tuple((cells, titles.get(digest, "")) for cells, digest in table.rows))
        for table in citing_tables(one, terms.shows)
    )


def _hidden(one: Loaded, terms: Review) -> tuple[str, ...]:
    """Words that tell whose a case is, in a blind review: answers that its file names, the unit and the account that apply."""
    if not terms.hides:
        return ()
    told = [str(one.at.answers.get(name) or "") for name in terms.hides]
    unit = one.case.unit
    return (*told, unit.name if unit is not None else "", accounts().names([one.case.applicant]).get(one.case.applicant, ""))


def _people(one: Loaded, terms: Review) -> tuple[int, ...]:
    """People of the directory who apply: behind the account, by the identity numbers in the form, and those whom answers name.

    A name alone, such as an adviser's, counts among the people of the applicant's unit.
    """
    keys = (key.partition(":") for key in keys_of(one.case.applicant))
    found = {int(number) for kind, _, number in keys if kind == "person"}
    found |= set(people_numbered([str(one.at.answers.get(field.id) or "") for field in one.matter.fields if field.type == "id_number"]))
    named = {str(one.at.answers.get(name) or "") for name in terms.near} - {""}
    if named and one.case.unit_id is not None:
        posts = affiliated_with(one.case.unit_id, localdate()).filter(person__name__in=named)
        found |= set(posts.values_list("person", flat=True))
    return tuple(sorted(found))


def _employers(one: Loaded, terms: Review, people: tuple[int, ...]) -> tuple[int, ...]:
    """Where those who apply have posts, and the units that answers name."""
    named = {str(one.at.answers.get(name) or "").strip() for name in terms.employers} - {""}
    units = organisations_for(_SEES_UNITS).filter(name__in=named).values_list("pk", flat=True)
    return tuple(sorted({*units, *employers_of(people, localdate())} - {one.case.unit_id}))


def _papers(one: Loaded, terms: Review) -> tuple[Paper, ...]:
    """The files that judges may open, under the titles of their materials: the names they came with may tell whose they are."""
    titles = {material.id: material.title for material in one.matter.materials}
    return tuple(
        Paper(f"{titles[code]}{f' {place}' if place > 1 else ''}{Path(name).suffix.lower()}", digest, name)
        for code in terms.files
        for place, (name, digest) in enumerate(material_files(one, code), 1)
    )


def _unwanted(one: Loaded, terms: Review) -> tuple[Unwanted, ...]:
    """Whom the applicant does not want to judge, as the form has it."""
    asked = terms.excludes
    rows = one.at.answers.get(asked.table) if asked is not None else None
    if asked is None or not isinstance(rows, list):
        return ()
    return tuple(Unwanted(*(str(row.get(name) or "") for name in (asked.name, asked.unit, asked.reason))) for row in rows)


def publish_review(*, actor: Actor, case: int) -> None:
    """Publish the list of the round a case is in; nothing when another case of the round has done so."""
    standing = _standing(look_at(case))
    if standing is None:
        raise Refused(problem("REVIEW_NO_ROUND"))
    if not standing.public:
        publish_list(actor=actor, pk=standing.round)


def stop_review(*, actor: Actor, case: int) -> None:
    """Take a case out of the rounds it is in; nothing for one that has not come so far."""
    if not standings_of(_reference(case)):
        return
    one = look_at(case)
    places = {_kind(one, name): terms.places for name, terms in one.matter.review.items()}
    withdraw_subject(actor=actor, reference=_reference(case), places=places)


def judges_drawn(one: Loaded) -> bool | None:
    """Whether judges were drawn for a case; None when it is in no round."""
    standing = _standing(one)
    return None if standing is None else standing.readings > 0


def review_done(one: Loaded) -> bool | None:
    """Whether there is an official result; None when a case is in no round."""
    standing = _standing(one)
    return None if standing is None else standing.judged


def publicity_over(one: Loaded) -> bool | None:
    """Whether the days of objections are over, none waits for its answer, and the case is still on the list."""
    standing = _standing(one)
    if standing is None:
        return None
    over = standing.public and standing.public_until is not None and standing.public_until < localdate()
    return over and standing.proposed and not standing.open_objections


def objected_to(case: int) -> bool:
    """Whether an objection to a case in one of its reviews waits for its answer."""
    return any(standing.open_objections for standing in standings_of(_reference(case)))


def official_score(case: int) -> str | None:
    """The official result, of 100."""
    standing = _standing(look_at(case))
    return str(standing.official) if standing is not None and standing.judged else None


def is_proposed(case: int) -> str | None:
    """Whether a case is on the list of its round."""
    standing = _standing(look_at(case))
    return ("yes" if standing.proposed else "no") if standing is not None and standing.judged else None


def review_aside(one: Loaded, actor: Principal, office: bool) -> str:  # noqa: FBT001 -- the two pages of a case
    """The rounds a case is in: for the office with their scores, for the applicant what may be told."""
    standings = standings_of(_reference(one.case.pk)) if one.matter.review else []
    if not standings:
        return ""
    terms = {_kind(one, name): review for name, review in one.matter.review.items()}
    if not office:
        return render_to_string("site/review_told.html", {"one": standings[0], "today": localdate(), **_told(terms, standings[0])})
    own = {standing.kind: excerpt(one, [name]) for standing in standings if (name := terms[standing.kind].own)}
    rows = [(standing, own.get(standing.kind, [])) for standing in standings]
    return render_to_string("site/review_of_case.html", {"rows": rows, "sees": actor.may(_SEE_ROUNDS)})


def _told(terms: Mapping[str, Review], standing: SubjectStanding) -> dict[str, object]:
    """What the file lets the applicant know of a review whose result stands: the score, the opinions without who wrote them."""
    told = terms[standing.kind].tells if standing.judged and (standing.public or standing.inside) else ()
    opinions = opinions_on(standing.reference, standing.kind) if "opinions" in told else []
    return {"score": standing.official if "score" in told else None, "opinions": [one.comment for one in opinions]}


bind("effects", "review.begin", begin_review)
bind("effects", "review.publish", publish_review)
bind("effects", "review.stop", stop_review)
bind("guards", "review.assigned", judges_drawn)
bind("guards", "review.done", review_done)
bind("guards", "review.publicity_over", publicity_over)
bind("facts", "review.score", official_score)
bind("facts", "review.proposed", is_proposed)
bind_page(_PREFIX, lambda case: reverse("casework:case", args=[int(case)]))
register_aside("review", review_aside)
register_keeper("有未处理的异议", objected_to)
