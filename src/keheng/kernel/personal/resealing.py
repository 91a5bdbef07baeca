"""Sealing anew with the newest key: in batches, each by itself, so that it can be stopped and begun again at any time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Model, QuerySet, TextField
from django.db.models.functions import Cast

from keheng.kernel.personal.catalogue import own_models
from keheng.kernel.personal.keys import all_keys
from keheng.kernel.personal.sealed import SealedTextField, open_text, sealed_prefix
from keheng.kernel.trail.record import Actor, act, record

BATCH = 500


def sealed_fields() -> Iterator[tuple[type[Model], SealedTextField]]:
    """Every sealed field of every model."""
    for model in own_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 -- Django's public name for what a model is
            if isinstance(field, SealedTextField):
                yield model, field


def reseal(*, actor: Actor, stop: threading.Event | None = None) -> int:
    """Seal anew all that older keys sealed, until done or told to stop; how many values. An old key can go when this finds none."""
    count = 0
    for model, field in sealed_fields():
        while (stop is None or not stop.is_set()) and old_seals(model, field).exists():
            count += reseal_batch(actor=actor, model=model, field=field)
    return count


def old_seals(model: type[Model], field: SealedTextField) -> QuerySet[Any]:
    """Rows sealed with another key than the newest, with the seal itself as ``raw``."""
    rows = model._default_manager.annotate(raw=Cast(F(field.attname), TextField()))  # noqa: SLF001 -- Django's public name
    return rows.exclude(raw="").exclude(raw__isnull=True).exclude(raw__startswith=sealed_prefix(next(iter(all_keys()))))


@act("personal.reseal", ())
def reseal_batch(*, actor: Actor, model: type[Model], field: SealedTextField) -> int:
    """Seal a batch anew; a row that changed meanwhile is left, since its new value has the newest key. Raises DamagedSealError."""
    count = 0
    for pk, raw in old_seals(model, field).order_by("pk").values_list("pk", "raw")[:BATCH]:
        row = old_seals(model, field).filter(pk=pk, raw=raw)
        count += row.update(**{field.attname: open_text(raw, field.place)})
    record("personal.reseal", actor=actor, target=f"column:{field.place}", reason=str(count))
    return count
