"""A process that works: draws a number, records the act, prints the number once it is committed. Ends after COUNT, or killed.

With a second number so many processes do so, forked once everything is loaded.
"""

import os
import sys
from contextlib import suppress

import django

django.setup()

from django.db import transaction  # noqa: E402 -- after set-up

from keheng.kernel.numbers import draw  # noqa: E402 -- after set-up
from keheng.kernel.trail.record import SYSTEM, now, record  # noqa: E402 -- after set-up
from keheng.kernel.trail.seal import seal_pending  # noqa: E402 -- after set-up

for _ in range(int(sys.argv[2]) - 1 if len(sys.argv) > 2 else 0):
    if not os.fork():
        break

for _ in range(int(sys.argv[1])):
    with transaction.atomic():
        number = draw("KH", 2026)
        record("number.draw", actor=SYSTEM, target=f"KH:{number}")
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
    seal_pending(now())

with suppress(ChildProcessError):
    while True:
        os.wait()
