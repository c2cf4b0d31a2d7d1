"""The report-back, in every language of the engagement; it closes the engagement. Leads' pen; cites a promise."""
