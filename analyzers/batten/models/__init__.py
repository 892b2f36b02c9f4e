"""What Batten knows of libraries: one TOML file per library, read by `load`."""
