"""Lists the public items of a crate from rustdoc's JSON, one a line, so that a diff shows what a
change means for users."""

import json
import sys

# What this reads. A newer compiler may write another: see its release notes, and raise this.
FORMATS = range(53, 64)

crate = json.load(open(sys.argv[1], encoding="utf-8"))
if crate["format_version"] not in FORMATS:
    sys.exit(
        f"rustdoc's JSON has the format {crate['format_version']}; "
        f"known are {FORMATS.start} to {FORMATS.stop - 1}"
    )
index = crate["index"]
# Traits that every type has, or that say nothing about how it is used.
BLANKET = {
    "Any",
    "Borrow",
    "BorrowMut",
    "CloneToUninit",
    "From",
    "Into",
    "ToOwned",
    "TryFrom",
    "TryInto",
    "Freeze",
    "RefUnwindSafe",
    "UnwindSafe",
    "UnsafeUnpin",
    "StructuralPartialEq",
    "ErasedDestructor",
}
lines: set[str] = set()


def item(key):
    return index.get(str(key))


def args(value) -> str:
    if not value:
        return ""
    if "angle_bracketed" in value:
        inner = [arg(a) for a in value["angle_bracketed"]["args"]]
        for constraint in value["angle_bracketed"]["constraints"]:
            binding = constraint["binding"]
            if "equality" in binding:
                equal = binding["equality"]
                is_type = isinstance(equal, dict) and "type" in equal
                inner.append(f"{constraint['name']} = {arg(equal) if is_type else term(equal)}")
            else:
                inner.append(f"{constraint['name']}: {bounds(binding['constraint'])}")
        return f"<{', '.join(inner)}>" if inner else ""
    if "parenthesized" in value:
        inner = value["parenthesized"]
        output = f" -> {kind(inner['output'])}" if inner["output"] else ""
        return f"({', '.join(map(kind, inner['inputs']))}){output}"
    return "(..)"


def term(value) -> str:
    return kind(value["type"]) if "type" in value else str(value.get("constant", {}).get("expr"))


def arg(value) -> str:
    if isinstance(value, str):
        return "_"
    ((name, inner),) = value.items()
    return {"lifetime": lambda: inner, "type": lambda: kind(inner)}.get(
        name, lambda: str(inner.get("expr", inner))
    )()


def path(value) -> str:
    return value["path"].split("::")[-1] + args(value.get("args"))


def bound(value) -> str:
    if "trait_bound" in value:
        maybe = "?" if value["trait_bound"]["modifier"] == "maybe" else ""
        return maybe + path(value["trait_bound"]["trait"])
    return value.get("outlives") or "use<..>"


def bounds(values) -> str:
    return " + ".join(map(bound, values))


def kind(value) -> str:
    if isinstance(value, str):
        return "_"
    ((name, inner),) = value.items()
    if name == "resolved_path":
        return path(inner)
    if name in ("generic", "primitive"):
        return inner
    if name == "tuple":
        return f"({', '.join(map(kind, inner))})"
    if name == "slice":
        return f"[{kind(inner)}]"
    if name == "array":
        return f"[{kind(inner['type'])}; {inner['len']}]"
    if name == "borrowed_ref":
        lifetime = f"{inner['lifetime']} " if inner["lifetime"] else ""
        return f"&{lifetime}{'mut ' if inner['is_mutable'] else ''}{kind(inner['type'])}"
    if name == "raw_pointer":
        return f"*{'mut' if inner['is_mutable'] else 'const'} {kind(inner['type'])}"
    if name == "impl_trait":
        return f"impl {bounds(inner)}"
    if name == "dyn_trait":
        parts = [path(t["trait"]) for t in inner["traits"]] + (
            [inner["lifetime"]] if inner["lifetime"] else []
        )
        return f"dyn {' + '.join(parts)}"
    if name == "qualified_path":
        of = path(inner["trait"]) if inner["trait"] else "_"
        return f"<{kind(inner['self_type'])} as {of}>::{inner['name']}"
    if name == "function_pointer":
        return f"fn{signature(inner['sig'])}"
    sys.exit(f"a type of an unknown kind: {name}")


def signature(sig) -> str:
    def parameter(name, value):
        shown = kind(value)
        if name == "self":
            return {"Self": "self", "&Self": "&self", "&mut Self": "&mut self"}.get(
                shown, f"self: {shown}"
            )
        return shown

    output = f" -> {kind(sig['output'])}" if sig["output"] else ""
    return f"({', '.join(parameter(*i) for i in sig['inputs'])}){output}"


