"""Vietnamese groups thousands (CLDR, vi); Django leaves them in one row: 24.000,00 and not 24000,00."""

NUMBER_GROUPING = 3
