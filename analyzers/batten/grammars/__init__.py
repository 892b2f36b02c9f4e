"""One file per grammar: the context of each hole, what must not stand there, hostile values."""
