"""How leads listen: the methods, budget and sessions of an engagement, whose row keeps them beside its promise. The leads' pen; nothing of it is on the record."""
