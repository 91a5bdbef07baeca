"""A blank between day and hour."""

DATETIME_FORMAT = "Y年n月j日 G:i"
