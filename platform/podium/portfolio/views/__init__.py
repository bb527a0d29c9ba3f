"""The pages of portfolios and projects; each file is a page or two."""
