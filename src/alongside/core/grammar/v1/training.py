"""Training as the record sees it: courses and how many completed them, in bands; never a name."""

from alongside.core.grammar.shape import Kind

KINDS: tuple[Kind, ...] = ()
