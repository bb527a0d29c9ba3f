"""How sure a score is, and which of two scores is better: pure functions of arrays."""
