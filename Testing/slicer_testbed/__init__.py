"""Runs scripted Slicer modules without the Slicer application. README.md says what is real and what is not."""
