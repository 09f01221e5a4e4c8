"""Segmentation of knees: cases, the work on one of them, its record and results, runs over many."""
