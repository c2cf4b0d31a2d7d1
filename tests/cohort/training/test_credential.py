"""The credential: signed as W3C's vectors say, read by strangers' code, naming nobody, and never asking the network."""

import copy
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from alongside.cohort.training import actions, credentials
from alongside.cohort.training.credentials import (
    FOLDER,
    PINNED,
    Pinned,
    controller_document,
    did_of,
    encode,
    identity_hash,
    make_key,
    multikey,
    read_key,
)
from alongside.ground.record.signing import make_key as make_log_key
from tests.cohort.training import cast, strangers
from tests.cohort.training.checking import decode, verify

VECTORS = strangers.SHARED / "vc_di_eddsa"
HASHES = {
    "credentials-v2.json": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    "ob-v3p0-context-3.0.3.json": "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
}
needs_vectors = pytest.mark.skipif(
    not VECTORS.exists(), reason="W3C's vectors are kept in ../shared/data/credentials"
)


def vector(name):
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


@needs_vectors
def test_w3c_vectors_come_out_to_the_last_byte():
    signed, pair = vector("signed-credential.json"), vector("key-pair.json")
    loader = Pinned({"https://www.w3.org/ns/credentials/examples/v2": vector("credentials-examples-v2.json")})
    key = Ed25519PrivateKey.from_private_bytes(decode(pair["privateKeyMultibase"])[2:])
    bare = {name: value for name, value in signed.items() if name != "proof"}
    config = {name: value for name, value in signed["proof"].items() if name != "proofValue"}

    made = credentials.sign(
        bare, key=key, method=config["verificationMethod"], created=config["created"], loader=loader
    )

    assert multikey(key.public_key().public_bytes_raw()) == pair["publicKeyMultibase"]
    hashes = credentials.hashes(bare, config, loader)
    assert hashes[0].hex() == (VECTORS / "proof-config-hash.txt").read_text().strip()
    assert hashes[1].hex() == (VECTORS / "doc-hash.txt").read_text().strip()
    assert made == signed
    assert verify(signed, key.public_key(), loader)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\x01", b"hello", bytes(range(256))])
def test_multibase_comes_back_as_it_was(data):
    assert decode(encode(data)) == data


@pytest.mark.parametrize("text", ["", "abc", "z0OIl", "zé"])
def test_what_is_not_multibase_is_refused(text):
    with pytest.raises(ValueError, match="not base58"):
        decode(text)


def test_the_pinned_contexts_are_unchanged():
    found = {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in PINNED.values()}
    assert found == HASHES


def test_no_context_is_fetched():
    with pytest.raises(LookupError, match="https://example.org/context is not pinned"):
        Pinned()("https://example.org/context", {})


def issued(thread, *, mail=False):
    completion = cast.complete(thread, cast.offered(thread), thread.first_lead.person)
    return actions.issue_credential(completion=completion, lang="es", with_mail=mail, now=thread.now)


def test_a_credential_says_what_and_not_who(db):
    thread = cast.program()
    document = issued(thread).credential

    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["name"] == "Ruta privacy"
    assert document["validFrom"] == f"{thread.now:%Y-%m}-01T00:00:00Z"
    assert sorted(document["credentialSubject"]) == ["achievement", "id", "type"]
    text = json.dumps(document)
    person = thread.first_lead.person
    named = (person.called, person.email, thread.first_lead.public_id)
    assert [one for one in named if one in text] == []
    assert verify(document, read_key(thread.program).public_key())


def test_an_email_address_is_only_there_salted_and_on_request(db):
    thread = cast.program()
    (identity,) = issued(thread, mail=True).credential["credentialSubject"]["identifier"]
    person = thread.first_lead.person

    assert identity["identityHash"] == identity_hash(person.email, identity["salt"])
    assert len(identity["salt"]) == 32
    assert person.email not in json.dumps(identity)


def test_a_credential_is_signed_once(db):
    thread = cast.program()
    first = issued(thread)

    again = actions.issue_credential(completion=first, lang="en", with_mail=True, now=thread.now)

    assert (again.pk, again.credential) == (first.pk, first.credential)


