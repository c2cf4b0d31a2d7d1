"""People, organizations and communities. The person's own pen; nothing here is ever cited by the record."""
