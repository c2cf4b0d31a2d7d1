"""The reader, in which leads open voices, note what they heard and sign what they opened. The leads' pen."""
