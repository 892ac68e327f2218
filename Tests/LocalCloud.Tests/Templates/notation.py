"""Prints what CloudFormation takes for types, in the notation of LocalCloud/Templates/Paper/properties.txt, from the schemas of
CloudFormation's registry that cfn-lint brings along (pip install cfn-lint): python3 notation.py AWS::SQS::Queue ..."""
import sys

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

LEVELS = 1  # of objects inside a type's own properties


def resolve(schema, node):
    while "$ref" in node:
        path, node = node["$ref"].lstrip("#/").split("/"), schema
        for step in path:
            node = node[step]
    return node


def kind(schema, node, levels):
    node = resolve(schema, node)
    if node.get("type") == "array":
        item = node.get("items", {})
        deeper = levels > 0 or resolve(schema, item).get("type") != "object"
        return "[" + (kind(schema, item, levels) if deeper else "*") + "]"
    if node.get("type") == "object" and "properties" in node and levels > 0:
        return "{" + members(schema, node, levels - 1) + "}"
    simple = {"string": "", "integer": "#", "number": "~", "boolean": "?"}
    return simple.get(node["type"], "*") if isinstance(node.get("type"), str) else "*"


def members(schema, node, levels, answered=()):
    required = node.get("required") or []
    return " ".join(
        name + ("!" if name in required else "") + kind(schema, value, levels)
        for name, value in node["properties"].items()
        if name not in answered
    )


for name in sys.argv[1:]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", name).schema
    answered = [path.removeprefix("/properties/") for path in schema.get("readOnlyProperties", [])]
    print(name)
    print(" ", members(schema, schema, LEVELS, answered))
