"""The queue of doubled records: proposals, comparison side by side, merge, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keheng.directory.actions.merging import Outcome, merge_records, references, tell_apart, undo_merge
from keheng.directory.models import Merge
from keheng.directory.queries.duplicates import organisation_candidates, person_candidates, records_of
from keheng.directory.rules.merging import CHOICES, MODELS
from keheng.directory.views.answers import UNPROCESSABLE, page_of
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.personal.masks import mask

MERGE = "directory.duplicates.merge"
_LABELS = {
    "name": "名称", "credit_code": "统一社会信用代码", "code_given": "原写代码", "kind": "类型", "district": "区县", "address": "地址",
    "contact_phone": "联系电话", "id_number": "身份证号码", "phone": "手机号码", "email": "电子邮箱", "registered_on": "登记日期",
    "remark": "备注",
}  # fmt: skip
_MASKED = {"contact_phone": "phone", "id_number": "id_number", "phone": "phone", "email": "email"}
_SHOWN = {
    "Organisation": ("name", "credit_code", "code_given", "kind", "district", "address", "contact_phone", "registered_on", "remark"),
    "Person": ("name", "id_number", "phone", "email", "registered_on"),
}


@needs(MERGE)
def duplicate_list(request: HttpRequest, model: str = "Organisation") -> HttpResponse:
    """Pairs that may be one record, the surest first; below them the last merges."""
    pairs = organisation_candidates() if model == "Organisation" else person_candidates()
    page = page_of(request, pairs)
    records = records_of(model, {number for pair in page for number in (pair.low, pair.high)})
    rows = [(pair, records[pair.low], records[pair.high]) for pair in page]
    merges = Merge.objects.filter(model=model).order_by("-merged_at", "-pk")[:20]
    names = records_of(model, {number for merge in merges for number in (merge.survivor, merge.loser)})
    done = [(merge, names.get(merge.survivor), names.get(merge.loser)) for merge in merges]
    return render(request, "directory/duplicates.html", {"page": page, "rows": rows, "merges": done, "model": model})


@needs(MERGE)
def duplicate_pair(request: HttpRequest, model: str, low: int, high: int) -> HttpResponse:
    """Two records beside each other; merge them or tell them apart."""
    low_record, high_record = _both(model, low, high)
    if request.method != "POST":
        return _compared(request, model, low_record, high_record)
    actor, posted, done = actor_of(request), request.POST, list[Outcome]()
    survivor = low if posted.get("survivor") != str(high) else high
    loser, reason = (high if survivor == low else low), posted.get("reason", "")[:200]
    act: Callable[[], object]
    if posted.get("act") == "apart":
        act = lambda: tell_apart(actor=actor, model=model, one=low, other=high, reason=reason)  # noqa: E731 -- one of two acts is chosen here
    else:
        take = posted.getlist("take")
        act = lambda: done.append(  # noqa: E731 -- one of two acts is chosen here
            merge_records(actor=actor, model=model, survivor=survivor, loser=loser, reason=reason, take=take)
        )
    if problems := attempt(act):
        return _compared(request, model, low_record, high_record, problems)
    messages.success(request, _told(done[0]) if done else "已认定为不同的记录，不再提示")
    return redirect(_queue(model))


@needs(MERGE)
@require_POST
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge, after a confirmation."""
    merge = get_object_or_404(Merge, pk=pk)
    records = records_of(merge.model, {merge.survivor, merge.loser})
    context: dict[str, Any] = {"merge": merge, "survivor": records.get(merge.survivor), "loser": records.get(merge.loser)}
    if request.POST.get("confirmed") != "yes":
        return render(request, "directory/undo.html", context | {"moved": merge.moves.filter(aside=False).count()})
    done = list[Outcome]()
    if problems := attempt(lambda: done.append(undo_merge(actor=actor_of(request), merge=pk))):
        return render(request, "directory/undo.html", context | {"problems": problems}, status=UNPROCESSABLE)
    messages.success(request, _told(done[0]))
    return redirect(_queue(merge.model))


def _told(outcome: Outcome) -> str:
    told = f"已调整 {outcome.moved} 处引用"
    return f"{told}；{len(outcome.left)} 处保持原样：{'、'.join(outcome.left[:10])}" if outcome.left else told


def _queue(model: str) -> str:
    return reverse("directory:duplicates" if model == "Organisation" else "directory:duplicate-people")


def _both(model: str, low: int, high: int) -> tuple[Any, Any]:
    if model not in MODELS or low >= high:
        raise Http404
    records = records_of(model, [low, high])
    if len(records) != 2:  # noqa: PLR2004 -- two records are compared
        raise Http404
    return records[low], records[high]


def _compared(request: HttpRequest, model: str, low: Any, high: Any, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    lines = [
        (_LABELS[name], _cell(low, name), _cell(high, name), name if name in CHOICES[model] else "", name in request.POST.getlist("take"))
        for name in _SHOWN[model]
    ]
    counts = [_pointing(low), _pointing(high)]
    context = {
        "model": model, "low": low, "high": high, "lines": lines, "counts": counts, "problems": problems, "queue": _queue(model),
        "survivor": request.POST.get("survivor", str(low.pk)), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "directory/pair.html", context, status=UNPROCESSABLE if problems else 200)


def _cell(record: Any, name: str) -> str:
    if name in {"kind", "district"}:
        return str(getattr(record, f"{name}_zh"))
    value = str(getattr(record, name) or "")
    return mask(_MASKED[name], value) if name in _MASKED else value


def _pointing(record: Any) -> int:
    """How many rows anywhere point at a record."""
    keys = references(type(record))
    return sum(key.model._base_manager.filter(**{key.attname: record.pk}).count() for key in keys)  # noqa: SLF001 -- custom managers may hide rows
