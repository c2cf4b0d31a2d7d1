"""Partner rooms: where the leads and the staff of one project or workplan talk. A paper of the City; no clock, and nothing of it on the record."""
