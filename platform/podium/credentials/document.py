"""A credential as Open Badges 3.0 writes it: a W3C Verifiable Credential in JSON.

Sources: 1EdTech, "Open Badges Specification 3.0", §8.2 and appendix B; W3C, "Verifiable
Credentials Data Model v2.0"; W3C, "Bitstring Status List v1.0".
"""

from django.conf import settings
from django.urls import reverse

from podium.accounts.models import User
from podium.common.text import one_line
from podium.credentials import keys
from podium.credentials.models import Credential
from podium.credentials.times import instant_text, numeric_date
from podium.credentials.wording import name_of, narrative_of, place_of

CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
    "ob_v3p0_achievementcredential_schema.json"
)

ACHIEVEMENTS = {
    "won": "First place in",
    Credential.Kind.FINAL: "Final result in",
    Credential.Kind.STANDING: "Standing in",
}
CRITERIA = (
    "A model or a file of predictions was submitted; this installation ran or read it "
    "and scored it against labels that no participant has seen."
)


def payload_of(credential: Credential) -> dict:
    """What is signed: the credential itself, and the claims that repeat parts of it."""
    body = _body(credential)
    payload = body | {
        "iss": body["issuer"]["id"],
        "jti": body["id"],
        "sub": body["credentialSubject"]["id"],
        "nbf": numeric_date(credential.issued_at),
    }
    if credential.expires_at:
        payload["exp"] = numeric_date(credential.expires_at)
    return payload


def address_of(credential: Credential) -> str:
    """Its address on the web, which is its identifier."""
    return settings.URL + credential.get_absolute_url()


def status_address(number: int) -> str:
    """Where the list is that tells whether a credential was revoked."""
    return settings.URL + reverse("credentials:status", args=[number])


def _body(credential: Credential) -> dict:
    facts = credential.facts
    body = {
        "@context": [CONTEXT, BADGES, _own_terms()],
        "id": address_of(credential),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name_of(facts),
        "description": narrative_of(facts),
        "issuer": {
            "id": keys.did(),
            "type": ["Profile"],
            "name": f"Podium at {words_of_site()}",
            "url": settings.URL,
        },
        "validFrom": instant_text(credential.issued_at),
        "awardedDate": facts["asOf"],
        "credentialSubject": _subject(credential),
        "evidence": [
            {
                "id": facts["competition"]["url"] + "leaderboard/",
                "type": ["Evidence"],
                "name": "The leaderboard",
                "narrative": "Where the board stands today.",
            }
        ],
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": _status(credential),
    }
    if credential.expires_at:
        body["validUntil"] = instant_text(credential.expires_at)
    return body


def words_of_site() -> str:
    """The installation's name: where it is."""
    return settings.URL.partition("://")[2]


def _own_terms() -> dict:
    """The one word that the standards lack; its value is plain JSON."""
    page = settings.URL + reverse("credentials:check")
    return {"podiumResult": {"@id": f"{page}#result", "@type": "@json"}}


def _subject(credential: Credential) -> dict:
    holder, facts = credential.holder, credential.facts
    return {
        "id": settings.URL + reverse("portfolio", args=[holder.username]),
        "type": ["AchievementSubject"],
        "identifier": _identities(holder),
        "achievement": _achievement(facts),
        "result": _results(facts),
        "podiumResult": facts,
    }


def _identities(holder: User) -> list[dict]:
    named = [("userName", holder.username)]
    if holder.display_name:
        named.append(("name", one_line(holder.display_name)))
    return [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": value,
            "identityType": kind,
        }
        for kind, value in named
    ]


def _achievement(facts: dict) -> dict:
    competition = facts["competition"]
    is_won = facts["kind"] == Credential.Kind.FINAL and facts["rank"] == 1
    which = "won" if is_won else facts["kind"]
    return {
        "id": f"{competition['url']}#{which}",
        "type": ["Achievement"],
        "achievementType": "Award" if is_won else "Achievement",
        "name": f"{ACHIEVEMENTS[which]} {competition['title']}",
        "description": _description(facts),
        "criteria": {"id": f"{competition['url']}evaluation/", "narrative": CRITERIA},
        "resultDescription": [
            {
                "id": f"{competition['url']}#score",
                "type": ["ResultDescription"],
                "name": facts["metric"]["title"],
                "resultType": "RawScore",
            },
            {
                "id": f"{competition['url']}#rank",
                "type": ["ResultDescription"],
                "name": "Rank on the leaderboard",
                "resultType": "Result",
            },
        ],
    }


def _description(facts: dict) -> str:
    """What it is about for anybody: the holder's own figures stand elsewhere."""
    hidden = facts["hiddenTestSet"]
    return (
        f"A place on the leaderboard by {facts['metric']['title']} on the "
        f"{hidden['split']} rows of the hidden test set, version {hidden['version']}."
    )


def _results(facts: dict) -> list[dict]:
    page = facts["competition"]["url"]
    return [
        {
            "type": ["Result"],
            "resultDescription": f"{page}#score",
            "value": repr(facts["score"]),
        },
        {
            "type": ["Result"],
            "resultDescription": f"{page}#rank",
            "value": place_of(facts),
        },
    ]


def _status(credential: Credential) -> dict:
    address = status_address(credential.status_list_id)
    return {
        "id": f"{address}#{credential.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(credential.status_index),
        "statusListCredential": address,
    }
