"""The benchmark: speed, memory and accuracy of the whole pipeline on knees with truth. See :mod:`.commandline`."""
