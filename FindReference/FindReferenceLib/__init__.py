"""The Slicer code of FindReference: its tables, nodes and runs."""
