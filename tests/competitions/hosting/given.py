"""A host at the wizard: what is sent at each step, and the housekeeper beside it."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from competitions.folders.yaml import read_yaml
from competitions.hosting import actors
from competitions.models import Draft
from podium.datasets import actors as datasets
from tests.pages import browser_of

DEMO = Path(__file__).resolve().parents[3] / "platform/podium/demo/competitions"
PENGUINS = DEMO / "penguins"


def housekeeper() -> None:
    """Do all that waits, as the housekeeper does."""
    while datasets.prepare_next() or actors.work_next():
        pass


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def a_file(path: str, content: bytes | None = None) -> SimpleUploadedFile:
    if content is None:
        content = (PENGUINS / path).read_bytes()
    return SimpleUploadedFile(path.rpartition("/")[2], content)


def document(name: str = "penguins") -> dict:
    return read_yaml((DEMO / name / "competition.yaml").read_bytes(), "x").data


class Wizard:
    """A host's browser in one draft."""

    def __init__(self, user, draft: Draft | None = None):
        self.client = browser_of(user)
        if draft is None:
            self.client.post(reverse("host:begin"))
            draft = Draft.objects.order_by("-pk").first()
        self.pk = draft.pk

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(pk=self.pk)

    def address(self, step: str) -> str:
        return reverse("host:step", args=[self.pk, step])

    def get(self, step: str):
        return self.client.get(self.address(step))

    def send(self, step: str, revision: int | None = None, **values):
        """Send a step's form as its page has it, with other values."""
        form = self.get(step).context["form"]
        data = {}
        for name in form.fields:
            value = form[name].value()
            if value is not False and value not in (None, ""):
                data[name] = value
        if revision is not None:
            data["revision"] = revision
        data |= values
        data = {name: each for name, each in data.items() if each is not None}
        return self.client.post(self.address(step), data)

    def make(self):
        response = self.client.post(self.address("review"))
        housekeeper()
        return response


def fill_penguins(wizard: Wizard, **basics) -> None:
    """The demo's penguins by way of every step."""
    told = document()
    wizard.send(
        "basics",
        **{
            "title": told["title"],
            "slug": "penguins",
            "subtitle": told["subtitle"],
            "tags": ", ".join(told["tags"]),
            "licence": told["licence"],
            **basics,
        },
    )
    names = ("train.csv.gz", "README.md", "LICENCE.txt")
    wizard.send("data", files=[a_file(f"files/{name}") for name in names])
    housekeeper()
    chosen = [column for part in told["inputs"].values() for column in part["columns"]]
    wizard.send("data", inputs=chosen)
    wizard.send(
        "hidden",
        test_file=a_file("hidden/test.csv.gz"),
        labels_file=a_file("hidden/labels.csv.gz"),
        share="0.5",
        seed=7,
        open_test="on",
    )
    housekeeper()
    wizard.send("metric", metric="macro_f1", others=["log_loss"])
    wizard.send(
        "contract",
        accepts=["model", "predictions"],
        baseline_files=a_file("baselines/logistic.keras"),
        name_0="measurements",
        from_0=", ".join(told["inputs"]["measurements"]["columns"]),
        name_1="island",
        from_1="island",
        dtype_1="string",
        name_2="sex",
        from_2="sex",
        dtype_2="string",
    )
    wizard.send("limits", seconds=60, memory_mb=2048, file_mb=50, per_day=20)
    wizard.send("teams", opens_at="2026-01-01T00:00", max_size=4, finals=2)
    wizard.send(
        "pages",
        **{
            page: (PENGUINS / f"{page}.md").read_text()
            for page in ("overview", "data", "evaluation", "rules")
        },
        starter=(PENGUINS / "starter.py").read_text(),
    )
    housekeeper()
