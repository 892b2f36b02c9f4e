"""Rules for URLs and requests (BTN100 to BTN199)."""
