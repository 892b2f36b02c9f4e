"""The abstract values: constant, template, hole, instance, parameter, union."""
