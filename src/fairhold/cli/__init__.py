"""Commands for people. Only this floor and `wiring` know how the parts are put together."""
