"""The commands of ``knee-cartilage-seg``, one a file: each adds its own parser and runs what was asked for."""
