"""`fairhold policy`: what a marketplace can choose, what it has chosen, and whether that holds together."""
