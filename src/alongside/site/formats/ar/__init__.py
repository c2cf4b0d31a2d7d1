"""Arabic, as Django asks for it: a folder with a module named formats."""
