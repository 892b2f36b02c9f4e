"""Edits that rules' fixes are made of: rewrites of one expression, and imports."""
