"""What leads and their partner say to each other about an engagement: comments on its draft, and on what leads show of what they heard. A paper of the City, and nothing of it on the record."""
