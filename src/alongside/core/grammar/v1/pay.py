"""Pay as the record sees it: budgets and totals; never who was paid."""

from alongside.core.grammar.shape import Kind

KINDS: tuple[Kind, ...] = ()
