"""Keys of sealed personal data, with their ids: the first one seals, all of them open.

``settings.PERSONAL_KEY`` is one secret, or several as ``id:secret`` joined by commas, newest first. A secret without an id has id 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SHORTEST_SECRET = 16
_KEY_LENGTH = 16
_PURPOSE = b"keheng personal data, SM4-GCM"


class PersonalKeyError(Exception):
    """The keys of personal data cannot be used; the message says what to do and never holds a key."""


def all_keys() -> Mapping[str, bytes]:
    """SM4 keys of 16 bytes by id, the one that seals first; raises PersonalKeyError."""
    return _parsed(settings.PERSONAL_KEY)


@cache
def _parsed(text: str) -> Mapping[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, part in enumerate(text.split(","), 1):
        name, colon, secret = part.strip().partition(":")
        if not colon:
            name, secret = "1", name
        if not name.isalnum() or name in keys:
            raise PersonalKeyError(f"personal key {number}: an id is letters and digits, and no two keys share one")
        if len(secret.encode()) < SHORTEST_SECRET:
            raise PersonalKeyError(f"personal key {number}: the secret must have {SHORTEST_SECRET} bytes or more")
        keys[name] = HKDF(SM3(), _KEY_LENGTH, None, _PURPOSE).derive(secret.encode())
    return keys
