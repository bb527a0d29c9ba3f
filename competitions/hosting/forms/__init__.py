"""The forms of the wizard's steps, and of what is changed later: the same ones."""
