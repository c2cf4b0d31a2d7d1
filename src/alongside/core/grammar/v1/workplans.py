"""Workplans as the record sees them: versions that both sides signed."""

from alongside.core.grammar.shape import Kind

KINDS: tuple[Kind, ...] = ()
