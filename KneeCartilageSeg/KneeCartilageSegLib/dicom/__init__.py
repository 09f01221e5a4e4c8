"""DICOM: from files in any order to 3-D images in the scanner's frame, with everything that is wrong named."""
