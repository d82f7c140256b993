#!/usr/bin/env python3
"""Calls a server with the client that openapi-python-client generated from docs/openapi.json.

The server is the sandbox with its demo data, named by QUAY_URL and QUAY_TOKEN. `cargo xtask openapi
--python-client` generates the client and runs this.
"""

import os
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from quay_client import AuthenticatedClient, Client
from quay_client.api.discovery import discovery
from quay_client.api.logs import list_org_logs
from quay_client.api.organization import get_organization
from quay_client.api.repository import create_repo, delete_repository, get_repo, list_repos
from quay_client.api.repository import update_repo
from quay_client.api.robot import create_org_robot, delete_org_robot, get_org_robots
from quay_client.api.tag import change_tag, list_repo_tags
from quay_client.api.user import get_logged_in_user
from quay_client.models import (
    CreateRepository, CreateRobot, ErrorResponse, LogPage, RepositoryPage, TagPage, UpdateTag,
)
from quay_client.models import UpdateRepository
from quay_client.types import UNSET

URL = os.environ["QUAY_URL"]
quay = AuthenticatedClient(base_url=URL, token=os.environ["QUAY_TOKEN"])
calls = 0


def call(operation, *args, client=quay, expect, **kwargs):
    """Returns the parsed body of a response that has to have a status."""
    global calls
    calls += 1
    response = operation.sync_detailed(*args, client=client, **kwargs)
    assert response.status_code == expect, (operation.__name__, response)
    return response.parsed


def reads():
    assert call(get_logged_in_user, expect=200).username == "quayadmin"
    organization = call(get_organization, "acme", expect=200)
    assert organization.name == "acme" and organization.teams.additional_properties
    # The name of a repository holds a slash, also within the namespace.
    repository = call(get_repo, "acme/base/jre", expect=200)
    assert (repository.namespace, repository.name) == ("acme", "base/jre")
    # No token is needed for what is public.
    document = call(discovery, client=Client(base_url=URL), expect=200)
    assert document.paths


def writes():
    body = CreateRepository(
        namespace="acme", repository="from-python", visibility="private", description=""
    )
    assert call(create_repo, body=body, expect=201).name == "from-python"
    call(update_repo, "acme/from-python", body=UpdateRepository("Made in Python"), expect=200)
    assert call(get_repo, "acme/from-python", expect=200).description == "Made in Python"
    # What exists already is a 400.
    error = call(create_repo, body=body, expect=400)
    assert isinstance(error, ErrorResponse) and "exists" in f"{error.detail} {error.message}"
    call(delete_repository, "acme/from-python", expect=204)

    robot = call(create_org_robot, "acme", "python", body=CreateRobot("A robot"), expect=201)
    assert robot.name == "acme+python" and robot.token
    names = [robot.name for robot in call(get_org_robots, "acme", token=False, expect=200).robots]
    assert "acme+python" in names
    call(delete_org_robot, "acme", "python", expect=204)


def pages():
    # By number, while `has_additional` is true.
    names, page = [], 1
    while True:
        tags = call(list_repo_tags, "acme/web", page=page, limit=20, expect=200)
        assert isinstance(tags, TagPage) and tags.page == page
        names += [tag.name for tag in tags.tags]
        if not tags.has_additional:
            break
        page += 1
    assert page > 1 and len(names) > 20, (page, len(names))

    # By token, until the response has none; a page may be empty before that.
    seen, token, rows = set(), UNSET, 0
    now = datetime.now(timezone.utc)
    span = {"starttime": f"{now - timedelta(days=30):%m/%d/%Y}", "endtime": f"{now:%m/%d/%Y}"}
    while True:
        logs = call(list_org_logs, "acme", next_page=token, **span, expect=200)
        assert isinstance(logs, LogPage)
        rows += len(logs.logs)
        token = logs.next_page
        if not token:
            break
        assert token not in seen, "the listing began again"
        seen.add(token)
    assert len(seen) > 1 and rows > 20, (len(seen), rows)
    listed = call(list_repos, namespace="acme", last_modified=True, expect=200)
    assert isinstance(listed, RepositoryPage) and len(listed.repositories) > 5


def errors():
    error = call(get_repo, "acme/missing", expect=404)
    assert (error.status, error.title) == (404, "not_found"), error
    # A token that is not valid makes a write anonymous.
    stranger = AuthenticatedClient(base_url=URL, token="not-a-token")
    error = call(create_org_robot, "acme", "no", client=stranger, expect=403)
    assert "CSRF" in error.error, error


def dates_and_null():
    def tag():
        tags = call(list_repo_tags, "acme/web", only_active_tags=True, limit=1, expect=200).tags
        return tags[0]

    before = tag()
    # `rfc2822` and `unix-seconds` of the same time.
    modified = parsedate_to_datetime(before.last_modified)
    assert modified.timestamp() == before.start_ts, before
    assert not before.expiration and not before.end_ts
    at = int((datetime.now(timezone.utc) + timedelta(days=7)).timestamp())
    call(change_tag, "acme/web", before.name, body=UpdateTag(expiration=at), expect=201)
    assert parsedate_to_datetime(tag().expiration).timestamp() == at
    # A missing field leaves the value as it is, null clears it.
    digest = UpdateTag(immutable=False)
    call(change_tag, "acme/web", before.name, body=digest, expect=201)
    assert tag().end_ts == at
    call(change_tag, "acme/web", before.name, body=UpdateTag(expiration=None), expect=201)
    assert not tag().end_ts


for part in (reads, writes, pages, errors, dates_and_null):
    part()
print(f"{calls} calls of a generated client, all as described")
