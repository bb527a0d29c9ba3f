"""Workers: the processes that score, as they told of themselves."""

from django.db import models
from django.utils import timezone


class Worker(models.Model):
    """A process that scores: on which device, behind which walls, last seen when.

    Written by the worker itself and read by pages, which so need not try any wall.
    """

    name = models.CharField(max_length=80, unique=True)  # as claims have it
    device = models.CharField(max_length=8)  # cpu, or gpu:0
    device_name = models.CharField(max_length=120, blank=True)  # as its driver says
    # strict or unsafe; empty once it has stopped
    sandbox = models.CharField(max_length=6)
    layers = models.JSONField(default=list)  # [{name, active, required, note}]
    versions = models.JSONField(default=dict)  # {library: version}
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return self.name
