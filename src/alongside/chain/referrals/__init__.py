"""What leads give to the office that can fix it, where somebody ticked that they may: two leads, no entry on the record, a day to reply."""
