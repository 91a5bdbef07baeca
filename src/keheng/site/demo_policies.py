"""Demo cases of policies of the invented city: applied for in every stage, and offered without being asked (免申即享)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.timezone import localdate

from keheng.kernel.trail.record import SYSTEM, Actor
from keheng.matters.models import Case, PolicyCase, PolicyStanding
from keheng.matters.service import (
    answer_policy_objection,
    file_policy_objection,
    follow_offers,
    in_force,
    match_everybody,
    note_correction,
    open_offer,
    policies_about,
)
from keheng.site.demo_rounds import Firm, Office, begin, demo_firms, demo_office, do

Progress = Callable[[str, int, int], None]
_PART = "政策申请和免申即享 policy cases"
OFFERED, AWARD, LOAN = "yl.grant-match", "yl.apply-high-tech-award", "yl.apply-small-tech-loan"
_FIRMS = 14
_PUBLIC = ("draft", "examine", "fix", "decision", "public", "refused")
_PAID = ("awarded", "paid", "paid", "examine")
_OFFERS = ("offered", "awarded", "paid", "declined")


def load(*, progress: Progress) -> None:
    """Fill an installation that has its directory, accounts and projects of the fund."""
    office, firms = demo_office(), demo_firms(_FIRMS)
    progress(_PART, 0, 1)
    match_everybody()
    # The firm of the demo's own accounts has an offer that waits for its manager.
    follow_offers()
    for stage, firm in zip(_PUBLIC, firms[1:], strict=False):
        _public(office, firm, stage)
    for number, (stage, firm) in enumerate(zip(_PAID, firms[1 + len(_PUBLIC) :], strict=False), 20):
        _loan(office, firm, stage, number)
    _offers(office, firms[1:])
    progress(_PART, 1, 1)


def _payee(number: int, firm: Firm) -> dict[str, str]:
    return {
        "contact": "演示人", "phone": f"1990002{number:04}", "payee": firm.name, "bank": "云岭演示银行", "account": f"62000000{number:08}",
    }  # fmt: skip


def _public(office: Office, firm: Firm, stage: str) -> None:
    """An application whose grant is published for objections."""
    number = _PUBLIC.index(stage)
    typed = {
        "high_tech": "yes",
        "rd_share": f"{3 + number}.5",
        "dishonest": "no",
        "cert_number": f"GR20269910{number:04}",
        "first_time": "yes",
    }
    case = begin(firm.applicant, AWARD, typed)
    if stage == "draft":
        return
    case = do(firm.applicant, case, "submit", **_payee(number, firm))
    if stage == "fix":
        note_correction(actor=office.officer, case=case.pk, target="certificate", text="证书复印件不清楚，请重新上传")
        do(office.officer, case, "ask_more")
    if stage == "refused":
        do(office.officer, case, "refuse", opinion="证书已被撤销，不符合条件。")
    if stage in {"decision", "public"}:
        case = do(office.officer, case, "verify", opinion="条件逐条核对属实。")
    if stage == "public":
        case = do(office.leader, case, "grant", opinion="同意公示。")
        _objections(office, case)


def _objections(office: Office, case: Case) -> None:
    """Two people object to what is published: one has an answer, the other waits."""
    of = PolicyCase.objects.get(case=case).pk
    first = file_policy_objection(
        actor=Actor(""), policy_case=of, name="钱一人", phone="19900000001", body="证书上的地址与单位现在的地址不同，请核实（演示）。"
    )
    answer = "经查，单位搬迁后已按规定换发证书，编号不变，证书有效。"
    answer_policy_objection(actor=office.leader, objection=first.pk, upheld=False, answer=answer)
    body = "这家单位去年已享受过市里的同类奖励，请核实是不是首次认定（演示）。"
    file_policy_objection(actor=Actor(""), policy_case=of, name="孙来信", phone="19900000002", body=body)


def _loan(office: Office, firm: Firm, stage: str, number: int) -> None:
    """An application that is paid without publicity."""
    interest = str(60_000 + 1_500 * number)
    typed = {
        "small_tech": "yes", "staff": str(40 + number), "revenue": "3600", "bank_name": "云岭演示银行", "loan": "3000000",
        "interest": interest, "asked": interest,
    }  # fmt: skip
    case = begin(firm.applicant, LOAN, typed)
    case = do(firm.applicant, case, "submit", **_payee(number, firm))
    if stage == "examine":
        return
    case = do(office.officer, case, "verify", opinion="条件逐条核对属实。")
    case = do(office.leader, case, "grant")
    if stage == "paid":
        do(office.officer, case, "pay")


def _offers(office: Office, firms: Sequence[Firm]) -> None:
    """Offers to firms whose projects were granted: waiting, accepted, paid, declined."""
    policy = next(one for one in policies_about(localdate()) if one.id == OFFERED)
    read = in_force(policy.applied_by, localdate())
    met = set(PolicyStanding.objects.filter(policy=OFFERED, lacks=0).values_list("unit", flat=True))
    chosen = [firm for firm in firms if int(firm.applicant.unit) in met]
    if read is None:
        raise LookupError(policy.applied_by)
    for number, (stage, firm) in enumerate(zip(_OFFERS, chosen, strict=False)):
        with transaction.atomic():
            case: Case = open_offer(actor=SYSTEM, unit=int(firm.applicant.unit), found=policy, read=read, accept=[firm.applicant.account])
        if stage == "declined":
            do(firm.applicant, case, "decline")
        if stage in {"awarded", "paid"}:
            case = do(firm.applicant, case, "confirm", **_payee(60 + number, firm))
        if stage == "paid":
            do(office.officer, case, "pay")
