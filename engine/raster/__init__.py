"""Windows over rasters of any size: reading, resampling, blending, atomic writing."""
