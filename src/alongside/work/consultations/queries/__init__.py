"""Read consultations from the record, what leads say among themselves, and what a reviewer may look for."""
