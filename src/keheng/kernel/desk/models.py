"""Tasks, messages, and what is remembered of lists."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keheng.kernel.personal.sealed import SealedTextField


class Message(models.Model):
    """Something an account is told, in its inbox on the site; ``key`` names it once, so that a repeated job tells nothing twice."""

    account = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first for one account."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "key"], name="desk_message_once")]
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="desk_message_inbox")]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Task(models.Model):
    """Something to be done by whoever holds a permission within its reach, or by one account; ``key`` names it among open ones."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    permission = models.CharField(max_length=80)
    unit = models.BigIntegerField(null=True)
    district = models.CharField(max_length=20, default="")
    # Empty while nobody has taken it.
    account = models.CharField(max_length=40, default="")
    # Who may not do it, such as the author of what is to be approved.
    not_by = models.CharField(max_length=40, default="")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        """Found by permission and by account, in the order in which they are due."""

        indexes: ClassVar = [
            models.Index(fields=["permission", "due_at"], name="desk_task_permission"),
            models.Index(fields=["account", "due_at"], name="desk_task_account"),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


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
