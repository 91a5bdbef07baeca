"""What performance hangs into the kernel: message kinds, and who may read files of evidence."""

from __future__ import annotations

from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
from keheng.kernel.powers import Principal
from keheng.kernel.uploads.places import Holder, register_holder
from keheng.performance.actions.rechecks import KIND
from keheng.performance.models import Evidence, OutsideFigure
from keheng.performance.queries.projects import projects_for


def _may_read(actor: Principal, digest: str) -> bool:
    """Files of evidence are read by who sees the project, files of outside figures by who sees projects of the unit."""
    projects = projects_for(actor)
    if Evidence.objects.filter(digest=digest, row__evaluation__project__in=projects).exists():
        return True
    return OutsideFigure.objects.filter(digest=digest, unit__in=projects.values("unit")).exists()


register_kind(MessageKind(KIND, "绩效复核", frozenset({Way.EMAIL})))
register_holder(Holder("performance.evidence", _may_read))
