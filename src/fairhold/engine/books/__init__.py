"""What was booked, compared with providers' statements, and written out for other programs."""
