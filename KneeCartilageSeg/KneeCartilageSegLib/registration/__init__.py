"""Registration of a moving knee to a reference knee: stages, starts, match and limits."""
