"""XLSForms: the questions of an engagement as a file that other survey tools write and read."""
