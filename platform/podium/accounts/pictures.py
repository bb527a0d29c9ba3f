"""Users' pictures: two squares each, in the public store."""

from io import BytesIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import ProtectedError
from PIL import Image, ImageOps

from podium.accounts.models import User
from podium.common.files import store_file
from podium.common.models import StoredFile
from podium.common.pictures import reencode

LARGE, SMALL = 320, 64  # points a side
MOST_BYTES = 5_000_000
# Decoded they would take 160 MB, and a camera of today stays below.
MOST_PIXELS = 40_000_000


def set_picture(*, user: User, file: File) -> None:
    """Cut a picture to squares and show it; Refused says why it cannot be."""
    whole = reencode(file, max_side=1024, max_bytes=MOST_BYTES, max_pixels=MOST_PIXELS)
    large, small = (
        store_file(_square(whole, side), "public") for side in (LARGE, SMALL)
    )
    _exchange(user, large, small)


def remove_picture(*, user: User) -> None:
    """Show the initials again, and keep nothing of the picture."""
    _exchange(user, None, None)


@transaction.atomic
def _exchange(user: User, large: StoredFile | None, small: StoredFile | None) -> None:
    held = User.objects.select_for_update().get(pk=user.pk)
    before = {held.picture_id, held.picture_small_id}
    user.picture, user.picture_small = large, small
    user.save(update_fields=["picture", "picture_small"])
    kept = {large and large.pk, small and small.pk, None}
    for stored in StoredFile.objects.filter(pk__in=before - kept):
        _discard(stored)


def _discard(stored: StoredFile) -> None:
    """Delete a file that nothing points at any more; one that is in use stays."""
    name, store, sha256 = stored.name, stored.store, stored.sha256
    try:
        with transaction.atomic():
            stored.delete()
    except ProtectedError:  # somebody else has the same picture
        return

    def unlink():
        # Somebody may have brought the same bytes in the meantime.
        if not StoredFile.objects.filter(store=store, sha256=sha256).exists():
            storages[store].delete(name)

    transaction.on_commit(unlink, robust=True)


def _square(picture: File, side: int) -> ContentFile:
    """The middle of a picture; a small one is not blown up beyond what it holds."""
    picture.seek(0)
    image = Image.open(picture, formats=["WEBP"])
    side = min(side, *image.size)
    image = ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.save(out, "WEBP", quality=88)
    return ContentFile(out.getvalue(), name="picture.webp")
