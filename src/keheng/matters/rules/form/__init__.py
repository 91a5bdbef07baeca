"""Answers to a matter's form: taken from what people type, computed, turned into facts for rules, and checked as a whole."""
