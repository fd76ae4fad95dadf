"""Payment providers behind the port `fairhold.engine.payment_ports`, a package each."""
