"""Asks: recommendations and questions to an office, on one clock. Leads ask, units act; cites findings."""
