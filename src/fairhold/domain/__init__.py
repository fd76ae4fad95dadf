"""What Fairhold decides: orders, commands, events and the rules between them. Pure: no clock, no chance, no I/O."""
