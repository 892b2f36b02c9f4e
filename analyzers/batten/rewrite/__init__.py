"""Edits that rules' fixes are made of: LibCST rewrites of one expression, and imports."""
