"""Comparison of segmentations with ground truth."""
