"""The pages below /settings/, one file for each."""
