"""Prints the number of active tags of all repositories of an organization: a plain loop of requests
over one connection, as scripts do it."""

import sys

import requests

url = sys.argv[1] + "/api/v1/repository"
session = requests.Session()
session.trust_env = False
session.headers["Authorization"] = "Bearer bench"


def get(url, **parameters):
    response = session.get(url, params=parameters)
    response.raise_for_status()
    return response.json()


names = []
token = None
while True:
    page = get(url, namespace="acme", next_page=token)
    names += [row["name"] for row in page["repositories"]]
    token = page.get("next_page")
    if token is None:
        break

count = 0
for name in names:
    number = 1
    while True:
        page = get(f"{url}/acme/{name}/tag/", limit=100, page=number, onlyActiveTags="true")
        count += sum(1 for tag in page["tags"] if tag["name"])
        if not page["has_additional"]:
            break
        number += 1

print("tags:", count)
