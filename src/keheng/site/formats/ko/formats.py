"""24 hours: Django's own format puts morning and afternoon behind the hour."""

DATETIME_FORMAT = "Y년 n월 j일 H:i"
TIME_FORMAT = "H:i"
