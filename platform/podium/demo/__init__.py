"""What a first start shows: users, competitions, datasets and projects to look at."""

from podium.demo.gallery import link_results
from podium.demo.loading import COMPETITIONS, USERS, load

__all__ = ["COMPETITIONS", "USERS", "link_results", "load"]
