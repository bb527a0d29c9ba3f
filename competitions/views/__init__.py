"""The pages of competitions and submissions; each file is a page or two."""
