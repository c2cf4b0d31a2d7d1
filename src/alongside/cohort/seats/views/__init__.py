"""Pages of cohorts and seats; one module a matter."""
