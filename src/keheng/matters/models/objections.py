"""Objections to what units are to have by a policy, while it is published."""

from __future__ import annotations

from django.db import models

from keheng.kernel.objections.stated import Stated
from keheng.matters.models.policies import PolicyCase


class PolicyObjection(Stated):
    """An objection to a case of a policy: as long as it waits, and for good where it holds, the unit does not have the policy."""

    case = models.ForeignKey(PolicyCase, models.PROTECT, related_name="objections")
