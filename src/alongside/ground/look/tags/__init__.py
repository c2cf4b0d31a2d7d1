"""The template tags of the look, by what they say; `{% load look %}` brings all of them."""

from django import template

register = template.Library()
