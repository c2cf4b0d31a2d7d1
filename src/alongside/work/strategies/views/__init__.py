"""The doors that a lead's page knocks at for strategies; to everyone else there is nothing here."""
