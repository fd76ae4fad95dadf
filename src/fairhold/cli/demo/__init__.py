"""`fairhold demo`: a marketplace to try out, with people, goods and orders in every state."""
