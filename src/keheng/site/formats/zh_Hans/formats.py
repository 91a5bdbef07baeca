"""Thousands are parted by commas, as the forms of finance print them."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
