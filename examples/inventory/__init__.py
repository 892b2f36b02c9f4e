"""A client of an inventory service: items, who supplies them, where they are placed."""
