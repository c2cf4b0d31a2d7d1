"""The open call, applications, their review and the selection. The steward's pen writes the call; what applicants say never goes on the record."""
