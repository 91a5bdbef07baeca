"""Tables of matters: none for a single system, the same for all of them."""

from keheng.matters.models.archive import Package, PackageCheck, Reading, Retrieval
from keheng.matters.models.bulletins import Bulletin
from keheng.matters.models.calls import CaseImport, QuotaUse, Taken
from keheng.matters.models.cases import Case, CaseEvent, Edition, Party, Substitution
from keheng.matters.models.checks import Tick
from keheng.matters.models.clocks import Clock, Reminder, Suspension
from keheng.matters.models.disposals import Destruction, Disposal, DisposalItem
from keheng.matters.models.objections import PolicyObjection
from keheng.matters.models.papers import Correction, Letter, Material, Output
from keheng.matters.models.payments import Funding, Instalment
from keheng.matters.models.policies import FactChange, PolicyCase, PolicyPush, PolicyRun, PolicyStanding, PolicyTally, UnitFact
from keheng.matters.models.ratings import CallBack, FollowUp, Rating, RatingAspect
from keheng.matters.models.windows import Turn, WindowSlot

__all__ = [
    "Bulletin", "CallBack", "Case", "CaseEvent", "CaseImport", "Clock", "Correction", "Destruction", "Disposal", "DisposalItem",
    "Edition", "FactChange", "FollowUp", "Funding", "Instalment", "Letter", "Material", "Output", "Package", "PackageCheck", "Party",
    "PolicyCase", "PolicyObjection", "PolicyPush", "PolicyRun", "PolicyStanding", "PolicyTally", "QuotaUse", "Rating", "RatingAspect",
    "Reading", "Reminder", "Retrieval", "Substitution", "Suspension", "Taken", "Tick", "Turn", "UnitFact", "WindowSlot",
]  # fmt: skip
