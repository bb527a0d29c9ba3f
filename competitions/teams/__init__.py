"""Teams: who is asked, who comes, who leaves, and which two become one.

Each deed locks the competition's row, then submissions, then teams, as scoring does.
Every member speaks for the team; all of them are told.
"""
