"""How documents are shown: explained to people, and as JSON."""
