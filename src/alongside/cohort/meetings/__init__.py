"""Meetings of a cohort: planned, moved, held, with minutes that leads publish. The leads' pen for minutes; cites the cohort."""
