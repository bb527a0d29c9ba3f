"""The whole installation as one file, and back again."""

from podium.site.backup.making import make_backup
from podium.site.backup.restoring import BackupFault, restore_backup

__all__ = ["BackupFault", "make_backup", "restore_backup"]
