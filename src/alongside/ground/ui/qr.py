"""Draw an address as a QR code."""

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str) -> SafeString:
    """Draw an address as a QR, as SVG without styles. The address must be one that we built."""
    made = segno.make(address, error="m", micro=False)
    svg = made.svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(svg)  # noqa: S308 -- segno draws squares, and takes nothing of the address into the markup
