"""Batten: finds values that enter a URL, a query, a shell or a file path unescaped."""

__version__ = "0.1.0"
