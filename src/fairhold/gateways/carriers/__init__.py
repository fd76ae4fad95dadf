"""What carriers and tracking services say of parcels, read into Fairhold's own words. One module a provider."""
