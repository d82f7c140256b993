#!/usr/bin/env python3
"""Compares recorded exchanges with the schemas of an OpenAPI document.

Usage: openapi-recordings.py DOCUMENT EXCHANGES
"""

import json
import sys

from openapi_schema_validator import OAS30Validator


def with_null(schema):
    """Says in terms of JSON Schema that `nullable` beside `allOf` allows null."""
    if isinstance(schema, list):
        return [with_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: with_null(value) for key, value in schema.items()}
    if schema.get("nullable") is True and "allOf" in schema:
        return {"anyOf": [{"allOf": schema["allOf"]}, {"enum": [None], "nullable": True}]}
    return schema


def main(document, exchanges):
    with open(document, encoding="utf-8") as file:
        document = json.load(file)
    components = {"schemas": with_null(document["components"]["schemas"])}
    operations = {
        operation["operationId"]: operation
        for item in document["paths"].values()
        for operation in item.values()
    }
    findings, compared = set(), {"requests": 0, "responses": 0, "errors": 0}

    def compare(kind, where, content, body):
        schema = content["content"]["application/json"]["schema"]
        validator = OAS30Validator({"allOf": [with_null(schema)], "components": components})
        compared[kind] += 1
        for error in validator.iter_errors(body):
            path = "/".join("N" if isinstance(p, int) else p for p in error.absolute_path)
            findings.add(f"{where} {path}: {error.message[:200]}")

    with open(exchanges, encoding="utf-8") as file:
        for line in file:
            exchange = json.loads(line)
            operation = operations.get(exchange["operation_id"])
            if operation is None:
                continue
            where = exchange["operation_id"]
            body, status = exchange["response_body"], str(exchange["status"])
            response = operation["responses"].get(status)
            if response is None:
                if status.startswith("2"):
                    findings.add(f"{where}: the status {status} is not in the document")
                elif isinstance(body, dict):
                    error = document["components"]["responses"]["Error"]
                    compare("errors", where, error, body)
                continue
            if "application/json" in response.get("content", {}):
                compare("responses", where, response, body)
            if status.startswith("2") and exchange["request_body"] and "requestBody" in operation:
                compare("requests", where, operation["requestBody"], exchange["request_body"])
    for finding in sorted(findings):
        print(finding)
    print(", ".join(f"{number} {kind}" for kind, number in compared.items()), "compared")
    # A file that can't be matched would make the comparison empty.
    return 1 if findings or not all(compared.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
