"""Files of cases: where they are uploaded, and to whom they open."""

from __future__ import annotations

from django.utils.timezone import localdate

from keheng.kernel.files import Limits
from keheng.kernel.powers import Principal
from keheng.kernel.uploads.places import Place
from keheng.matters.models import Material
from keheng.matters.queries.cases import Loaded, given_by, matter_of
from keheng.matters.rules.acting import may_see

MATERIAL = Place(
    "matters.material",
    Limits(
        200 << 20,
        frozenset(
            {
                "application/pdf",
                "image/png",
                "image/jpeg",
                "application/zip",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            }
        ),
    ),
    lambda actor: bool(actor.account),
)


def material_files(one: Loaded, code: str) -> list[tuple[str, str]]:
    """Names and digests of the files handed in for a material, in their order."""
    return [(row.name, row.file_id) for row in one.files.get(code, [])]


def opens(actor: Principal, digest: str) -> bool:
    """Whether a case that holds a file is open to an actor."""
    rows = Material.objects.filter(file=digest).select_related("case__edition")[:20]
    givers = given_by(actor.account, localdate())
    return any(may_see(actor, row.case, matter_of(row.case), givers) for row in rows)
