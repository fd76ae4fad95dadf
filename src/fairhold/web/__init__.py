"""The pages for people: rendered on the server, in Russian and English, whole without scripts and better with them."""
