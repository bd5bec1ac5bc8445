"""Spanish as in the United States: a decimal point, as on every form and paper beside it."""

DATE_FORMAT = "j b Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j b Y, H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