def generics(value) -> tuple[str, str]:
    names, clauses = [], []
    for parameter in value["params"]:
        ((what, inner),) = parameter["kind"].items()
        if what == "type":
            if inner["is_synthetic"]:
                continue
            names.append(
                parameter["name"] + (f": {bounds(inner['bounds'])}" if inner["bounds"] else "")
            )
        else:
            names.append(parameter["name"])
    for clause in value["where_predicates"]:
        if "bound_predicate" in clause:
            predicate = clause["bound_predicate"]
            clauses.append(f"{kind(predicate['type'])}: {bounds(predicate['bounds'])}")
    return (f"<{', '.join(names)}>" if names else ""), (
        f" where {', '.join(clauses)}" if clauses else ""
    )


def function(prefix: str, name: str, inner) -> None:
    header = inner["header"]
    words = "".join(
        word
        for flag, word in (("is_const", "const "), ("is_async", "async "), ("is_unsafe", "unsafe "))
        if header[flag]
    )
    names, where = generics(inner["generics"])
    lines.add(f"{words}fn {prefix}::{name}{names}{signature(inner['sig'])}{where}")


def impls(prefix: str, keys) -> None:
    for key in keys:
        found = item(key)
        if not found or "impl" not in found["inner"]:
            continue
        inner = found["inner"]["impl"]
        if inner["trait"] is None:
            for key in inner["items"]:
                child = item(key)
                if child and child["visibility"] == "public":
                    declare(prefix, child)
            continue
        name = inner["trait"]["path"].split("::")[-1]
        own = not inner["is_synthetic"] and inner["blanket_impl"] is None
        if name in BLANKET and not own or inner["blanket_impl"] is not None:
            continue
        negative = "!" if inner["is_negative"] else ""
        lines.add(
            f"impl {negative}{path(inner['trait'])} for {prefix}"
            if name != "StructuralPartialEq"
            else ""
        )


def attributes(found) -> str:
    return "#[non_exhaustive] " if any("non_exhaustive" in str(a) for a in found["attrs"]) else ""


def declare(prefix: str, found, name=None) -> None:
    name = name or found["name"]
    what, inner = next(iter(found["inner"].items()))
    full = f"{prefix}::{name}"
    if what == "use":
        target = item(inner["id"])
        if inner["is_glob"]:
            members(prefix, target)
        elif target:
            declare(prefix, target, inner["name"])
        else:
            lines.add(f"use {prefix}::{inner['name']} = {inner['source']}")
    elif what == "module":
        lines.add(f"mod {full}")
        members(full, found)
    elif what == "function":
        function(prefix, name, inner)
    elif what == "struct":
        names, where = generics(inner["generics"])
        lines.add(f"{attributes(found)}struct {full}{names}{where}")
        fields = (
            inner["kind"].get("plain", {}).get("fields", [])
            if isinstance(inner["kind"], dict)
            else []
        )
        for field in filter(None, map(item, fields)):
            lines.add(f"field {full}.{field['name']}: {kind(field['inner']['struct_field'])}")
        impls(full, inner["impls"])
    elif what == "enum":
        lines.add(f"{attributes(found)}enum {full}{generics(inner['generics'])[0]}")
        for variant in filter(None, map(item, inner["variants"])):
            shape = variant["inner"]["variant"]["kind"]
            fields = ""
            if isinstance(shape, dict) and "tuple" in shape:
                found_fields = [item(f) if f is not None else None for f in shape["tuple"]]
                types = [kind(f["inner"]["struct_field"]) if f else "_" for f in found_fields]
                fields = f"({', '.join(types)})"
            elif isinstance(shape, dict) and "struct" in shape:
                named = filter(None, map(item, shape["struct"]["fields"]))
                types = [f"{f['name']}: {kind(f['inner']['struct_field'])}" for f in named]
                fields = f" {{ {', '.join(types)} }}"
            lines.add(f"variant {full}::{variant['name']}{fields}")
        impls(full, inner["impls"])
    elif what == "trait":
        names, where = generics(inner["generics"])
        lines.add(
            f"trait {full}{names}{': ' + bounds(inner['bounds']) if inner['bounds'] else ''}{where}"
        )
        for child in filter(None, map(item, inner["items"])):
            declare(full, child)
    elif what in ("constant", "static"):
        lines.add(f"{what} {full}: {kind(inner['type'])}")
    elif what == "assoc_const":
        lines.add(f"const {full}: {kind(inner['type'])}")
    elif what == "type_alias":
        lines.add(f"type {full}{generics(inner['generics'])[0]} = {kind(inner['type'])}")
    elif what == "assoc_type":
        lines.add(f"type {full}")
    elif what == "macro":
        lines.add(f"macro {full}!")
    else:
        sys.exit(f"an item of an unknown kind: {what} {full}")


def members(prefix: str, found) -> None:
    for key in found["inner"]["module"]["items"]:
        child = item(key)
        if child and (child["visibility"] == "public"):
            declare(prefix, child)


root = item(crate["root"])
members(root["name"], root)
print("\n".join(sorted(lines - {""})))
