"""Reading what is stored: orders, disputes, reviews, reputation. Plain calls, safe from any thread."""
