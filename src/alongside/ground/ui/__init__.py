"""The look of every page: base templates, parts, template tags and the one stylesheet. Keeps what was pressed of late; cites nothing."""
