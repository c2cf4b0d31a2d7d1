"""Bring every tag of the look to a template: `{% load look %}`."""

from alongside.ground.look.tags import fields, links, marks, register, sums, thread, words

__all__ = ["fields", "links", "marks", "register", "sums", "thread", "words"]
