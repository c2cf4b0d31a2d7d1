"""What people type about seats; one module a matter."""
