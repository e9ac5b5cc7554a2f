"""What the process of the protobuf compiler runs, as a script: it loads nothing else of archlint.

Each line of its standard input names a file with arguments for the compiler, parted by zero bytes; the
answer is a line with the compiler's exit code. Where its input ends, who asked has died, and it takes away
the folder that it works in.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

_OUTPUT = b"--descriptor_set_out="
_MANY = 200
"""Arguments from which on it pays to copy the process, which takes 2 ms."""
_AT_ONCE = 1 << 20
"""Bytes of a result that are passed on in one piece."""

Compile = Callable[[Sequence[bytes]], int]
"""Runs the compiler with arguments; its exit code."""


def serve(packages: str, memory: int) -> None:
    """Compile until nothing more is asked for, with the compiler that lies in a folder of packages, in at
    most so many bytes of address space."""
    _limit(memory)
    sys.path.append(packages)
    from grpc_tools import _protoc_compiler

    with suppress(BrokenPipeError):  # nobody waits for the answer any more
        for line in sys.stdin.buffer:
            with open(line.rstrip(b"\n"), "rb") as request:  # noqa: PTH123
                arguments = request.read().split(b"\0")
            os.write(1, b"%d\n" % answer(_protoc_compiler.run_main, arguments))
    shutil.rmtree(os.getcwd(), ignore_errors=True)  # noqa: PTH109


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no limits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # this one has less already
        return


def answer(run: Compile, arguments: Sequence[bytes]) -> int:
    """The exit code of the compiler; for many files it runs in a copy of this process, where there can be
    one."""
    outputs = [each for each in arguments if each.startswith(_OUTPUT)]
    if sys.platform != "linux" or len(arguments) < _MANY or len(outputs) != 1:
        return run(arguments)
    pipe = b"result-%d" % os.getpid()
    rest = [each for each in arguments if each not in outputs]
    try:
        os.mkfifo(pipe)
        is_at_work, works = os.pipe()
        copy = os.fork()
    except OSError:  # not every file system has pipes, and no more processes may be allowed
        return run(arguments)
    if copy == 0:
        os._exit(run([*rest, _OUTPUT + pipe]))
    os.close(works)
    try:
        return _answer_of(copy, is_at_work, pipe, outputs[0].removeprefix(_OUTPUT))
    finally:
        os.close(is_at_work)
        os.unlink(pipe)  # noqa: PTH108


def _answer_of(copy: int, is_at_work: int, pipe: bytes, output: bytes) -> int:
    """The exit code of a copy of this process, which is ended when its result is there: that is the last
    thing that the compiler makes, and to take apart what it has built takes it an eighth of its time."""
    result = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    ready, _, _ = select.select((result, is_at_work), (), ())
    is_made = result in ready and _passed_on(result, output)
    os.close(result)
    if is_made:
        os.kill(copy, signal.SIGTERM)  # SIGKILL is what a system ends it with that has no memory left
    _, status = os.waitpid(copy, 0)
    code = os.waitstatus_to_exitcode(status)
    if is_made and code in (0, -signal.SIGTERM):
        return 0
    if code < 0:  # it crashed, which ends this process too
        os._exit(1)
    return code


def _passed_on(result: int, output: bytes) -> bool:
    """Write to a file what comes out of a pipe; whether that is anything."""
    os.set_blocking(result, True)
    is_anything = False
    with open(output, "wb") as file:  # noqa: PTH123
        while piece := os.read(result, _AT_ONCE):
            file.write(piece)
            is_anything = True
    return is_anything


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
