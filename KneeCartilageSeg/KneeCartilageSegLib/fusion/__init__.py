"""Fuse what several references say about one knee.

Pure functions of arrays. A reference's vote at a voxel is its warped, smoothed mask less the threshold of its surface,
within -0.5 (outside) and 0.5 (inside); a fused score above 0 is inside.
"""
