"""Headers of the tus protocol 1.0 as values; what cannot be read is refused with a reason."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from django.http import HttpRequest

from keheng.kernel.errors import Refused, problem

VERSION = "1.0.0"
_NUMBER = re.compile(r"[0-9]{1,15}")
_LONGEST = 4096


def number_of(request: HttpRequest, header: str) -> int:
    """A header that must be a number of bytes."""
    told = request.headers.get(header, "").strip()
    if not _NUMBER.fullmatch(told):
        raise Refused(problem("upload.header", header=header))
    return int(told)


def metadata_of(request: HttpRequest) -> Mapping[str, str]:
    """Upload-Metadata: keys and values in Base64, UTF-8."""
    told = request.headers.get("Upload-Metadata", "")
    if len(told) > _LONGEST:
        raise Refused(problem("upload.header", header="Upload-Metadata"))
    found = {}
    for pair in told.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise Refused(problem("upload.header", header="Upload-Metadata")) from error
    return found


def metadata_text(values: Mapping[str, str]) -> str:
    """The same, written."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())
