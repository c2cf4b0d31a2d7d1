"""Read drafts of workplans, their versions on the record, and what differs between the two."""
