"""Who asks, and what is open to them: one enum of roles, one mark for every page, and predicates named like sentences."""
