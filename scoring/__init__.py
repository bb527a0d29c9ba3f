"""The engine: from an artifact and hidden rows to scores; knows only arrays."""
