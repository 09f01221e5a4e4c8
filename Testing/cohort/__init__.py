"""A cohort of digital knees on a local cluster whose workers are killed: nothing may be lost."""
