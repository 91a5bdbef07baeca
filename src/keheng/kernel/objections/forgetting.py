"""Names, numbers and words of old objections are forgotten; that there was one, and how it ended, stays."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import now

from keheng.kernel.objections.stated import Stated


def forget_objections(rows: Iterable[Stated]) -> int:
    """Blank what tells who objected; how many. The nightly run that calls it writes the entry on the trail."""
    done = 0
    for row in rows:
        row.name, row.phone, row.body, row.erased_at = "", "", "", now()
        # A decision keeps an answer, which may repeat what was said.
        row.answer = "（已按保存期限清除）"
        row.save(update_fields=["name", "phone", "body", "answer", "erased_at"])
        done += 1
    return done
