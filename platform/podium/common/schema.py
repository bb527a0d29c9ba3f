"""What the OpenAPI description says of every operation."""

from podium.common.problems import MEDIA_TYPE


def tell_problems(result, generator, request, public):
    """Give every operation the answer that all errors share."""
    schema = {"$ref": "#/components/schemas/Problem"}
    problem = {
        "description": "A problem: what is wrong, and what would be right (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    result["components"]["schemas"]["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = problem
    return result


_text = {"type": "string"}

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {**_text, "description": "about:blank: the status says it."},
        "title": {**_text, "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {**_text, "description": "What is wrong; what would be right."},
        "instance": {**_text, "description": "The request's id, as the logs have it."},
        "errors": {
            "type": "object",
            "description": "Sentences by field, where fields of the request are wrong.",
            "additionalProperties": {"type": "array", "items": _text},
        },
    },
}
