"""Every command's help as one Markdown page: `python -m assistant.cli.reference > docs/commands.md`."""

from __future__ import annotations

import click

from assistant.cli import cli


def page() -> str:
    """The text of docs/commands.md, at 80 columns whatever the terminal."""
    root = click.Context(cli, info_name="assistant", terminal_width=80, **cli.context_settings)
    parts = [
        "# Commands",
        "Made from `--help` by `python -m assistant.cli.reference > docs/commands.md`.",
        _block(root),
    ]
    for name in cli.list_commands(root):
        _, command, _ = cli.resolve_command(root, [name])
        assert command is not None
        context = click.Context(command, parent=root, info_name=name)
        parts += [f"## assistant {name}", _block(context)]
        for below, child in command.commands.items() if isinstance(command, click.Group) else ():
            inner = click.Context(child, parent=context, info_name=below)
            parts += [f"## assistant {name} {below}", _block(inner)]
    return "\n\n".join(parts) + "\n"


def _block(context: click.Context) -> str:
    return f"```text\n{context.get_help().rstrip()}\n```"


if __name__ == "__main__":
    print(page(), end="")
