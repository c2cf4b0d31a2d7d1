"""Where to find help, what to do with a paper, and the register of federal requests. Cites nothing; nothing here goes on the record."""
