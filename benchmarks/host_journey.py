"""Two competitions of real data, made in Chromium as a host makes them.

    python -m benchmarks.host_journey --data ../shared/data --pictures /tmp/pictures

Spambase by the wizard, solar flares from a folder. Each is published, its baseline is
scored by the real service, and the score of all rows is held against scores.json; each
is exported and imported again. A JSON line for each, with the seconds of clicking.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import TimeoutError
from ruamel.yaml import YAML

from benchmarks import shared_sets
from tests.journeys.browser import visitors
from tests.journeys.instance import Instance

SCORES = {"spambase": "roc_auc", "solar_flares": "mean_column_log_loss"}
PAGES = ("overview", "data", "evaluation", "rules")


def by_wizard(visitor, folder: Path, document: dict) -> None:
    """Every step of the wizard, typed and clicked."""
    page = visitor.page
    page.set_default_timeout(120_000)
    visitor.go("/host/")
    page.get_by_role("link", name="New competition").click()
    page.get_by_role("button", name="Begin the wizard").click()
    page.locator("#id_title").fill(document["title"])
    page.locator("#id_slug").fill(document["slug"])
    _on(page)
    ending = ".npz" if document["train"].endswith(".npz") else ".csv.gz"
    page.locator("#id_files").set_input_files(folder / f"files/train{ending}")
    _on(page)
    page.locator("input[name=target]").first.wait_for()
    _on(page)
    page.locator("#id_test").set_input_files(folder / f"hidden/test{ending}")
    page.locator("#id_labels").set_input_files(folder / f"hidden/labels{ending}")
    page.locator("#id_share").fill(document["split"]["public"])
    page.locator("#id_seed").fill(str(document["split"]["seed"]))
    page.locator("#id_open_test").check()
    _on(page)
    page.locator(f"input[name=metric][value={document['metric']}]").check()
    _on(page)
    page.locator("input[name=accepts][value=predictions]").check()
    page.locator("#id_baselines").set_input_files(folder / f"baselines/plain{ending}")
    _on(page)
    _on(page)  # limits as they are proposed
    page.locator("#id_opens_at").fill("2026-01-01T00:00")
    _on(page)
    for name in PAGES:
        text = (folder / f"{name}.md").read_text()
        page.locator(f"textarea[name={name}]").fill(text)
    _on(page)
    page.get_by_role("button", name="Check it and make").click()
    page.get_by_text("It is made.").wait_for()


def by_folder(visitor, folder: Path, document: dict) -> None:
    """The folder, sent as a whole."""
    split = {**document["split"], "public": float(document["split"]["public"])}
    # JSON is YAML too.
    text = json.dumps(document | {"split": split}, indent=1)
    (folder / "competition.yaml").write_text(text)
    page = visitor.page
    visitor.go("/host/new/")
    page.locator("#id_folder").set_input_files(folder)
    page.get_by_role("button", name="Send and check it").click()
    try:
        page.get_by_text("It is made.").wait_for(timeout=30_000)
    except TimeoutError:
        raise SystemExit(page.locator("main").inner_text()) from None


def _on(page) -> None:
    page.get_by_role("button", name="Save and go on").click()


WAYS = {"spambase": by_wizard, "solar_flares": by_folder}


def publish(visitor, slug: str) -> None:
    """Read the launch check, and publish."""
    page = visitor.page
    visitor.go(f"/host/{slug}/launch/")
    button = page.get_by_role("button", name="I have read this")
    button.wait_for(timeout=240_000)
    button.click()
    page.get_by_role("button", name="Publish it").click()
    page.wait_for_url(f"**/host/{slug}/")


def score_of(instance: Instance, slug: str, host: str) -> float:
    """The baseline's score on all rows, once the service has reckoned it."""
    until = time.monotonic() + 240
    while time.monotonic() < until:
        [row] = instance.api("GET", f"competitions/{slug}/submissions/", host).json()[
            "results"
        ]
        if row["status"] in ("scored", "failed"):
            assert row["status"] == "scored", row
            return row["all_score"]
        time.sleep(1)
    raise SystemExit(f"{slug}: the baseline was not scored in time")


def come_again(instance: Instance, slug: str, host: str, scratch: Path) -> bool:
    """Whether a second export equals the first, after an import in between."""
    first, second = scratch / f"{slug}-1", scratch / f"{slug}-2"
    instance.manage("export_competition", slug, str(first))
    name = f"{slug}-again"
    instance.manage("import_competition", str(first), "--host", host, "--slug", name)
    instance.manage("export_competition", name, str(second))

    def files(folder: Path) -> dict:
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        # Another slug is another text, so the keys are held against each other.
        keys = YAML(typ="safe").load(found.pop("competition.yaml"))
        return {**found, "keys": {**keys, "slug": slug}}

    return files(first) == files(second)


def pictures(make, visitor, instance, host, folder: Path, paths: dict) -> None:
    """Each page at two widths and in two themes."""
    state = visitor.page.context.storage_state()
    for width in (1280, 390):
        for theme in ("light", "dark"):
            other = make(
                storage_state=state,
                viewport={"width": width, "height": 900},
                color_scheme=theme,
            )
            for name, path in paths.items():
                other.go(path)
                file = folder / f"{name}-{width}-{theme}.png"
                other.page.screenshot(path=file, full_page=True)
                if other.overflow() > 0:
                    print(json.dumps({"overflow": path, "width": width}))
            other.page.context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(WAYS))
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        instance = Instance(home, PODIUM_DEMO="0", PODIUM_WORKERS="1").start(400)
        try:
            return _journey(instance, options, Path(scratch))
        except SystemExit:
            print("\n".join(instance.lines[-60:]), file=sys.stderr)
            raise
        finally:
            instance.stop()


def _journey(instance: Instance, options, scratch: Path) -> int:
    host, wrong = instance.make_user("mira-k"), 0
    with visitors(instance.url) as make:
        visitor = make()
        visitor.sign_in(host, instance.passwords[host])
        for name, way in WAYS.items():
            if name not in options.sets:
                continue
            document = shared_sets.document(options.data, name)
            folder = shared_sets.folder(options.data, name, scratch / name)
            if way is by_folder:
                document |= {
                    "baselines": [{"name": "Plain", "file": "baselines/plain.csv.gz"}]
                }
            began = time.monotonic()
            way(visitor, folder, document)
            publish(visitor, document["slug"])
            seconds = round(time.monotonic() - began, 1)
            found = score_of(instance, document["slug"], host)
            scores = json.loads((options.data / name / "scores.json").read_text())
            wanted = scores[SCORES[name]]
            line = {
                "set": name,
                "way": way.__name__,
                "seconds": seconds,
                "all_score": found,
                "scores.json": wanted,
                "equal": f"{found:.12g}" == f"{wanted:.12g}",
                "export_and_import_equal": come_again(
                    instance, document["slug"], host, scratch
                ),
                "errors": visitor.errors,
            }
            wrong += not (line["equal"] and line["export_and_import_equal"])
            print(json.dumps(line), flush=True)
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
            paths = {"home": "/host/", "new": "/host/new/"}
            slug = options.sets[0].replace("_", "-")
            for page in ("", "launch/", "teams/", "news/", "similarity/", "history/"):
                paths[page.strip("/") or "dashboard"] = f"/host/{slug}/{page}"
            paths["edit"] = f"/host/{slug}/edit/teams/"
            steps = "basics data hidden metric contract limits teams pages review"
            for step in steps.split():
                paths[f"step-{step}"] = f"/host/drafts/1/{step}/"
            pictures(make, visitor, instance, host, options.pictures, paths)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
