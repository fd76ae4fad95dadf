"""What people are told of orders, in their inbox and by letter: who, of what, when, and how to be told no more."""
