"""Messages from other systems: whether the signature is theirs, and fresh."""

from __future__ import annotations

import hmac
import re

from keheng.kernel.api.hooks.sending import signature

# As long as clocks may differ and a message may be on its way, in seconds.
FRESH = 300
_HEADER = re.compile(r"t=(\d{1,12}),v1=[0-9a-f]{64}")


def is_signed(secret: str, header: str, body: bytes, moment: float) -> bool:
    """Whether ``header`` (``t=<seconds>,v1=<hex>``, as ours are) signs these bytes with the secret, not long before or after."""
    found = _HEADER.fullmatch(header)
    if found is None or abs(int(found[1]) - moment) > FRESH:
        return False
    try:
        said = body.decode()
    except UnicodeDecodeError:
        return False
    return hmac.compare_digest(signature(secret, int(found[1]), said), header)
