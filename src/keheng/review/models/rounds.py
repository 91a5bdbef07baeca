"""A round, what is judged in it, who judges, and the draws that bring the two together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from keheng.kernel.personal.sealed import SealedTextField
from keheng.review.enums import PanelistState, RoundState, parameter

_INSIDE, _OVER = "待结束", "公示期满"


class Round(models.Model):
    """The review of a batch of subjects of one kind. The rubric is kept as it was when the round was opened; accounts by reference."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    organiser = models.CharField(max_length=40)
    rubric = models.JSONField()
    combination = models.CharField(max_length=20)
    # How many judges of each kind an entry gets, and how many entries a judge takes at most.
    seats = models.JSONField()
    most = models.PositiveIntegerField()
    # How many entries may be proposed.
    quota = models.PositiveIntegerField()
    # Nothing below so many points of 100 is proposed; NULL: only the quota counts.
    line = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    # Working days of publicity; NULL: as the parameter says, 0: the list is not published (a review in between).
    publicity = models.PositiveSmallIntegerField(null=True)
    # Who judged in so many of the last rounds of this kind rests in this one.
    rests = models.PositiveSmallIntegerField(default=0)
    # What entries on the list are called; a judge's fee for a reading in fen, NULL: as the parameter says.
    listed = models.CharField(max_length=20, default="列入名单")
    fee_fen = models.PositiveIntegerField(null=True)
    # What subjects have in common that come one by one; '' where a round was opened with all of them.
    batch = models.CharField(max_length=200, default="", blank=True)
    scoring_until = models.DateField()
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.DRAFT)
    opened_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=40, default="", blank=True)
    objections_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody publishes the list of a round they organise; of a batch one round at a time is open to more subjects."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch"], condition=Q(state=RoundState.DRAFT) & ~Q(batch=""), name="review_round_batch"),
            models.CheckConstraint(
                condition=Q(published_by="") | (~Q(published_by=models.F("organiser")) & Q(published_at__isnull=False)),
                name="review_round_two_persons",
            ),
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"

    @property
    def stays_inside(self) -> bool:
        """Whether its list is not published: it is closed once there are results."""
        return self.publicity == 0

    @property
    def has_results(self) -> bool:
        """Whether its readings were combined: nothing of them changes any more."""
        return self.state in {RoundState.COMBINED, RoundState.PUBLIC, RoundState.CLOSED}

    @property
    def fee(self) -> int:
        """What a judge gets for a reading, in fen before tax."""
        return int(parameter("fee_fen")) if self.fee_fen is None else self.fee_fen

    @property
    def state_said(self) -> str:
        """Where it stands, in words."""
        if self.stays_inside and self.state == RoundState.COMBINED:
            return _INSIDE
        over = self.state == RoundState.PUBLIC and self.objections_until is not None and self.objections_until < localdate()
        return _OVER if over else str(self.get_state_display())


class Entry(models.Model):
    """A subject under review. ``document`` is what judges read: nothing in it tells whose it is."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=12)
    reference = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    # Whose application it is: the account, and organisations besides the unit whose judges keep away, such as employers.
    account = models.CharField(max_length=40, default="", blank=True)
    units = models.JSONField(default=list)
    field = models.CharField(max_length=12, default="", blank=True)
    # Ids of people of the directory who apply, and of experts whom the applicant does not want.
    people = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    # Whom the applicant names besides, as [name, unit, reason]; emptied once the pool is fixed and the bars are written.
    unwanted = models.JSONField(default=list)
    document = models.TextField(default="", blank=True)
    # Tables that name files for their lines, as ``rules.rounds.Cited`` has them.
    cited = models.JSONField(default=list)
    # How many of the subject's files judges do not get since they tell whose they are.
    withheld = models.PositiveSmallIntegerField(default=0)
    # How many judges get as they were handed in though the round is blind: nobody could open them to take authors and notes out.
    unbared = models.PositiveSmallIntegerField(default=0)
    official = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    # The levelled score with its interval; NULL where the entry lies on an island.
    levelled = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    proposed = models.BooleanField(default=False)
    flips = models.BooleanField(default=False)
    # When the subject was taken back; the row stays, its readings count no longer.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """A subject once, a code once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "reference"], name="review_entry_once"),
            models.UniqueConstraint(fields=["round", "code"], name="review_entry_code"),
            models.CheckConstraint(condition=Q(official__isnull=True) | Q(official__gte=0, official__lte=100), name="review_entry_score"),
        ]

    def __str__(self) -> str:
        """The code: the title may tell whose it is."""
        return self.code


class Panelist(models.Model):
    """An expert called to judge in a round, under a code; ``kind`` is the kind of seat taken."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="panel")
    expert = models.ForeignKey("directory.Expert", models.PROTECT, related_name="+")
    account = models.CharField(max_length=40)
    code = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=PanelistState, default=PanelistState.CALLED)
    # When the statement of independence was made, or the call declined, and why.
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        """An expert once, an account once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "expert"], name="review_panelist_once"),
            models.UniqueConstraint(fields=["round", "account"], name="review_panelist_account"),
            models.UniqueConstraint(fields=["round", "code"], name="review_panelist_code"),
        ]

    def __str__(self) -> str:
        """The code."""
        return self.code


class Bar(models.Model):
    """Why a member of the panel does not sit on an entry, and the record it comes from."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="bars")
    panelist = models.ForeignKey(Panelist, models.PROTECT, related_name="bars")
    reason = models.CharField(max_length=300)
    fact = models.CharField(max_length=60)

    class Meta:
        """A fact once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "panelist", "fact"], name="review_bar_once")]

    def __str__(self) -> str:
        """Whom it keeps from what."""
        return f"{self.panelist_id} x {self.entry_id}: {self.fact}"


class Observer(models.Model):
    """Somebody who sees everything in a round and changes nothing; may hold half of the key of the draw."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="observers")
    account = models.CharField(max_length=40)
    # SHA-256 of their half; the half itself once it was handed in after the publication.
    commitment = models.CharField(max_length=64, default="", blank=True)
    half = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        """Once a round."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "account"], name="review_observer_once")]

    def __str__(self) -> str:
        """The account."""
        return self.account


class Draw(models.Model):
    """A draw as it is published: the sheet and its digest before, the halves of the key and the seats after.

    Number 0 is the draw of the round; each later one replaces who dropped out, with the other seats kept.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="draws")
    number = models.PositiveIntegerField()
    sheet = models.JSONField()
    digest = models.CharField(max_length=64)
    own_half = SealedTextField()
    committed_at = models.DateTimeField()
    halves = models.JSONField(null=True)
    seats = models.JSONField(null=True)
    # Seats that nobody may fill, as [entry, kind, count].
    empty = models.JSONField(default=list)
    islands = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        """Each number once; key and seats are told together."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="review_draw_once"),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, halves__isnull=True) | Q(drawn_at__isnull=False, halves__isnull=False),
                name="review_draw_revealed",
            ),
        ]

    def __str__(self) -> str:
        """Round and number."""
        return f"{self.round_id}/{self.number}"
