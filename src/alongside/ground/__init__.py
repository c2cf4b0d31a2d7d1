"""What everything stands on: who may, the look, people, programs, the record, where to find help."""
