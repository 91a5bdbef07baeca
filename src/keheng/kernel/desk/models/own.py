"""What the desk remembers for an account: choices for lists, filters, sheets, drafts, the calendar's address."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keheng.kernel.personal.sealed import SealedTextField


class TableChoice(models.Model):
    """Columns (codes with commas between, '' for the table's own) and rows on a page (0: the table's own) that an account chose."""

    account = models.CharField(max_length=40)
    table = models.CharField(max_length=80)
    columns = models.CharField(max_length=600)
    size = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One choice for a table."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "table"], name="desk_choice_once")]

    def __str__(self) -> str:
        """Account and table."""
        return f"{self.account}: {self.table}"


class SavedFilter(models.Model):
    """Filters and order of a table under a name; sealed, since a filter may name a person."""

    account = models.CharField(max_length=40)
    table = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    query = SealedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        """A name once for a table."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "table", "name"], name="desk_filter_once")]

    def __str__(self) -> str:
        """Table and number: the name is the account's own affair."""
        return f"{self.table}: {self.pk}"


class Export(models.Model):
    """A sheet made in the background for one account; ``file`` is the name in the folder of exports, '' until it is ready."""

    account = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    table = models.CharField(max_length=80)
    query = SealedTextField()
    scope = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=40, default="")

    class Meta:
        """Found by account."""

        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="desk_export_own")]

    def __str__(self) -> str:
        """Table and number."""
        return f"{self.table}: {self.pk}"


class Draft(models.Model):
    """What was typed into a form and not sent yet. ``content`` is JSON: fields with their values, title and address of the page.

    Each save counts ``version`` on: who saves from an older one is told.
    """

    account = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    content = SealedTextField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        """One draft for a form."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "key"], name="desk_draft_once")]

    def __str__(self) -> str:
        """Key and version."""
        return f"{self.key}: {self.version}"


class CalendarFeed(models.Model):
    """The private address of an account's calendar; only a digest of its token is kept."""

    account = models.CharField(max_length=40, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Whose."""
        return self.account
