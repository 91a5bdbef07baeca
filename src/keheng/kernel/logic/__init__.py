"""Rules in three values: met, unmet, or unknown as long as an answer is missing.

A rule is an expression like ``employees < 300 and (revenue <= 20_000_000 or sum(patents, "count") >= 3)``, a small part of Python's
grammar. A missing fact makes a clause unknown, never false: nobody is told "not eligible" because a box is empty (Kleene's logic).

``compile_rule(source)`` → ``Rule``; ``rule(facts)`` → ``Truth``; ``rule.explain(facts)`` → a ``Trace`` clause by clause;
``settling(trace)`` → which missing facts would settle most. ``compile_value(source)`` → ``Formula``; ``formula(facts)`` → a value.
"""

from keheng.kernel.logic.rule import Formula, Rule, Trace, Truth, compile_rule, compile_value, settling
from keheng.kernel.logic.syntax import RuleError

__all__ = ["Formula", "Rule", "RuleError", "Trace", "Truth", "compile_rule", "compile_value", "settling"]
