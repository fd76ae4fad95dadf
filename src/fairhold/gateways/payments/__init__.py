"""Payment providers behind the port `fairhold.engine.outside.payments`, a package each."""
