"""Sealed text: a column that holds SM4-GCM ciphertext and a Python value that is plain.

GB/T 22239-2019 (level 3) asks that personal data are confidential in storage; GB/T 32907-2016 is SM4. The table and column are
bound into the seal, so that a value copied to another column does not open. Nothing can be looked up by its sealed text: equality
goes through a column with ``kernel.trail.record.mark``.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup, Transform

from keheng.kernel.personal.keys import all_keys

VERSION = "s1"
_NONCE_LENGTH, _TAG_LENGTH = 12, 16

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class DamagedSealError(Exception):
    """A sealed value does not open: altered, copied from another column, or its key is missing. Never holds the value."""


class SealedLookupError(FieldError):
    """A sealed column was used in a condition: look for its mark instead."""


def seal_text(value: str, place: str) -> str:
    """``s1.key id.base64`` of a text, bound to its place ``table.column``; empty text stays empty."""
    if not value:
        return ""
    name, key = next(iter(all_keys().items()))
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_bound(name, place))
    body = encryptor.update(value.encode()) + encryptor.finalize()
    return f"{sealed_prefix(name)}{urlsafe_b64encode(nonce + body + encryptor.tag).decode()}"


def open_text(sealed: str, place: str) -> str:
    """The text of a seal; raises DamagedSealError."""
    if not sealed:
        return ""
    version, _, rest = sealed.partition(".")
    name, _, body = rest.partition(".")
    if version != VERSION or name not in all_keys():
        raise DamagedSealError(f"{place}: sealed in a form or with a key that this installation does not have")
    try:
        raw = _decoded(body)
        nonce, tag = raw[:_NONCE_LENGTH], raw[-_TAG_LENGTH:]
        decryptor = Cipher(algorithms.SM4(all_keys()[name]), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(_bound(name, place))
        return (decryptor.update(raw[_NONCE_LENGTH:-_TAG_LENGTH]) + decryptor.finalize()).decode()
    except (InvalidTag, NotBase64Error, ValueError):
        # The cause may show parts of the value in a traceback: it is left behind.
        raise DamagedSealError(f"{place}: the sealed value is damaged or was sealed for another column") from None


def sealed_prefix(key_name: str) -> str:
    """How every value sealed with a key begins."""
    return f"{VERSION}.{key_name}."


def _decoded(body: str) -> bytes:
    """The bytes of a seal's body. Several texts decode to the same bytes; only the one that is written counts as whole."""
    raw = urlsafe_b64decode(body)
    if urlsafe_b64encode(raw).decode() != body:
        raise ValueError
    return raw


def _bound(key_name: str, place: str) -> bytes:
    return f"{VERSION}.{key_name}.{place}".encode()


class SealedTextField(_Text):
    """A text that is sealed in the database. Only ``isnull`` can be asked of it; other lookups raise SealedLookupError."""

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Adds: a sealed column is neither unique nor indexed, since equal texts have different seals."""
        found = super().check(**kwargs)
        if self.unique or self.db_index:  # type: ignore[attr-defined]  # the stubs lack db_index
            found.append(checks.Error(f"{self} is sealed: put the index or the constraint on its mark", obj=self, id="personal.E001"))
        return found

    @property
    def place(self) -> str:
        """Table and column, which the seal is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001 -- Django's public name for what a model is

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Seal what goes into the column; expressions pass."""
        prepared = super().get_db_prep_save(value, connection)
        return seal_text(prepared, self.place) if isinstance(prepared, str) else prepared

    def from_db_value(self, value: str | None, _expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        """Open what comes from the column; raises DamagedSealError with the row."""
        if value is None:
            return None
        try:
            return open_text(value, self.place)
        except DamagedSealError as error:
            raise DamagedSealError(f"{error}; row {self._rows_with(value, connection)}") from None

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        """Only ``isnull``."""
        if lookup_name != "isnull":
            raise SealedLookupError(f"{self} is sealed: {lookup_name} cannot be asked of it, look for its mark")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        """None: a transform would work on ciphertext."""
        raise SealedLookupError(f"{self} is sealed: {lookup_name} cannot be asked of it, look for its mark")

    def _rows_with(self, sealed: str, connection: BaseDatabaseWrapper) -> str:
        """Keys of the rows that hold this seal; a seal is never made twice, so that it is one unless rows were copied."""
        meta = self.model._meta  # noqa: SLF001 -- Django's public name for what a model is
        table, column, key = (connection.ops.quote_name(str(name)) for name in (meta.db_table, self.column, meta.pk.column))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key} FROM {table} WHERE {column} = %s ORDER BY {key}", [sealed])  # noqa: S608 -- quoted names of our own models
            return ", ".join(str(row[0]) for row in cursor.fetchall())
