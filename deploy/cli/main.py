"""`takar`: one command for the people who operate it.

Every other module of this package is a command of its name, its Typer app called `app`. It is loaded when it is
asked for, so that `takar up` waits for nothing that it does not need.
"""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from deploy.cli.stack import up

_MINE = {"main", "stack"}


class Commands(TyperGroup):
    """The commands stated here, and one for every other module of this package.

    Any, because Typer brings a click of its own that it does not publish.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted([*super().list_commands(ctx), *_modules()])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        modules = _modules()
        if cmd_name not in modules:
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(import_module(f"deploy.cli.{modules[cmd_name]}").app)
        command.name = cmd_name
        return command


def _modules() -> dict[str, str]:
    """Command by module: `import_.py` is `takar import`."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    commands = {name.strip("_").replace("_", "-"): name for name in found if not name.startswith("_")}
    return {command: name for command, name in commands.items() if name not in _MINE}


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("up")(up)


@app.callback()
def takar() -> None:
    """Takar: recorded work in, an explained allowance out."""


if __name__ == "__main__":
    app()
