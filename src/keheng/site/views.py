"""Pages of the site itself: the front page, health, jobs for operators, the trail for the audit administrator."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from keheng import __version__
from keheng.kernel.doors import actor_of, needs, public
from keheng.kernel.jobs.queue import NotFailedError, moment, retry_job
from keheng.kernel.models import AuditEntry, Job, Schedule
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.kernel.trail import heads
from keheng.kernel.trail.record import record
from keheng.site.doctor import examine
from keheng.site.installation import data_folder, heads_folder
from keheng.site.trail_list import TRAIL


@public
def health(_request: HttpRequest) -> JsonResponse:
    """Whether this process answers and reaches its database: 200 or 503, for supervisors and probes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return JsonResponse({"version": __version__, "database": type(error).__name__}, status=503)
    return JsonResponse({"version": __version__, "database": connection.vendor})


def _troubled(rows: QuerySet[Job]) -> QuerySet[Job]:
    return rows.filter(Q(state=Job.FAILED) | Q(state=Job.WAITING, attempts__gt=0))


def _when(row: Job) -> str:
    """What its next or last moment is."""
    if row.state == Job.WAITING:
        return f"{localtime(row.due_at):%m-%d %H:%M:%S} 执行"
    moment_of = row.beat_at if row.state == Job.RUNNING else row.finished_at
    return f"{localtime(moment_of):%m-%d %H:%M:%S}{' 有心跳' if row.state == Job.RUNNING else ''}" if moment_of else ""


_STATES = {Job.FAILED: "失败", Job.WAITING: "等待", Job.RUNNING: "执行中", Job.DONE: "完成"}
_TAGS = {Job.FAILED: "bad", Job.DONE: "ok"}
JOBS = register_table(
    Table(
        "site.jobs", "后台任务",
        columns=(
            Column("id", "编号", "pk", sort="pk"),
            Column("kind", "任务"),
            Column("state", "状态", lambda row: _STATES[row.state], tag=lambda row: _TAGS.get(row.state, "")),
            Column("attempts", "次数", kind="integer"),
            Column("when", "时间", _when),
            Column("worker", "进程", shown=False),
            Column("error", "原因", cell="site/job_error.html"),
        ),
        filters=(
            Filter("state", "状态", "choice", choices=tuple(_STATES.items()), blank="需要处理的", otherwise=_troubled),
            Filter("kind", "任务", apply=lambda rows, text: rows.filter(kind__contains=text)),
        ),
        empty_title="没有失败或在重试的任务", empty_text="失败的任务会列在这里，写明原因，可以重新执行。",
        exports=lambda _actor, _scope: Job.objects.all(),
    )
)  # fmt: skip


@needs("site.jobs.see")
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs: what failed and why, what waits, when the timed ones are due."""
    context = {"schedules": Schedule.objects.order_by("kind"), "now": moment()}
    return respond(request, JOBS, Job.objects.all(), "site/jobs.html", context)


@needs("site.jobs.see")
def doctor(request: HttpRequest) -> HttpResponse:
    """What ails the installation, and what to do about it."""
    return render(request, "site/doctor.html", {"found": examine()})


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
    checked = list(heads.problems(heads_folder())) if "check" in request.GET else None
    return respond(request, TRAIL, AuditEntry.objects.all(), "site/trail.html", {"checked": checked})


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
