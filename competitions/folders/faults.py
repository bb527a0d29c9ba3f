"""What is wrong with a competition folder, told all at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which file, at which row or key, what is right."""

    file: str
    where: str
    message: str

    def __str__(self):
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.message}"


class FolderFaults(Exception):
    """A folder that is no competition, with everything that keeps it from being one."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(dict.fromkeys(faults))
        super().__init__("\n".join(map(str, self.faults)))
