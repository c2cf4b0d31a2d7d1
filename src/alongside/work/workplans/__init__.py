"""Workplans that leads and staff write together. Both pens; in force only as a version that both signed. Cites projects and decisions."""
