"""Tracks, courses, sessions, attendance and credentials. The program's pen; cites the cohort; no name goes on the record."""
