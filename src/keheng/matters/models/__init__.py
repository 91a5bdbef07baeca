"""Tables of matters: none for a single system, the same for all of them."""

from keheng.matters.models.archive import Package, PackageCheck, Reading, Retrieval
from keheng.matters.models.cases import Case, CaseEvent, Edition, Party, Substitution
from keheng.matters.models.clocks import Clock, Reminder, Suspension
from keheng.matters.models.papers import Correction, Letter, Material, Output, Rating

__all__ = [
    "Case", "CaseEvent", "Clock", "Correction", "Edition", "Letter", "Material", "Output", "Package", "PackageCheck", "Party", "Rating",
    "Reading", "Reminder", "Retrieval", "Substitution", "Suspension",
]  # fmt: skip
