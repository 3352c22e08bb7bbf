"""`python -m xiacheng_nlp` is the command `xiacheng-nlp`."""

# Until a handler is set, Python answers Ctrl-C: `signal` itself loads `enum` first.
import _signal as signal  # type: ignore[import-not-found]
import atexit
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

STOPPED = "xiacheng-nlp: stopped"


class Stopped(KeyboardInterrupt):
    """The command is to stop, by Ctrl-C or by order of the system; it has the exit status."""


def is_importing(frame: "FrameType | None") -> bool:
    """Whether a module is being imported there."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def leave_folder_at_hand() -> None:
    """Take no module from the folder at hand, which Python does for `-m` without `-P` and where
    PYTHONPATH has a colon too many (:/x) or a dot; where that names the whole path, it stays. Other
    relative paths there are made whole, for processes that are started in another folder."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    try:
        here = os.getcwd()
    except OSError:
        # It was removed.
        here = ""
    kept = [
        os.path.join(here, place)
        for place in named
        if os.path.isabs(place) or (here and place and os.path.normpath(place) != ".")
    ]
    if named != kept:
        os.environ["PYTHONPATH"] = os.pathsep.join(kept)
    # A checkout is run from its own folder.
    if here not in (*kept, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))):
        sys.path[:] = [place for place in sys.path if os.path.abspath(place) != here]


def start() -> int:
    """Run the command of the shell: one line and status 130 at Ctrl-C, 143 where the system ends
    it, whatever has been loaded by then. Who asks again does not wait for things to be put in
    order."""
    leave_folder_at_hand()
    own, told = os.getpid(), set[int]()

    def stop(number: int, frame: "FrameType | None") -> None:
        if os.getpid() != own or told:
            # A worker that was forked, or the second time.
            os._exit(128 + number)
        told.add(number)
        if is_importing(frame):
            # What is raised there, modules written in C tell as a mistake of their own.
            os.write(2, STOPPED.encode() + b"\n")
            os._exit(128 + number)
        raise Stopped(128 + number)

    def send(number: int) -> None:
        if os.name == "nt":
            signal.raise_signal(number)
        else:
            os.kill(own, number)

    def ask_again(lost: "sys.UnraisableHookArgs") -> None:
        # Where a signal arrives while something is being removed, Python drops what it raises.
        if isinstance(lost.exc_value, Stopped):
            import threading

            number = next(iter(told))
            told.clear()
            threading.Timer(0.01, send, [number]).start()
        else:
            sys.__unraisablehook__(lost)

    heard = [signal.SIGINT, signal.SIGTERM]
    # What the closing of a terminal sends, unless the command is to outlive it (nohup).
    if os.name != "nt" and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        heard.append(signal.SIGHUP)

    def done() -> None:
        # While Python shuts down, a signal would end it without a word though the work is done.
        for number in heard:
            signal.signal(number, signal.SIG_IGN)
        # Nothing that is still held is garbage: a run would be looked through for a second.
        gc.freeze()

    sys.unraisablehook = ask_again
    # What is registered first is called last.
    atexit.register(done)
    for number in heard:
        signal.signal(number, stop)
    for variable in ("MPLBACKEND", "SOURCE_DATE_EPOCH", "PYTHONOPTIMIZE", "PYTHONWARNINGS"):
        # Figures go to files and bear no date: matplotlib has nothing to take from the first two,
        # and stops at values that it does not know. JupyterLab stops at the others.
        os.environ.pop(variable, None)
    # No settings of tables are looked for in the folder at hand, and in those above it.
    os.environ["ITABLES_CONFIG"] = ""
    try:
        from xiacheng_nlp.cli import main

        return main()
    except Stopped as stopped:
        print(STOPPED, file=sys.stderr)
        return int(stopped.args[0])


if __name__ == "__main__":
    sys.exit(start())
