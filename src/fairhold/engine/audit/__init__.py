"""Whether everything still is what it was: the audit, sealed days, an order's evidence."""
