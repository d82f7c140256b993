#!/usr/bin/env python3
"""Reads off a clone of quay/quay, with its tags, which release brought each operation, which one
lists it in the discovery document, and under which settings the newest release has it. Prints where
overlay/ says otherwise. It does not see what a function checks itself (createGlobalMessage,
getSuperUserConfig), and what is outside of endpoints/api (initializeUser). A run takes minutes.

    scripts/operations-by-release.py PATH_TO_CLONE
"""

import ast
import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
OLDEST = (3, 8, 0)
METHODS = ("get", "put", "post", "delete", "patch")


def git(clone, *arguments):
    command = ["git", "-C", clone, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def releases(clone):
    """The tags of releases since the oldest supported one, in order."""
    found = [re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)", tag) for tag in git(clone, "tag").split()]
    numbers = sorted(tuple(map(int, tag.groups())) for tag in found if tag)
    return [number for number in numbers if number >= OLDEST]


def decorator(node):
    """The name of a decorator, and its arguments."""
    call = node.func if isinstance(node, ast.Call) else node
    name = getattr(call, "id", getattr(call, "attr", ""))
    return name, node.args if isinstance(node, ast.Call) else []


def path_of(argument):
    """The path of a `@resource`. Some of manifests begin with a constant."""
    texts = [node.value for node in ast.walk(argument) if isinstance(node, ast.Constant)]
    path = next(iter(texts), "")
    if not path.startswith("/v1/"):
        path = "/v1/repository/<repository>/manifest/<manifestref>" + path
    return "/api" + re.sub(r"<([^:>]+:)*\w+>", "{}", path)


def operations(clone, tag):
    """By method and path: whether the operation is listed, and the settings it depends on."""
    found = {}
    for file in git(clone, "ls-tree", "--name-only", tag, "endpoints/api/").split():
        if not file.endswith(".py") or file.endswith("__init__.py"):
            continue
        for item in ast.parse(git(clone, "show", f"{tag}:{file}")).body:
            if isinstance(item, ast.ClassDef):
                of_class(item, found)
    return found


def of_class(item, found):
    paths, conditions = [], []
    for name, arguments in map(decorator, item.decorator_list):
        if name == "resource":
            paths += map(path_of, arguments)
        elif name == "show_if":
            conditions.append(ast.unparse(arguments[0]))
    for function in item.body:
        if not isinstance(function, ast.FunctionDef) or function.name not in METHODS:
            continue
        decorators = [decorator(node) for node in function.decorator_list]
        own = [ast.unparse(arguments[0]) for name, arguments in decorators if name == "show_if"]
        condition = " ".join(conditions + own)
        settings = {"FEATURE_" + name for name in re.findall(r"features\.([A-Z_]+)", condition)}
        settings |= set(re.findall(r"config(?:\.get\(|\[)'([A-Z_]+)'", condition))
        is_listed = any(name == "nickname" for name, _ in decorators)
        for path in paths:
            found[f"{function.name} {path}"] = (is_listed, settings)


def overlay():
    entries = {}
    for file in sorted((ROOT / "overlay").glob("*.toml")):
        entries.update(tomllib.loads(file.read_text()).get("operations", {}))
    return entries


def routes(entries):
    """Method and path of each operation, by identifier."""
    document = json.loads((ROOT / "discovery.json").read_text())
    found = {
        operation["operationId"]: f"{method} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }
    for identifier, entry in entries.items():
        if "method" in entry:
            found[identifier] = f"{entry['method']} {entry['path']}"
    return {name: re.sub(r"{[^}]*}", "{}", route) for name, route in found.items()}


def name_of(release):
    major, minor, patch = release
    return f"{major}.{minor}.{patch}" if patch else f"{major}.{minor}"


def main(clone):
    history = [
        (number, operations(clone, "v%d.%d.%d" % number)) for number in releases(clone)
    ]
    newest = history[-1][1]
    entries = overlay()
    for identifier, route in sorted(routes(entries).items()):
        having = [number for number, found in history if route in found]
        listing = [number for number, found in history if route in found and found[route][0]]
        said = entries[identifier]
        if not having:
            print(f"{identifier}: no release has {route}")
            continue
        since = name_of(having[0]) if having[0] > OLDEST else None
        listed = name_of(listing[0]) if listing and listing[0] != having[0] else None
        settings = newest.get(route, (False, set()))[1]
        feature = said.get("feature", [])
        feature = {feature} if isinstance(feature, str) else set(feature)
        for key, found, known in [
            ("since", since, said.get("since")),
            ("listed", listed, said.get("listed")),
            ("feature", sorted(settings), sorted(feature)),
        ]:
            if found != known:
                print(f"{identifier}: {key} is {found}, the overlay has {known}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
