"""Pages on which a unit answers, one or many at a time, and leads contest an answer."""

from alongside.chain.answers.views.answering import answer, contest
from alongside.chain.answers.views.many import many

__all__ = ["answer", "contest", "many"]
