"""Consultations: leads review a data product. Staff write the brief and bring the material; cites a project and a decision."""
