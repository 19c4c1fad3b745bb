"""The mutated modules in this process: which functions have mutants, and putting a mutant in a function's place.

mutmut wraps every function to look up at each call which mutant is asked for. Here the wrapping is left out and a
mutant's code is put into the function itself: calls cost what they cost, and whoever imported the function has the
mutant.
"""

import gc
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType
from typing import Any

from mutmut.mutation import trampoline
from mutmut.utils.format_utils import mangled_name_from_mutant_name

ORIGINAL = "_mutmut_orig"
_wrapped: list[tuple[FunctionType, dict[str, Any]]] = []


def leave_unwrapped() -> None:
    """To be said before a mutated module is imported."""

    def keep(mutants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Any], Any]:
        def kept(function: Any) -> Any:
            _wrapped.append((function, mutants))
            return function

        return kept

    trampoline.wrap_in_trampoline = keep  # type: ignore[assignment] # the modules of ./mutants import it by this name


def function_of(mutant: str) -> str:
    """The function that a mutant is of, as mutmut writes both."""
    return str(mangled_name_from_mutant_name(mutant))


def _plain(function: Any) -> FunctionType:
    found = getattr(function, "__func__", function)
    assert isinstance(found, FunctionType)
    return found


class Rooms:
    """All functions of the imported modules that have mutants, by mutmut's name of the function."""

    def __init__(self) -> None:
        self.functions: dict[str, tuple[FunctionType, dict[str, Any]]] = {}
        for function, mutants in _wrapped:
            original = _plain(mutants[ORIGINAL])
            name = f"{original.__module__}.{original.__name__.removesuffix('_' + ORIGINAL)}"
            self.functions[name] = (_plain(function), mutants)
            _put(_plain(function), original)
        self.codes = {code: name for name in self.functions for code in self.codes_of(name)}

    def codes_of(self, function: str) -> Iterator[CodeType]:
        """The code of the function as it is now, and of what is defined within it."""
        return _nested(self.functions[function][0].__code__)

    def put(self, mutant: str) -> None:
        """From now on the function is this mutant, in this process."""
        function, mutants = self.functions[function_of(mutant)]
        _put(function, _plain(mutants[mutant.rpartition(".")[2]]))


def _put(function: FunctionType, other: FunctionType) -> None:
    function.__code__, function.__defaults__ = other.__code__, other.__defaults__
    function.__kwdefaults__ = other.__kwdefaults__


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _nested(one)


def forget_all() -> None:
    """Empty every cache of a function there is in this process."""
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper):
            one.cache_clear()
