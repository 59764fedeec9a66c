"""What every way into DATEV shares: the format EXTF (header 700), its limits, and the client's settings.

Facts: DATEV's format description and sample files; where the file format and DATEV's XML differ in what they allow, the
narrower one counts. See docs/sinks/datev.md.
"""
