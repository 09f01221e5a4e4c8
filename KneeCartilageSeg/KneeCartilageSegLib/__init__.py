"""Atlas-based segmentation of femur and femoral cartilage in knee MR.

The library behind the 3D Slicer extension KneeCartilageSeg and the command ``knee-cartilage-seg``.
It needs numpy, scipy and SimpleITK, and elastix for registration (see :mod:`.elastix`).
"""

__version__ = "0.1.0"
