"""podium-client verify FILE --keys keys.json [--status status.json] [--json]"""

import argparse
import json
import sys
from pathlib import Path

from podium_client.verifying import MOST_BYTES, Outcome, verify

MISUSE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit code says what was found."""
    options = _parser().parse_args(arguments)
    try:
        key_set = json.loads(_read(options.keys))
        status = _read(options.status) if options.status else None
        outcome = verify(_read(options.file), key_set, status)
    except OSError as error:
        return _misuse(f"{error.filename} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError) as error:
        return _misuse(f"{options.keys} cannot be used: {error}.")
    _print(_json(outcome) if options.json else _text(outcome))
    return outcome.code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="podium-client", description=__doc__)
    deeds = parser.add_subparsers(required=True, metavar="verify")
    deed = deeds.add_parser("verify", help="check a credential without a network")
    deed.add_argument("file", type=Path, help="a .jwt, or a badge as .png or .svg")
    deed.add_argument("--keys", type=Path, required=True, help="the issuer's keys.json")
    deed.add_argument("--status", type=Path, help="a copy of the issuer's status list")
    deed.add_argument("--json", action="store_true", help="answer as JSON")
    return parser


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # whoever read has read enough; the code still counts
        sys.stdout = None


def _json(outcome: Outcome) -> str:
    found = {"outcome": outcome.kind, "sentence": outcome.sentence}
    return json.dumps(found | {"credential": outcome.payload or None}, indent=2)


def _text(outcome: Outcome) -> str:
    try:
        return "\n".join([outcome.sentence, *_lines(outcome)])
    except (KeyError, TypeError, IndexError):  # well signed, but not as Podium writes
        return f"{outcome.sentence}\n  What it says is in a form not known here: --json"


def _misuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return MISUSE


def _lines(outcome: Outcome) -> list[str]:
    """What the credential says; nothing where its signature is not right."""
    subject = outcome.payload.get("credentialSubject", {})
    result = subject.get("podiumResult")
    if not isinstance(result, dict):
        return []
    hidden, metric = result["hiddenTestSet"], result["metric"]
    interval = result["interval"]
    between = f" (95% interval {interval[0]} to {interval[1]})" if interval else ""
    rows = [
        ("holder", subject["id"]),
        ("result", outcome.payload["name"]),
        ("competition", result["competition"]["url"]),
        (
            "score",
            f"{metric['key']} version {metric['version']}: {result['score']}{between}",
        ),
        (
            "rank",
            f"{'=' if result['isShared'] else ''}{result['rank']} of "
            f"{result['of']}, team {result['team']}",
        ),
        (
            "rows",
            f"{hidden['rows']} {hidden['split']}; inputs {hidden['inputs']}, "
            f"labels {hidden['labels']}",
        ),
        ("hidden test set", f"version {hidden['version']}, {hidden['digest']}"),
        ("artifact", result["artifact"]["digest"]),
        ("as of", result["asOf"]),
        ("page", outcome.payload["id"]),
    ]
    width = max(len(name) for name, _ in rows)
    return [f"  {name:<{width}}  {_printable(str(value))}" for name, value in rows]


def _printable(text: str) -> str:
    """No control characters: the terminal is not the issuer's to write on."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
