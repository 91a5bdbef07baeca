"""Findings for people and programs: JSON lines, tables, Markdown, spreadsheets, a page to hand around."""
