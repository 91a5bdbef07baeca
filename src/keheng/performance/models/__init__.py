"""Tables of performance."""

from keheng.performance.models.evaluations import EvaluationRow, Evidence, FindingNote, SelfEvaluation, SignOff
from keheng.performance.models.monitoring import MonitorPoint, MonitorRow
from keheng.performance.models.projects import Adjustment, BudgetLine, Execution, Project
from keheng.performance.models.readings import FrozenReading, OutsideFigure
from keheng.performance.models.rechecks import Recheck, RecheckRow, Rectification, Sample
from keheng.performance.models.senders import OutsideSender
from keheng.performance.models.targets import GoalVersion, Indicator

__all__ = [
    "Adjustment",
    "BudgetLine",
    "EvaluationRow",
    "Evidence",
    "Execution",
    "FindingNote",
    "FrozenReading",
    "GoalVersion",
    "Indicator",
    "MonitorPoint",
    "MonitorRow",
    "OutsideFigure",
    "OutsideSender",
    "Project",
    "Recheck",
    "RecheckRow",
    "Rectification",
    "Sample",
    "SelfEvaluation",
    "SignOff",
]
