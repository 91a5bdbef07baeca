"""Objections to what was published: named, written, reachable, answered within a term, decided once, forgotten after years.

A capability whose lists are published adds to ``Stated`` what is objected to, and asks ``words_problems`` and ``answer_problems``.
"""
