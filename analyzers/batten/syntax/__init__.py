"""Text, positions, units and their syntax trees."""
