"""What an installation has before its first order: settings, policies, a secret, a clock, logs and counts."""
