"""Pages of engagements: for residents, for those who draft, for those who sign and who keep them."""
