"""From what a scanner or another program wrote to images that an image list can name."""
