"""The rules themselves, a module per subject; importing this package registers all of them."""

from keheng.appraisal.auditing.rules import across, actuals, design, execution, narrative, points, targets, totals, written_rules

__all__ = ["across", "actuals", "design", "execution", "narrative", "points", "targets", "totals", "written_rules"]
