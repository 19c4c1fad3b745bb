"""YAML and JSON read without surprises: no float, no duplicate key, no alias, and the line of every value."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic_core import ErrorDetails

from services.payroll.rules.problems import Problem, Unreadable

LARGEST_BYTES = 2_000_000
DEEPEST = 40
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


@dataclass
class _Open:
    """A mapping or sequence whose end has not been read."""

    path: Path
    value: dict[str, Any] | list[Any]
    key: str | None = None


@dataclass
class Source:
    """A document as plain values, and the line on which each value stands."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """The path as people write it, with the line nearest to it."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        name = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        line = self.lines.get(known)
        where = f"(line {line})" if line else ""
        return f"{name} {where}".strip()

    def problem(self, error: ErrorDetails) -> Problem:
        """A pydantic error at the place in this document, in our words."""
        path: Path = ()
        at: Any = self.value
        for step in error["loc"]:
            if (isinstance(at, dict) and step in at) or (isinstance(at, list) and isinstance(step, int)):
                path, at = (*path, step), at[step]  # type: ignore[index]  # a step that fits its container
            elif error["type"] in ("missing", "extra_forbidden") and step == error["loc"][-1]:
                path = (*path, step)
        message, remedy = _words_for(error)
        return Problem(self.place(path) or "document", message, remedy)


def _words_for(error: ErrorDetails) -> tuple[str, str]:
    given = repr(error["input"])
    shown = given if len(given) <= 60 else given[:57] + "..."
    match error["type"]:
        case "missing":
            return "this entry is missing", "Add it"
        case "extra_forbidden":
            return "this key is not known here", "Check its spelling, or take it out"
        case "value_error":
            remedy = str(error["msg"]).removeprefix("Value error, ")
            return f"{shown} does not fit", remedy[:1].upper() + remedy[1:]
        case _:
            return f"{shown} does not fit", str(error["msg"]).replace("Input should", "It should")


def read(document: bytes | str) -> Source:
    """The document's values and lines. Whole numbers become int, everything else stays text as written.

    Raises Unreadable naming the line for what is not YAML, a duplicate key, an alias, a tag, or a
    document too large or too deep.
    """
    if len(document) > LARGEST_BYTES:
        raise _refused("document", "it is larger than 2 MB", "Split it")
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        text.encode("utf-8")
        return _build(text)
    except UnicodeError:
        raise _refused("document", "it is not UTF-8 text", "Save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}" if mark else "document"
        raise _refused(place, f"this is not YAML: {error.problem or error.context}", "Mend it there") from None
    except yaml.YAMLError as error:
        raise _refused("document", "this is not YAML text", str(error).splitlines()[0]) from None


def _refused(place: str, message: str, remedy: str) -> Unreadable:
    return Unreadable((Problem(place, message, remedy),))


def _build(text: str) -> Source:
    source, stack, documents = Source(), list[_Open](), 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refused(_line(event), "a second document begins", "Keep one document a file")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(_line(event), "anchors and aliases are not used here", "Write the value out")
        elif isinstance(event, yaml.ScalarEvent):
            _scalar(source, stack, event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if event.tag or len(stack) >= DEEPEST:
                raise _refused(_line(event), "tagged or too deeply nested", "Write plain, flat entries")
            value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            stack.append(_Open(_place(source, stack, event, value), value))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
    return source


def _line(event: yaml.Event) -> str:
    return f"line {_number(event)}"


def _number(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(source: Source, stack: list[_Open], event: yaml.ScalarEvent) -> None:
    top = stack[-1] if stack else None
    if top and isinstance(top.value, dict) and top.key is None:
        if event.value in top.value:
            place = source.place((*top.path, event.value))
            raise _refused(_line(event), f"{event.value!r} stands twice, also at {place}", "Keep one of them")
        top.key = event.value
        return
    if event.tag:
        raise _refused(_line(event), f"tags such as {event.tag} are not used here", "Take the tag out")
    _place(source, stack, event, _plain(event.value) if event.implicit[0] else event.value)


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text


def _place(source: Source, stack: list[_Open], event: yaml.Event, value: Any) -> Path:
    """Put a value where the document has it; its path."""
    path: Path = ()
    if not stack:
        source.value = value
    else:
        top = stack[-1]
        if isinstance(top.value, list):
            path = (*top.path, len(top.value))
            top.value.append(value)
        else:
            if top.key is None:
                raise _refused(_line(event), "a key must be plain text", "Write it as one word")
            path = (*top.path, top.key)
            top.value[top.key], top.key = value, None
    source.lines[path] = _number(event)
    return path
