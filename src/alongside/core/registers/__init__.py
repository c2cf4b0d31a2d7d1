"""Registers of projects as other governments publish them: bytes in, rows and facts out. No file is ever held whole."""
