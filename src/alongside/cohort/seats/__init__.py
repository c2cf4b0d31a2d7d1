"""Cohorts and seats. The steward's pen; seats go on the record by id, never by name."""
