"""What datasets keep of a person: told in an export, gone with the account."""

from podium.accounts.models import User
from podium.accounts.personal import Keeper
from podium.common.errors import WrongState
from podium.datasets.models import Dataset
from podium.datasets.services import delete_dataset


def export(user: User) -> dict:
    """One's datasets with their versions; the files themselves are on their pages."""
    datasets = user.datasets.prefetch_related("versions").order_by("pk")
    return {"datasets.json": [_dataset(dataset) for dataset in datasets]}


def forget(user: User) -> None:
    """Delete somebody's datasets; what competitions use stays, in private."""
    for dataset in user.datasets.all():
        try:
            delete_dataset(dataset=dataset, user=user)
        except WrongState:
            Dataset.objects.filter(pk=dataset.pk).update(
                visibility=Dataset.Visibility.PRIVATE
            )


def _dataset(dataset: Dataset) -> dict:
    fields = (
        *("slug", "title", "subtitle", "description", "licence", "tags", "visibility"),
        *("hidden_at", "hidden_reason", "download_count", "use_count"),
        *("created_at", "updated_at"),
    )
    return {name: getattr(dataset, name) for name in fields} | {
        "versions": [
            {
                name: getattr(version, name)
                for name in (
                    *("number", "digest", "notes", "file_count", "size"),
                    "created_at",
                )
            }
            for version in sorted(dataset.versions.all(), key=lambda each: each.number)
        ]
    }


keeper = Keeper(export=export, forget=forget)
