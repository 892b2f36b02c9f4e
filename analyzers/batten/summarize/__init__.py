"""From a unit's tree to its summary: an abstract interpretation of its statements."""
