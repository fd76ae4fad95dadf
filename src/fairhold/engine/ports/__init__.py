"""What the engine asks of stores, and of whoever carries letters, webhooks and photos: a module each subject."""