def tampered(document, *path, value):
    changed = copy.deepcopy(document)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


def test_a_tampered_copy_is_refused(db):
    thread = cast.program()
    document, key = issued(thread).credential, read_key(thread.program).public_key()
    other = Ed25519PrivateKey.generate().public_key()

    copies = {
        "track": tampered(document, "name", value="Another track"),
        "holder": tampered(document, "credentialSubject", "id", value="urn:uuid:0"),
        "month": tampered(document, "validFrom", value="2020-01-01T00:00:00Z"),
        "created": tampered(document, "proof", "created", value="2020-01-01T00:00:00Z"),
        "value": tampered(document, "proof", "proofValue", value=encode(b"\1" * 64)),
        "suite": tampered(document, "proof", "cryptosuite", value="eddsa-jcs-2022"),
        "no proof": {name: value for name, value in document.items() if name != "proof"},
    }
    assert {name: verify(one, key) for name, one in copies.items()} == dict.fromkeys(copies, False)
    assert not verify(document, other)


def test_strangers_read_it_and_refuse_a_tampered_copy(db):
    thread = cast.program()
    did = did_of(settings.ALONGSIDE.address, thread.program.slug)
    document = issued(thread).credential
    with_mail = actions.issue_credential(
        completion=cast.complete(thread, cast.offered(thread, "second"), thread.second_lead.person),
        lang="en",
        with_mail=True,
        now=thread.now,
    ).credential
    cases = {
        "ours": document,
        "with mail": with_mail,
        "tampered": tampered(document, "credentialSubject", "achievement", "name", value="Another"),
        "unsigned term": document | {"grade": "A"},
        "not a badge": {name: value for name, value in document.items() if name != "issuer"},
    }

    found = strangers.judge(cases, controller_document(did, read_key(thread.program)))

    assert {name: one["verified"] for name, one in found.items()} == {
        "ours": True,
        "with mail": True,
        "tampered": False,
        "unsigned term": False,
        "not a badge": False,
    }, found
    if strangers.SCHEMA.exists():
        assert (found["ours"]["schema"], found["with mail"]["schema"]) == ([], [])
        assert found["not a badge"]["schema"] == [" must have required property 'issuer'"]


@pytest.mark.skipif(
    not strangers.SCHEMA.exists(), reason="1EdTech's schema is kept in ../shared/data/credentials"
)
def test_the_schema_was_asked():
    assert (
        json.loads(strangers.SCHEMA.read_text())["$schema"] == "https://json-schema.org/draft/2019-09/schema#"
    )


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://example.org", "did:web:example.org:riverbend"),
        ("http://localhost:8106", "did:web:localhost%3A8106:riverbend"),
    ],
)
def test_the_did_is_the_address_of_the_program(address, did):
    assert did_of(address, "riverbend") == did


def test_the_did_document_stands_where_its_name_leads(site_client, db):
    thread = cast.program()
    assert site_client.get("/riverbend/did.json").status_code == 404

    document = issued(thread).credential
    response = site_client.get("/riverbend/did.json")

    served = response.json()
    assert response["Content-Type"] == "application/did+json"
    assert served["id"] == document["issuer"]["id"] == "did:web:localhost%3A8000:riverbend"
    (method,) = served["verificationMethod"]
    assert served["assertionMethod"] == [method["id"]] == [document["proof"]["verificationMethod"]]
    assert (
        decode(method["publicKeyMultibase"])[2:] == read_key(thread.program).public_key().public_bytes_raw()
    )


def test_the_key_is_not_the_one_of_the_record_and_only_its_owner_reads_it(db):
    thread = cast.program()
    make_log_key(thread.program)
    key = make_key(thread.program)
    path = settings.ALONGSIDE.keys / "riverbend.credentials"

    assert path.stat().st_mode & 0o777 == 0o600
    assert make_key(thread.program).private_bytes_raw() == key.private_bytes_raw()
    log_key = (settings.ALONGSIDE.keys / "riverbend.key").read_text()
    assert (
        key.public_key().public_bytes_raw().hex() not in log_key and path.read_text().strip() not in log_key
    )
