"""What surrounds the analysis of one run: finding, reading and writing files."""
