"""Where to find help: the program's first page for anyone in trouble, from its pack. Nobody's pen; cites nothing."""
