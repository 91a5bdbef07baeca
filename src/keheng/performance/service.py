"""The door of performance.

``prove`` computes signed forms again from the records, cell by cell: whoever runs an installation, and tests, ask it. Figures of
performance itself are measures (``performance.*``), read through ``kernel.measures``.
"""

from keheng.performance.queries.proof import Cell, Proof, prove

__all__ = ["Cell", "Proof", "prove"]
