"""City projects and the dated decisions on them. The steward's and the units' pen; cites nothing."""
