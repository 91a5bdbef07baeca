"""Consent to a notice: given for a version, withdrawn as easily (个人信息保护法 art. 14 to 17)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from keheng.kernel.errors import Refused, problem
from keheng.kernel.personal.catalogue import notice
from keheng.kernel.personal.models import Consent
from keheng.kernel.trail.record import Actor, act, digest_of, mark, record


@act("personal.consent.give", Refused)
def give_consent(*, actor: Actor, person_key: str, version: str, how: Consent.How = Consent.How.PAGE) -> Consent:
    """Record consent to the version of the notice that was shown; once more for the same version changes nothing.

    Raises Refused when the notice was renewed meanwhile: consent is to what was read (art. 14).
    """
    current = notice()
    if version != current["version"]:
        raise Refused(problem("personal.consent_version", version=current["version"]))
    key = {"person_key": person_key, "notice": current["code"], "version": version, "withdrawn_at": None}
    try:
        with transaction.atomic():
            consent = Consent.objects.filter(**key).first() or Consent.objects.create(**key, how=how, given_at=datetime.now(UTC))
    except IntegrityError:
        # Given at the same time from another page.
        consent = Consent.objects.get(**key)
    record("personal.consent.give", actor=actor, target=f"consent:{consent.pk}", after=_digest(consent))
    return consent


@act("personal.consent.withdraw", Refused)
def withdraw_consent(*, actor: Actor, person_keys: tuple[str, ...], consent_id: int) -> None:
    """Withdraw a consent of one of these persons; raises Refused when there is none in force."""
    consent = Consent.objects.filter(pk=consent_id, person_key__in=person_keys, withdrawn_at__isnull=True).first()
    if consent is None:
        raise Refused(problem("personal.consent_none"))
    before = _digest(consent)
    consent.withdrawn_at = datetime.now(UTC)
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=consent.withdrawn_at):
        raise Refused(problem("personal.consent_none"))
    record("personal.consent.withdraw", actor=actor, target=f"consent:{consent.pk}", before=before, after=_digest(consent))


def _digest(consent: Consent) -> str:
    return digest_of(
        {
            "person": mark(consent.person_key),
            "notice": consent.notice,
            "version": consent.version,
            "how": consent.how,
            "given_at": consent.given_at,
            "withdrawn_at": consent.withdrawn_at,
        }
    )
