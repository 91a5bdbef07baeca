"""A certificate of load becomes outside figures: verified first, its value and days read from it."""

from __future__ import annotations

from keheng.kernel.errors import Refused, problem
from keheng.kernel.models import StoredFile
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.actions.outside import Figure, enter_figure
from keheng.performance.rules.certificates import Flaw, Paper, circumstances_of, days_of, flaws, measured, signers_on

_SHOWN = 16


@act("outside.certificate", Refused)
def enter_certificate(*, actor: Actor, unit: int, paper: Paper, file: StoredFile, file_title: str) -> int:
    """Enter every figure of a certificate; how many.

    Raises Refused for one that was altered, whose signer is not known, of an edited build, or that cannot be read.
    """
    try:
        first, last = days_of(paper)
    except ValueError as error:
        raise Refused(problem("PERF_CERTIFICATE", "file", why=error)) from error
    signers, signer = signers_on(last), str(paper.get("signer"))
    if found := flaws(paper, signers):
        told = {
            Flaw.SIGNER: problem("PERF_CERTIFICATE_SIGNER", "file", signer=signer[:_SHOWN], day=last),
            Flaw.EDITED: problem("PERF_CERTIFICATE_EDITED", "file"),
            Flaw.ALTERED: problem("PERF_CERTIFICATE_ALTERED", "file"),
        }
        raise Refused([told[one] for one in found])
    try:
        figures, about = measured(paper), circumstances_of(paper, signers[signer])
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused(problem("PERF_CERTIFICATE", "file", why=error)) from error
    for one in figures:
        figure = Figure(
            key=one.key, title=one.title, measured_in=one.measured_in, value=one.value, begin=first, last=last,
            origin=f"压力证书（{signers[signer]}）", reference=str(paper["signature"])[:_SHOWN],
        )  # fmt: skip
        enter_figure(actor=actor, unit=unit, figure=figure, file=file, file_title=file_title, certificate=about)
    record("outside.certificate", actor=actor, target=f"unit:{unit}", after=digest_of({"rows": len(figures)}))
    return len(figures)
