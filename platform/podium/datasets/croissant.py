"""A version of a dataset as MLCommons Croissant 1.0: files by digest, tables by column.

Specification: https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from mimetypes import MimeTypes
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from podium.common.text import one_line
from podium.datasets import previews
from podium.datasets.licences import licence_of
from podium.datasets.models import Dataset, DatasetFile, DatasetVersion, FilePreview

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_TERMS = (  # of Croissant, under their own names
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject"),
    *("fileProperty", "fileSet", "format", "includes", "isLiveDataset", "jsonPath"),
    *("key", "md5", "parentField", "path", "recordSet", "references", "regex"),
    *("repeated", "replace", "samplingRate", "separator", "source", "subField"),
    "transform",
)
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS},
}
Format = FilePreview.Format
_ENCODINGS = {
    Format.CSV: "text/csv",
    Format.CSV_GZ: "text/csv",  # readers unpack it by its first bytes
    Format.PARQUET: "application/x-parquet",
    Format.NPZ: "application/zip",
}
_TYPES = {  # of a preview's column; what is not named here is text
    "integer": "sc:Integer",
    "number": "sc:Float",
    "true or false": "sc:Boolean",
    "date": "sc:Date",
}
_BY_NAME = MimeTypes()  # Python's own table: the same on every machine
LONGEST_NAME = 200  # a preview cuts longer names of columns


def croissant_of(version: DatasetVersion) -> dict:
    """The document of a version, whose dataset its reader may see."""
    dataset = version.dataset
    files = list(version.files.select_related("stored"))
    told = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": dataset.title,
        "description": dataset.description or dataset.subtitle or dataset.title,
        "url": settings.URL + dataset.get_absolute_url(),
        "version": f"{version.number}.0.0",  # Croissant asks for three numbers
        "datePublished": version.created_at.date().isoformat(),
        "creator": _creator(dataset),
        "isLiveDataset": False,
        "distribution": [_file(version, file) for file in files],
        "recordSet": _record_sets(files),
    }
    if licence := licence_of(dataset.licence):
        told["license"] = licence.url or licence.name
    if dataset.tags:
        told["keywords"] = dataset.tags
    return told


def _creator(dataset: Dataset) -> dict:
    page = reverse("portfolio", args=[dataset.owner.username])
    return {
        "@type": "sc:Person",
        "name": one_line(dataset.owner.get_full_name()),
        "url": settings.URL + page,
    }


def _file(version: DatasetVersion, file: DatasetFile) -> dict:
    dataset = version.dataset
    names = [dataset.owner.username, dataset.slug, file.path]
    address = settings.URL + reverse("api:dataset_file", args=names)
    return {
        "@type": "cr:FileObject",
        "@id": _file_id(file),
        "name": file.path,
        "contentUrl": f"{address}?version={version.number}",
        "contentSize": f"{file.stored.size} B",
        "encodingFormat": encoding_of(file.path),
        "sha256": file.stored.sha256,
    }


def encoding_of(path: str) -> str:
    """The media type of a file, by its name; an NPZ is a zip of arrays."""
    if format := previews.format_of(path):
        return _ENCODINGS[format]
    kind, packed = _BY_NAME.guess_type(path.rsplit("/", 1)[-1])
    if packed:
        return "application/gzip" if packed == "gzip" else "application/octet-stream"
    return kind or "application/octet-stream"


def _record_sets(files: list[DatasetFile]) -> list[dict]:
    """The tables of which a preview knows the columns."""
    by_file = {(file.stored_id, previews.format_of(file.path)): file for file in files}
    ready = FilePreview.objects.filter(
        stored__in={stored for stored, format in by_file if format},
        status=FilePreview.Status.READY,
        content__kind="table",
    )
    contents = {(each.stored_id, each.format): each.content for each in ready}
    return [
        _record_set(file, content)
        for file in files
        if (content := contents.get((file.stored_id, previews.format_of(file.path))))
    ]


def _record_set(file: DatasetFile, content: dict) -> dict:
    place = quote(file.path)
    columns = {column["name"]: column for column in content["columns"]}
    fields = [
        _field(file, place, column)
        for name, column in columns.items()
        if name and len(name) <= LONGEST_NAME
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": place,
        "name": file.path,
        "description": _description(content, len(fields)),
        "field": fields,
    }


def _description(content: dict, described: int) -> str:
    read, rows = content["rows_read"], content["rows"]
    left_out = content["column_count"] - described
    said = f"{rows} rows." if rows is not None else "More rows than were counted."
    if rows != read:
        said += f" Types are those of the first {read} rows."
    return said + (f" {left_out} columns are not described." if left_out else "")


def _field(file: DatasetFile, place: str, column: dict) -> dict:
    return {
        "@type": "cr:Field",
        "@id": f"{place}/{quote(column['name'], safe='')}",
        "name": column["name"],
        "dataType": _TYPES.get(column["type"], "sc:Text"),
        "source": {
            "fileObject": {"@id": _file_id(file)},
            "extract": {"column": column["name"]},
        },
    }


def _file_id(file: DatasetFile) -> str:
    return f"files/{quote(file.path)}"
