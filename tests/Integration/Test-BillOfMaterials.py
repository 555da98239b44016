"""Judges a CycloneDX document by the published schema: exit code 0 when it holds, else its first problem. usage: BOM SCHEMA-FOLDER"""
import json
import pathlib
import sys

import jsonschema
import referencing

schemas = {path.name: json.loads(path.read_text("utf-8")) for path in pathlib.Path(sys.argv[2]).glob("*.schema.json")}
registry = referencing.Registry().with_resources(
    [("http://cyclonedx.org/schema/" + name, referencing.Resource.from_contents(schema)) for name, schema in schemas.items()])
validator = jsonschema.Draft7Validator(schemas["bom-1.6.SNAPSHOT.schema.json"], registry=registry)
problems = list(validator.iter_errors(json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))))
sys.exit(f"{problems[0].json_path}: {problems[0].message[:200]}" if problems else 0)
