"""Addresses of buckets, apart from what speaks to them: the settings read these."""

from urllib.parse import parse_qs, urlsplit

_KEYS = {"endpoint", "region", "prefix", "links"}


def options_of(url: str) -> dict:
    """The options of `s3://bucket?endpoint=…&region=…&prefix=…&links=0`.

    Raises ValueError with a sentence for an address that cannot be meant.
    """
    parts = urlsplit(url)
    given = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    unknown = sorted(given.keys() - _KEYS)
    if not parts.netloc:
        raise ValueError("names no bucket: write s3://BUCKET?endpoint=…&region=…")
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise ValueError(f"has the unknown key “{unknown[0]}”: known are {known}")
    endpoint = given.get("endpoint")
    if endpoint and "://" not in endpoint:
        endpoint = f"https://{endpoint}"
    return {
        "bucket_name": parts.netloc,
        "endpoint_url": endpoint,
        "region_name": given.get("region"),
        "location": given.get("prefix", "") or parts.path.strip("/"),
        "links": given.get("links", "1") != "0",
        # Names of buckets inside the host name need DNS that own servers seldom have.
        "addressing_style": "path" if endpoint else None,
    }
