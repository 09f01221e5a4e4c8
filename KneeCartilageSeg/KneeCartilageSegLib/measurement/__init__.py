"""From masks to measurements: thickness, area, volume, regions and relaxation times of the femoral cartilage."""
