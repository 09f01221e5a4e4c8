"""The convergence study that finds the reference of a data set."""
