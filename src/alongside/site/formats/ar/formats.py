"""Arabic with Western digits takes the point of those digits (CLDR, ar, latn): 45.00 and not 45,00."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
