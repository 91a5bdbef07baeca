"""Organisations over the API: the same lists, acts and checks as the pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from keheng.directory.actions.organisations import change_organisation, facts_from, register_organisation
from keheng.directory.enums import districts, kinds
from keheng.directory.models import Organisation
from keheng.directory.queries.organisations import SEE, Wanted, listed, matching, organisations_for
from keheng.directory.rules.scopes import reaches_district
from keheng.kernel.api.once import OnceKey, once
from keheng.kernel.api.paging import Cursor, Key, Limit, Page, page
from keheng.kernel.doors import actor_of
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal

REGISTER, EDIT = "directory.organisation.register", "directory.organisation.edit"
router = Router(tags=["单位 organisations"])
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Sought = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$", description="Any name ever borne, or the beginning of a code")]
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")]


class OrganisationOut(Schema):
    """An organisation, without what is personal."""

    id: int
    credit_code: str | None
    name: str
    kind: str
    district: str
    address: str
    status: str
    registered_on: date
    parent_id: int | None


class OrganisationFacts(Schema):
    """What may be corrected; name and district have acts of their own, with documents, on the pages."""

    credit_code: Code = ""
    kind: Code
    address: Text = ""
    phone: Code = ""
    accepted: Annotated[list[Code], Field(default_factory=list, max_length=20)]


class OrganisationIn(OrganisationFacts):
    """A new organisation; ``accepted`` names warnings (their codes) that were read and do not hold it back."""

    name: Text
    district: Code


@router.get("", response=Page[OrganisationOut], summary="单位列表 list organisations")
def list_organisations(
    request: HttpRequest,
    cursor: Cursor = "",
    limit: Limit = 20,
    q: Sought = "",
    kind: Code = "",
    district: Code = "",
) -> dict[str, Any]:
    """Organisations within the token's reach, the latest registered first."""
    actor = _able(request, SEE)
    asked = (("kind", kind, kinds()), ("district", district, districts()))
    if wrong := [
        problem("DIR_VALUE_UNKNOWN", name, value=value, known="、".join(known))
        for name, value, known in asked
        if value and value not in known
    ]:
        raise Refused(wrong)
    found = matching(organisations_for(actor), Wanted(text=q, kind=kind, district=district))
    return page(listed(found), cursor, limit, OrganisationOut.from_orm)


@router.get("/{organisation}", response=OrganisationOut, summary="单位 one organisation")
def read_organisation(request: HttpRequest, organisation: Key) -> Organisation:
    """One organisation."""
    return _found(_able(request, SEE), organisation, SEE)


@router.post("", response={201: OrganisationOut}, summary="登记单位 register")
def create_organisation(request: HttpRequest, body: OrganisationIn, key: OnceKey) -> HttpResponse:
    """Register an organisation."""
    actor = _able(request, REGISTER)

    def act() -> tuple[int, OrganisationOut]:
        if body.district in districts() and not reaches_district(actor, REGISTER, body.district):
            raise Refused(problem("DIR_DISTRICT_OUTSIDE", "district"))
        facts = facts_from(
            code=body.credit_code, name=body.name, kind=body.kind, district=body.district, address=body.address, phone=body.phone
        )
        new = register_organisation(actor=actor, facts=facts, accepted=frozenset(body.accepted))
        return 201, OrganisationOut.from_orm(new)

    return once(request, key, act)


@router.patch("/{organisation}", response=OrganisationOut, summary="更正资料 correct")
def correct_organisation(request: HttpRequest, organisation: Key, body: OrganisationFacts, key: OnceKey) -> HttpResponse:
    """Correct code, kind, address and phone; a phone left blank stays."""
    actor = _able(request, EDIT)
    present = _found(actor, organisation, EDIT)

    def act() -> tuple[int, OrganisationOut]:
        facts = facts_from(
            code=body.credit_code, name=present.name, kind=body.kind, district=present.district, address=body.address, phone=body.phone
        )
        changed = change_organisation(actor=actor, organisation=organisation, facts=facts, accepted=frozenset(body.accepted))
        return 200, OrganisationOut.from_orm(changed)

    return once(request, key, act)


def _able(request: HttpRequest, permission: str) -> Principal:
    actor = actor_of(request)
    actor.demand(permission)
    return actor


def _found(actor: Principal, organisation: int, permission: str) -> Organisation:
    found = organisations_for(actor, permission).filter(pk=organisation).first()
    if found is None:
        raise Http404
    return found
