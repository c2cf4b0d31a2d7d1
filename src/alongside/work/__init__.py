"""What the cohort does: city projects, engagements, and, with later issues, workplans, consultations, strategies."""
