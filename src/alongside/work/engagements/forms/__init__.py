"""What people type when they plan an engagement, sign it, correct it or pause it."""
