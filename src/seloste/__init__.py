"""Seloste: the privacy notice that runs."""

__version__ = "0.1.0"
