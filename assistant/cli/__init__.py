"""The command line: parse, call, print. `main` is the entry point; nothing heavy is imported before it is needed."""

from assistant.cli.app import cli, main

__all__ = ["cli", "main"]
