"""Structured logs: one line an event, with the ids that tie events together."""

import sys

import structlog
from structlog.contextvars import merge_contextvars

_SHARED = [
    merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def logging_configuration() -> dict:
    """Django's LOGGING: readable lines on a terminal, logfmt where it is a pipe."""
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"])
    )
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    if not sys.stderr.isatty():
        processors.insert(1, structlog.processors.format_exc_info)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "podium": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": processors,
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "podium"}
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "pika": {"level": "CRITICAL"},
            "dramatiq": {"level": "WARNING"},
        },
    }
