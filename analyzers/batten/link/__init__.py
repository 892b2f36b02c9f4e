"""From summaries to flows: names to what they mean, calls to callees, sinks back to sources."""
