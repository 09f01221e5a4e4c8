"""Images on their grids: reading, regions, masks, transforms."""
