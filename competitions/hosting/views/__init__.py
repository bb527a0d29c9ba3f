"""The pages below /host/."""
