"""Organizing strategies, sealed to their leads. The community's pen alone; cites nothing and stands on no record."""
