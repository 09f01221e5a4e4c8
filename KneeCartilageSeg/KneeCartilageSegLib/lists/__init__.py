"""Image lists and the names in them."""
