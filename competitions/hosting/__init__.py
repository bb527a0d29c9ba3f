"""Running a competition without code: drafts, launch, changes, conduct, figures."""
