"""Photos outside the database: pictures made anew by Pillow, files kept through obstore."""
