"""Tags for addresses."""

from django.template import Context

from alongside.ground.look import addresses
from alongside.ground.look.tags import register


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, **kwargs: object) -> str:
    """Give the address of a named page: {% to 'engagements:engagement' slug=e.slug %}."""
    return addresses.to(context["request"], name, **kwargs)


@register.simple_tag(takes_context=True)
def to_if_there(context: Context, name: str, **kwargs: object) -> str:
    """Give the address of a page that may not exist, or an empty string: use with `as`."""
    request = context.get("request")
    return addresses.to_if_there(request, name, **kwargs) if request else ""
