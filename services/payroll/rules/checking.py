"""From a document to a policy that may be used: read, validated, checked whole, hashed, compiled."""

import hashlib

import rfc8785
from pydantic import ValidationError

from services.payroll.rules.compiled import compile_policy
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.evaluate import Policy
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.reading import read
from services.payroll.rules.wholeness import faults


def check(document: bytes | str) -> Policy | tuple[Problem, ...]:
    """The policy, or every problem found, each with its place in the document and what to do."""
    try:
        source = read(document)
        if not isinstance(source.value, dict):
            return (Problem("document", "it holds no policy", "Begin with format: takar.policy/1"),)
        parsed = PolicyDocument.model_validate(source.value)
    except Unreadable as error:
        return error.problems
    except ValidationError as error:
        return tuple(source.problem(one) for one in error.errors())
    problems = tuple(faults(parsed, source))
    return problems or policy_of(parsed)


def policy_of(document: PolicyDocument) -> Policy:
    """The usable form of a document that was checked before, as one read back from its stored JSON.

    The hash is over what the document says, without what it leaves at its default: a grammar that can say more
    gives old documents their old hash.
    """
    canonical = rfc8785.dumps(document.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    return Policy(document, hashlib.sha256(canonical).hexdigest(), compile_policy(document))
