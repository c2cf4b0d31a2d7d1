"""All that is written to the record, by noun."""
