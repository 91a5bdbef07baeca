"""Spreadsheets in and out: typed import that tells everything wrong at once, a returned error sheet, export and templates."""

from keheng.kernel.spreadsheets.layout import Cell, Column, Kind, Sheet
from keheng.kernel.spreadsheets.marking import error_sheet
from keheng.kernel.spreadsheets.opening import LIMITS, Limits
from keheng.kernel.spreadsheets.reading import Fault, Import, Row, read_rows
from keheng.kernel.spreadsheets.writing import template, write_csv, write_sheet

__all__ = [
    "LIMITS",
    "Cell",
    "Column",
    "Fault",
    "Import",
    "Kind",
    "Limits",
    "Row",
    "Sheet",
    "error_sheet",
    "read_rows",
    "template",
    "write_csv",
    "write_sheet",
]
