"""What a form should score under a policy: intervals with formula and clause, never a guess."""
