"""What the marketplace's own servers are told, sent until it arrives."""
