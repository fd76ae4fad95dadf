"""Letters in words: what each kind says, and the page that it is set on."""
