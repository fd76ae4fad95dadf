"""Who signs in and by what: people, staff, keys, passwords, passkeys and second factors."""
