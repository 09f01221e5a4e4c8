"""The Slicer code of SegmentationQuality: its tables, nodes, views and runs."""
