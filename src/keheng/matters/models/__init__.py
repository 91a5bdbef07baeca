"""Tables of matters: none for a single system, the same for all of them."""

from keheng.matters.models.cases import Case, CaseEvent, Edition, Party, Substitution
from keheng.matters.models.clocks import Clock, Reminder, Suspension
from keheng.matters.models.papers import Correction, Letter, Material, Output, Rating
from keheng.matters.models.payments import Funding, Instalment

__all__ = [
    "Case", "CaseEvent", "Clock", "Correction", "Edition", "Funding", "Instalment", "Letter", "Material", "Output", "Party", "Rating",
    "Reminder", "Substitution", "Suspension",
]  # fmt: skip
