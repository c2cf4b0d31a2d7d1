"""Keys of leads and of engagements: made, vouched for, shared, lost, destroyed. The leads' pen."""
