"""What the library needs inside Slicer: nodes, views, processes. Nothing else imports slicer, qt or vtk."""
