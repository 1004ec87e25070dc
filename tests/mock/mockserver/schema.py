# SPDX-License-Identifier: LGPL-3.0-or-later
"""Strict checks of JSON bodies and form fields against tables of fields."""

import re


class Field:
    """What one value must be."""

    def __init__(self, kind, required=False, default=None, low=None, high=None,
                 choices=None, nullable=False, item=None, fields=None,
                 multiple=None, options=None, above=None, pattern=None):
        self.kind = kind
        self.required = required
        self.default = default
        self.low = low
        self.high = high
        self.choices = choices
        self.nullable = nullable
        self.item = item
        self.fields = fields
        self.multiple = multiple
        self.options = options
        self.above = above
        self.pattern = pattern


class Problem:
    """One violation: where, what, and the name of its kind."""

    def __init__(self, loc, text, kind, ctx=None, value=None):
        self.loc = loc
        self.text = text
        self.kind = kind
        self.ctx = ctx
        self.value = value

    def __str__(self):
        return f"{'.'.join(map(str, self.loc))}: {self.text}"


def text(low=0, high=None, **more):
    """A string, with limits of its length."""
    return Field("text", low=low, high=high, **more)


def choice(*choices, **more):
    """One of some strings."""
    return Field("text", choices=choices, **more)


def integer(low=None, high=None, **more):
    """A whole number."""
    return Field("integer", low=low, high=high, **more)


def number(low=None, high=None, **more):
    """A number."""
    return Field("number", low=low, high=high, **more)


def boolean(**more):
    """True or false."""
    return Field("boolean", **more)


def array(item, low=0, high=None, **more):
    """A list."""
    return Field("array", item=item, low=low, high=high, **more)


def record(fields, **more):
    """An object with these fields and no others."""
    return Field("object", fields=fields, **more)


def anything(**more):
    """Any value."""
    return Field("any", **more)


def either(*options, **more):
    """One of several fields."""
    return Field("either", options=options, **more)


def image(**more):
    """A data: or http(s) URL of a picture."""
    return Field("text", low=1, pattern=r"(data:|https?://)", **more)


def size(presets, low=1, high=14142, **more):
    """A preset's name or {width, height}."""
    side = integer(low, high, required=True)
    return either(choice(*presets), record({"width": side, "height": side}),
                  **more)


def check(fields, body, loc=("body",), unknown=True):
    """Problems of an object; none when it is right."""
    if not isinstance(body, dict):
        return [Problem(list(loc), "Input should be an object", "dict_type",
                        value=body)]
    problems = []
    for name, field in fields.items():
        if name in body:
            problems += check_value(field, body[name], [*loc, name])
        elif field.required:
            problems.append(Problem([*loc, name], "Field required", "missing"))
    if unknown:
        for name in body:
            if name not in fields:
                problems.append(Problem([*loc, name], "Extra inputs are not "
                                        "permitted", "extra_forbidden",
                                        value=body[name]))
    return problems


def check_value(field, value, loc):
    """Problems of one value."""
    if value is None and field.nullable:
        return []
    return CHECKS[field.kind](field, value, loc)


def check_text(field, value, loc):
    """A string."""
    if not isinstance(value, str):
        return [Problem(loc, "Input should be a valid string", "string_type",
                        value=value)]
    if field.choices and value not in field.choices:
        wanted = ", ".join(f"'{c}'" for c in field.choices)
        return [Problem(loc, f"Input should be {wanted}", "literal_error",
                        {"expected": wanted}, value)]
    if field.pattern and not re.match(field.pattern, value):
        return [Problem(loc, "Input should be a valid URL", "value_error",
                        value=value[:100])]
    return check_length(field, value, loc, "string")


def check_length(field, value, loc, kind):
    """Limits of a string's or list's length."""
    if field.low and len(value) < field.low:
        return [Problem(loc, f"Too short: at least {field.low}",
                        f"{kind}_too_short", {"min_length": field.low})]
    if field.high is not None and len(value) > field.high:
        return [Problem(loc, f"Too long: at most {field.high}",
                        f"{kind}_too_long", {"max_length": field.high})]
    return []


def check_number(field, value, loc):
    """An integer or a number."""
    right = (int,) if field.kind == "integer" else (int, float)
    if isinstance(value, bool) or not isinstance(value, right):
        kind = "int" if field.kind == "integer" else "float"
        return [Problem(loc, f"Input should be a valid {field.kind}",
                        f"{kind}_type", value=value)]
    if field.low is not None and value < field.low:
        return [Problem(loc, "Input should be greater than or equal to "
                        f"{field.low}", "greater_than_equal",
                        {"ge": field.low}, value)]
    if field.above is not None and value <= field.above:
        return [Problem(loc, f"Input should be greater than {field.above}",
                        "greater_than", {"gt": field.above}, value)]
    if field.high is not None and value > field.high:
        return [Problem(loc, "Input should be less than or equal to "
                        f"{field.high}", "less_than_equal",
                        {"le": field.high}, value)]
    if field.choices and value not in field.choices:
        return [Problem(loc, f"Input should be one of {field.choices}",
                        "literal_error", {"expected": list(field.choices)},
                        value)]
    if field.multiple and value % field.multiple:
        return [Problem(loc, f"Input should be a multiple of {field.multiple}",
                        "multiple_of", {"multiple_of": field.multiple}, value)]
    return []


def check_boolean(_field, value, loc):
    """True or false."""
    if isinstance(value, bool):
        return []
    return [Problem(loc, "Input should be a valid boolean", "bool_type",
                    value=value)]


def check_array(field, value, loc):
    """A list and its items."""
    if not isinstance(value, list):
        return [Problem(loc, "Input should be a valid list", "list_type",
                        value=value)]
    problems = check_length(field, value, loc, "sequence")
    for i, item in enumerate(value):
        problems += check_value(field.item, item, [*loc, i])
    return problems


def check_either(field, value, loc):
    """The problems of the option of the right type, or of the first."""
    worst = None
    for option in field.options:
        problems = check_value(option, value, loc)
        if not problems:
            return []
        if worst is None or not problems[0].kind.endswith("_type"):
            worst = problems
    return worst


CHECKS = {
    "text": check_text,
    "integer": check_number,
    "number": check_number,
    "boolean": check_boolean,
    "array": check_array,
    "object": lambda field, value, loc: check(field.fields, value, loc),
    "any": lambda field, value, loc: [],
    "either": check_either,
}


def from_form(fields, parts):
    """Form values as the types that the fields ask for, where they fit."""
    out = {}
    for name, value in parts.items():
        field = fields.get(name)
        out[name] = value
        if field is None or not isinstance(value, str):
            continue
        if field.kind == "integer" and re.fullmatch(r"-?\d+", value):
            out[name] = int(value)
        elif field.kind == "number" and re.fullmatch(
                r"-?\d+(\.\d+)?(e[+-]?\d+)?", value, re.I):
            out[name] = float(value)
        elif field.kind == "boolean" and value in ("true", "false"):
            out[name] = value == "true"
    return out
