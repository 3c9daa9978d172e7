"""The errors a person meets: one sentence that says what happened, where, and what to do.

A traceback is for bugs only. The command line turns these into exit codes; a notebook shows the sentence.
"""

import errno

MACHINE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EMFILE})
"""Errors that are the machine's, not a bug: no right to a file, a disk that is full or read-only."""


class AnalysisError(Exception):
    """Base of the errors meant for a person. ``exit_code`` is what the command line returns."""

    exit_code = 2


class InputError(AnalysisError):
    """Wrong use or unreadable input (exit code 2)."""

    exit_code = 2


class GateError(AnalysisError):
    """The input was read, but a gate refuses to go on: too many bad rows, a breached contract (exit code 3)."""

    exit_code = 3


class Stopped(BaseException):
    """The run was told to stop (SIGTERM or Ctrl-C): no error, so nothing that handles errors may take it for one."""

    exit_code = 143
