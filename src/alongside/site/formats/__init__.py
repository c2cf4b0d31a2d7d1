"""How numbers are written, where Django's own way would mislead people here."""
