"""Courses, sessions, attendance and credentials. The program's pen; no name goes on the record."""
