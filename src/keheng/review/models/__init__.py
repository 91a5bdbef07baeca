"""Rounds with their entries, panels and draws; what judges say; publicity and objections; texts that are compared."""

from keheng.review.models.copies import CopyPair, CopySearch
from keheng.review.models.publicity import Fee, Objection
from keheng.review.models.reminders import JudgeReminder
from keheng.review.models.rounds import Bar, Draw, Entry, Observer, Panelist, Round
from keheng.review.models.scores import Evidence, Mark, Seat
from keheng.review.models.texts import CopyHit, KeptCase, KeptText

__all__ = [
    "Bar", "CopyHit", "CopyPair", "CopySearch", "Draw", "Entry", "Evidence", "Fee", "JudgeReminder", "KeptCase", "KeptText", "Mark",
    "Objection", "Observer", "Panelist", "Round", "Seat",
]  # fmt: skip
