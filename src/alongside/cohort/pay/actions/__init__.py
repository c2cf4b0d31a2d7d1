"""What is done about pay: agree, log, decide, pay. A change is a new row, or fills what was empty, once."""
