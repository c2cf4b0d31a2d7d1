"""Hours, stipends and payment runs. Leads log, the steward approves, never the unit that was asked."""
