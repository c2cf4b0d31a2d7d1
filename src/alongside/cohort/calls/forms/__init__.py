"""What people type in a call and in an application."""
