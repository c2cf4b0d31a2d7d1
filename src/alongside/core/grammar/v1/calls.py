"""The call as the record sees it: its rules, its selection, and who attests; never an applicant."""

from alongside.core.grammar.shape import Kind

KINDS: tuple[Kind, ...] = ()
