"""The files of a version, one folder at a time."""

from urllib.parse import urlencode

from podium.datasets.models import DatasetVersion

SHOWN = 100  # entries of a folder on one page


def tree_of(version: DatasetVersion, folder: str, start: int, query: dict) -> dict:
    """A folder: the way to it, folders in it with their sums, then its files.

    `query` is what links keep: the version, where it is not the newest one.
    """
    prefix = f"{folder}/" if folder else ""
    rows = version.files.filter(path__startswith=prefix)
    folders, files = _sorted_out(rows.values_list("path", "stored__size"), prefix)
    entries = [
        {
            "name": name,
            "is_folder": True,
            "count": count,
            "size": size,
            "query": urlencode({**query, "folder": f"{prefix}{name}"}),
        }
        for name, (count, size) in sorted(folders.items())
    ]
    entries += [
        {
            "name": path[len(prefix) :],
            "path": path,
            "size": size,
            "query": urlencode({**query, "folder": folder, "file": path}),
        }
        for path, size in sorted(files)
    ]
    return {
        "folder": folder,
        "way": _way(folder, query),
        "entries": entries[start : start + SHOWN],
        "count": len(entries),
        "first": start + 1,
        "last": min(start + SHOWN, len(entries)),
        "previous": _page(folder, start - SHOWN, query) if start else None,
        "next": _page(folder, start + SHOWN, query)
        if start + SHOWN < len(entries)
        else None,
    }


def _sorted_out(rows, prefix: str):
    """Folders right below a prefix with (count, size), and files right below it."""
    folders: dict[str, tuple[int, int]] = {}
    files = []
    for path, size in rows:
        if not path.startswith(prefix):  # SQLite takes letters of both cases for one
            continue
        name, slash, _ = path[len(prefix) :].partition("/")
        if slash:
            count, total = folders.get(name, (0, 0))
            folders[name] = (count + 1, total + size)
        else:
            files.append((path, size))
    return folders, files


def _way(folder: str, query: dict) -> list[dict]:
    parts = folder.split("/") if folder else []
    return [
        {
            "name": part,
            "query": urlencode({**query, "folder": "/".join(parts[: end + 1])}),
        }
        for end, part in enumerate(parts)
    ]


def _page(folder: str, start: int, query: dict) -> str:
    return urlencode({**query, "folder": folder, "from": max(0, start)})
