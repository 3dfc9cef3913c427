"""How answers are described: fields by name from one glossary, rows, lists, maps, and what may be null or left out.

row("code due_on? why~", deadline=DEADLINE) has a field `due_on` that may be null, one `why` that may be left out, and
one that is described here. It takes no other fields, so that a test notices every field that comes or goes.
"""

from typing import Any

from states.vocabulary import Source
from web.api.answers.glossary import WORDS

Schema = dict[str, Any]
#: Rows that several answers share, by the name under which programs know them.
COMPONENTS: dict[str, Schema] = {}


def word(name: str) -> Schema:
    """The field of a name, whatever row it stands in. Raises KeyError for a name that the glossary does not have."""
    if name in WORDS:
        return WORDS[name]
    if name.endswith("_label"):
        return {"type": "string", "description": f"`{name.removesuffix('_label')}` in Vietnamese words"}
    raise KeyError(f"{name} is not in the glossary of answers")


def row(fields: str = "", about: str = "", /, **more: Schema) -> Schema:
    """An object with exactly these fields; `?` after a name says that it may be null, `~` that it may be left out."""
    properties: dict[str, Schema] = {}
    required = []
    for told in fields.split():
        name = told.rstrip("?~")
        schema = more.pop(name, None) or word(name)
        properties[name] = maybe(schema) if "?" in told[len(name) :] else schema
        if "~" not in told[len(name) :]:
            required.append(name)
    properties |= more
    required += more
    found: Schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return found | ({"description": about} if about else {})


def joined(*rows: Schema, **more: Schema) -> Schema:
    """A row with the fields of several."""
    plain = [COMPONENTS[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in rows]
    found = row("", **more)
    for one in reversed(plain):
        found["properties"] = one["properties"] | found["properties"]
        found["required"] = [*one["required"], *(name for name in found["required"] if name not in one["required"])]
    return found


def named(name: str, schema: Schema) -> Schema:
    """Describe a row once, under a name."""
    COMPONENTS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if "anyOf" in schema:
        return schema | {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "type" in schema and isinstance(schema["type"], str) and schema["type"] != "object":
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema, about: str = "") -> Schema:
    found: Schema = {"type": "array", "items": schema}
    return found | ({"description": about} if about else {})


def keyed(by: str, schema: Schema) -> Schema:
    """An object whose keys are codes, such as those of targets."""
    return {"type": "object", "additionalProperties": schema, "description": f"By {by}"}


def sourced(schema: Schema, *, every: bool = True) -> Schema:
    """One value for each source of money, or for those that have one."""
    found = row(" ".join(Source), **{str(source): schema for source in Source})
    return found if every else found | {"required": []}


def paged(name: str, schema: Schema) -> Schema:
    """A page of rows under a name."""
    return row("next_offset", **{name: many(schema)})


def figures(fields: str, unit: str) -> dict[str, Schema]:
    """Whole numbers of one unit, by their names."""
    return {name: {"type": "integer", "description": f"In {unit}"} for name in fields.split()}


def sentences(about: str) -> Schema:
    return many({"type": "string"}, f"{about}; sentences in Vietnamese")


def codes(about: str) -> Schema:
    return many({"type": "string"}, about)
