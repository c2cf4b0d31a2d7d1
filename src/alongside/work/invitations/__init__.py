"""Invitations: a unit asks leads for help with a decision. Units ask, leads answer; cites a project and its decision."""
