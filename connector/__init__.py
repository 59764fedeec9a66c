"""Honorar: exact progress and retainer invoices from project tools into accounting systems."""

__version__ = "0.1.0"
