"""Pages of the site itself: the front page, health, jobs for operators, the trail for the audit administrator."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keheng import __version__
from keheng.kernel.doors import actor_of, needs, public
from keheng.kernel.jobs.queue import NotFailedError, moment, retry_job
from keheng.kernel.models import AuditEntry, Job, Schedule
from keheng.kernel.trail import heads
from keheng.kernel.trail.record import record
from keheng.site.installation import data_folder, heads_folder

_A_PAGE = 50


@public
def health(_request: HttpRequest) -> JsonResponse:
    """Whether this process answers and reaches its database: 200 or 503, for supervisors and probes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return JsonResponse({"version": __version__, "database": type(error).__name__}, status=503)
    return JsonResponse({"version": __version__, "database": connection.vendor})


@public
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "site/home.html")


@needs("site.jobs.see")
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs by state: what failed and why, what waits, when the timed ones are due."""
    state = request.GET.get("state", Job.FAILED)
    found: QuerySet[Job] = Job.objects.filter(state=state).order_by("-id")
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    counts = dict(Job.objects.values_list("state").annotate(n=Count("id")))
    labels = ((Job.FAILED, "失败"), (Job.WAITING, "等待"), (Job.RUNNING, "执行中"), (Job.DONE, "完成"))
    context = {
        "page": page,
        "state": state,
        "states": [(value, label, counts.get(value, 0)) for value, label in labels],
        "schedules": Schedule.objects.order_by("kind"),
        "now": moment(),
        "query": f"state={state}",
    }
    return render(request, "site/jobs.html", context)


@needs("site.jobs.retry")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed job again."""
    try:
        retry_job(actor=actor_of(request), job_id=pk)
    except NotFailedError as error:
        messages.error(request, str(error).split(" / ", maxsplit=1)[0])
    else:
        messages.success(request, f"任务 {pk} 将重新执行")
    return redirect("site:jobs")


@needs("site.trail.read")
def trail(request: HttpRequest) -> HttpResponse:
    """The newest entries, found by act, account or target; whether the chain holds when asked."""
    wanted = request.GET.get("q", "").strip()[:100]
    found = AuditEntry.objects.order_by("-id")
    for word in wanted.split():
        found = found.filter(body__contains=word)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [{"id": entry.pk, **json.loads(entry.body)} for entry in page]
    for row in rows:
        row["at"] = datetime.fromisoformat(row["at"])
    checked = list(heads.problems(heads_folder())) if "check" in request.GET else None
    context = {"page": page, "rows": rows, "q": wanted, "query": f"q={wanted}" if wanted else "", "checked": checked}
    return render(request, "site/trail.html", context)


@needs("site.trail.export")
@require_POST
def export_trail(request: HttpRequest) -> FileResponse:
    """The whole trail as a file that the verifier reads without Keheng."""
    with transaction.atomic():
        record("trail.export", actor=actor_of(request))
    path = data_folder() / "exports" / f"trail-{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    path.parent.mkdir(exist_ok=True)
    heads.export(path)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
