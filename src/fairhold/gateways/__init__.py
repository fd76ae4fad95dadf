"""The world outside: payment providers and carriers. Their ports stand in `fairhold.engine.outside`."""
