"""The look of every page: base templates, parts, template tags and the one stylesheet. No models; cites nothing."""
