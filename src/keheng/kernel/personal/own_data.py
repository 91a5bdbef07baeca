"""What this package itself holds about persons: their consents and requests; and the rules that end them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from keheng.kernel.models import Job
from keheng.kernel.personal.holders import Erased, Holder, Kept, register_holder
from keheng.kernel.personal.models import Consent, DataRequest, RetentionRun
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.trail.record import Actor

_BECAUSE = "证明处理个人信息经过同意、请求已经答复，保存至诉讼时效届满"


def register() -> None:
    """Register the holder and bind the rules."""
    register_holder(Holder("personal", "同意和请求", _export, _erase, keeps_zh=f"保存至撤回或办结后三年：{_BECAUSE}"))
    bind_retention(Binding("consent", "personal.Consent", Consent.objects.all, "withdrawn_at", person_keys=lambda row: [row.person_key]))
    bind_retention(
        Binding(
            "data_request",
            "personal.DataRequest",
            _with_text,
            "decided_at",
            dispose=_blank,
            person_keys=lambda row: row.person_keys.split(),
        )
    )
    bind_retention(Binding("operation_log", "personal.RetentionRun", RetentionRun.objects.all, "at"))
    # A job with a key stays: its key keeps the same work from being queued again.
    bind_retention(Binding("operation_log", "kernel.Job", _done_jobs, "finished_at"))


def _export(person_key: str) -> list[Mapping[str, object]]:
    consents: list[Mapping[str, object]] = [
        {
            "事项": "同意",
            "告知": one.notice,
            "版本": one.version,
            "方式": one.get_how_display(),
            "同意于": one.given_at,
            "撤回于": one.withdrawn_at,
        }
        for one in Consent.objects.filter(person_key=person_key).order_by("pk")
    ]
    requests = [
        {"事项": one.get_kind_display(), "内容": one.detail, "提出于": one.asked_at, "结果": one.get_state_display(), "答复": one.answer}
        for one in _requests(person_key)
    ]
    return consents + requests


def _requests(person_key: str) -> QuerySet[DataRequest]:
    """Requests of an account; a person's are found by the accounts."""
    kind, _, number = person_key.partition(":")
    return DataRequest.objects.filter(account=number).order_by("pk") if kind == "account" else DataRequest.objects.none()


def _erase(person_key: str, _actor: Actor) -> Erased:
    count = Consent.objects.filter(person_key=person_key).count() + _requests(person_key).count()
    return Erased(0, (Kept(count, _BECAUSE),) if count else ())


def _with_text() -> QuerySet[DataRequest]:
    """Requests whose texts are there yet."""
    return DataRequest.objects.filter(texts_kept=True)


def _done_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.DONE, key=None)


def _blank(rows: QuerySet[Any]) -> int:
    return rows.update(detail="", answer="", texts_kept=False)
