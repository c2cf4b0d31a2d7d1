"""The charter and the meetings of a cohort as the record sees them."""

from alongside.core.grammar.shape import Kind

KINDS: tuple[Kind, ...] = ()
