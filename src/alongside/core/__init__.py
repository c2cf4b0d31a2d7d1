"""The pure part: no Django, no clock, no network, no files. It could be handed to a stranger."""
