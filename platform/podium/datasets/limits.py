"""How much a dataset takes. Sizes are in bytes."""

MAX_FILES = 10_000  # of one version
MAX_BYTES = 20_000_000_000  # of one version, and of one request
MAX_FIELDS = 2_000  # of one form, beside its files
MAX_FIELD_BYTES = 1_000_000  # of all of them together
MAX_DESCRIPTION = 100_000  # characters
MAX_NOTES = 2_000
PREVIEWED = 200  # tables and arrays of one version, the first ones by path
LINK_HOURS = 24  # how long a signed link opens a private dataset
