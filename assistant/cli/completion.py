"""`completion`: the script that teaches a shell to complete this command."""

from __future__ import annotations

import click

from assistant.cli import common

VARIABLE = "_ASSISTANT_COMPLETE"
# The line with \b keeps click from joining the lines below it.
_HELP = """Print the completion script for your shell: bash, zsh or fish.

\b
bash:  add to ~/.bashrc   eval "$(assistant completion bash)"
zsh:   add to ~/.zshrc    eval "$(assistant completion zsh)"
fish:  run once           assistant completion fish \\
                            > ~/.config/fish/completions/assistant.fish
"""


@click.command(
    help=_HELP,
    epilog='Example: eval "$(assistant completion bash)"',
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    common.show(kind(context.find_root().command, {}, "assistant", VARIABLE).source())
