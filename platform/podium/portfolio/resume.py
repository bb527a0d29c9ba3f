"""A portfolio as JSON Resume 1.0.0, the format that job sites and themes read.

Schema: https://jsonresume.org/schema. A key without content is left out, as the schema
knows no null; employers and schools are not part of it, for nobody tells them here.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from competitions.models import Competition, Submission
from podium.accounts.models import User
from podium.common.text import is_web_address, one_line
from podium.credentials import wording
from podium.credentials.document import address_of, words_of_site
from podium.credentials.models import Credential
from podium.portfolio import results
from podium.portfolio.models import Project

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
MOST = 100  # results, and as many projects: the newest ones


def resume_of(person: User, viewer) -> dict:
    """What a viewer sees of somebody's portfolio, as a résumé."""
    lines = _results(person, viewer)
    credentials = _credentials(lines)
    page = settings.URL + reverse("portfolio", args=[person.username])
    resume = {
        "$schema": SCHEMA,
        "basics": _basics(person, page),
        "awards": [
            _award(each) for each in credentials.values() if _is_won(each.facts)
        ],
        "certificates": [_certificate(each) for each in credentials.values()],
        "projects": [
            *(_competition(line, credentials) for line in lines),
            *map(_project, _projects(person, viewer)),
        ],
        "meta": {
            "canonical": settings.URL
            + reverse("api:person-resume", args=[person.username]),
            "version": "v1.0.0",
        },
    }
    return _filled(resume)


def _results(person: User, viewer) -> list[results.Result]:
    entries = results.with_names(results.entries_of(person, viewer))
    newest = entries.order_by(*results.ORDER)[:MOST]
    return results.with_credentials(
        [results.result_of(entry) for entry in newest], person
    )


def _credentials(lines: list[results.Result]) -> dict[int, Credential]:
    """The credentials that stand beside results, whole, by their keys, newest first."""
    keys = [line.credential.pk for line in lines if line.credential]
    found = Credential.objects.filter(pk__in=keys).defer("jwt")
    return {each.pk: each for each in found.order_by("-issued_at", "-pk")}


def _projects(person: User, viewer):
    """Those that lists show, each with its scored submissions that the viewer may see.

    Pinned ones come first, in their owner's order.
    """
    seen = Submission.objects.filter(
        status=Submission.Status.SCORED,
        competition__in=Competition.objects.visible_to(viewer).values("pk"),
    )
    proofs = Prefetch(
        "results",
        seen.select_related("competition").order_by("-finished_at", "-pk"),
        to_attr="proofs",
    )
    projects = (
        Project.objects.listed()
        .filter(owner=person)
        .select_related("owner")
        .defer("body")
        .prefetch_related(proofs)
        .order_by("-published_at", "-pk")[:MOST]
    )
    return sorted(projects, key=lambda project: project.pinned or len(projects) + 1)


def _basics(person: User, page: str) -> dict:
    links = [link for link in person.links if is_web_address(link)]
    picture = person.picture_id and reverse("picture", args=[person.picture_id])
    return {
        "name": one_line(person.get_full_name()),
        "label": person.practitioner_words,
        "image": picture and settings.URL + picture,
        "url": page,
        "summary": person.bio,
        "location": {"address": person.location},  # as typed, so no city is claimed
        "profiles": [
            {"network": "Podium", "username": person.username, "url": page},
            *({"network": urlsplit(link).netloc, "url": link} for link in links),
        ],
    }


def _certificate(credential: Credential) -> dict:
    facts = credential.facts
    return {
        "name": f"{wording.name_of(facts)}, {wording.place_of(facts)}",
        "date": f"{credential.issued_at:%Y-%m-%d}",
        "url": address_of(credential),
        "issuer": _issuer(),
    }


def _is_won(facts: dict) -> bool:
    return facts["kind"] == wording.FINAL and facts["rank"] == 1


def _award(credential: Credential) -> dict:
    facts = credential.facts
    return {
        "title": wording.name_of(facts),
        "date": facts["asOf"][:10],
        "awarder": _issuer(),
        "summary": f"{wording.narrative_of(facts)} {address_of(credential)}",
        "url": address_of(credential),
    }


def _competition(line: results.Result, credentials: dict) -> dict:
    competition = line.competition
    board = reverse("competitions:leaderboard", args=[competition.slug])
    proof = line.credential and credentials.get(line.credential.pk)
    over = line.over_baseline and f"{line.over_baseline} against the host's baseline"
    return {
        "name": one_line(competition.title),
        "type": "competition",
        "description": _sentence(line),
        "highlights": [
            f"Rank {line.rank} of {line.teams} on the public board",
            f"{line.metric} {line.score}",
            over,
        ],
        "keywords": competition.tags,
        "entity": _issuer(),
        "endDate": f"{line.achieved_at:%Y-%m-%d}",
        "url": address_of(proof) if proof else settings.URL + board,
    }


def _sentence(line: results.Result) -> str:
    said = f"{one_line(line.competition.subtitle)} ".lstrip()
    verified = "Scored on hidden rows by the platform"
    return f"{said}{verified}{'; the board may still change.' * line.is_open or '.'}"


def _project(project: Project) -> dict:
    highlights = [
        f"{one_line(proof.competition.title)}: {results.score_words(proof)}, verified"
        for proof in project.proofs
    ]
    return {
        "name": project.title,
        "type": "project",
        "description": project.summary,
        "highlights": highlights,
        "keywords": project.tags,
        "startDate": f"{project.created_at:%Y-%m-%d}",
        "url": settings.URL + project.get_absolute_url(),
    }


def _issuer() -> str:
    return f"Podium at {words_of_site()}"


def _filled(value):
    """The same without empty texts, lists and objects: the schema has no null."""
    if isinstance(value, dict):
        filled = {key: _filled(each) for key, each in value.items()}
        return {key: each for key, each in filled.items() if each not in _EMPTY}
    if isinstance(value, list):
        return [each for each in map(_filled, value) if each not in _EMPTY]
    return value


_EMPTY = (None, "", [], {})
