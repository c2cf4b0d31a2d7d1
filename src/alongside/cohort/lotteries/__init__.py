"""Lotteries, the end of a selection, and the seats that are offered. The steward's pen; tickets, draws and ranges go on the record, and cite the call."""
