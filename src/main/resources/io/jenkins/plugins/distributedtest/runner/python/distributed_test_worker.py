"""What every runner for Python has in common: loading once, and running file after file for one slot."""

import gc
import io
import os
import random
import signal
import sys
import traceback
import types

import distributed_test_control as control

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT_LIMIT = 256 * 1024
OUTPUT_LIMIT = 32 * 1024


class SetupFailed(Exception):
    """The framework does not load, or the project's code does not: told to people with the way out."""


def prompt_streams():
    """What is printed reaches the file at once, so that a crash does not lose it."""
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
        except (AttributeError, ValueError):
            pass


def cut(text, limit=TEXT_LIMIT):
    """The text as valid Unicode (no lone surrogates), cut in the middle when it is long."""
    text = str(text).encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= limit:
        return text
    half = limit // 2
    return "%s\n… %d characters left out …\n%s" % (text[:half], len(text) - limit, text[-half:])


def explain(error):
    """An exception for people: what it says and the project's part of its traceback."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not ours(f.filename)]
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    return text + ("\n" + "".join(traceback.format_list(frames[-30:])).rstrip() if frames else "")


def ours(filename):
    return filename.startswith(HERE) or filename.startswith("<frozen ")


def exit_code(error):
    """The exit status that a SystemExit means."""
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1


def where(error):
    """The project's line that an exception comes from."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(os.getcwd())]
    return "%s:%d" % (frames[-1].filename, frames[-1].lineno) if frames else "an unknown place"


def settle():
    """What is loaded stays: the garbage collector need not look at it again and again (recent versions of pytest
    collect five times for each file), nor touch the memory that forked workers share."""
    gc.collect()
    gc.freeze()


class Application:
    """What is loaded once: the framework and the preload files."""

    def __init__(self, config, adapter):
        self.name = config["runner"]
        self.slots = config.get("slots", 1)
        self.adapter = adapter
        self._args = list(config.get("args") or [])
        self._preload = list(config.get("preload") or [])

    def load(self):
        self._guard("%s does not load" % self.name, self.adapter.load_framework)
        self._guard("%s cannot be set up" % self.name, lambda: self.adapter.configure(self._args))
        for file in self._preload:
            if not os.path.isfile(file):
                raise SetupFailed("The preload file %s is not there; it is looked for in %s" % (file, os.getcwd()))
            self._guard("The preload file %s does not load" % file, lambda: self.adapter.preload(file))
        settle()

    @staticmethod
    def _guard(what, step):
        try:
            step()
        except SetupFailed:
            raise
        except SystemExit as e:
            raise SetupFailed("%s: it called exit(%d), at %s" % (what, exit_code(e), where(e)))
        except Exception as e:  # project code may raise anything
            raise SetupFailed("%s: %s" % (what, explain(e)))


class Worker:
    """Runs file after file for one slot."""

    def __init__(self, connection, application, slot, log=None):
        self._control = connection
        self._application = application
        self._slot = slot
        self._output = Output(log)
        self._root = os.getcwd()
        self._kept = []
        self._settled = False

    def run_alone(self):
        """A worker that is its own preloader."""
        self._control.watch()
        try:
            self._application.load()
        except SetupFailed as e:
            flush()
            self._control.send({"error": cut(e), "callback": False})
            sys.exit(1)
        self._control.unwatch()
        self.run()

    def run(self):
        """Until told to quit. Leaves by returning, so that the project's atexit functions run."""
        random.seed()
        self._kept = [os.dup(1), os.dup(2)]
        self._streams = (sys.stdin, sys.stdout, sys.stderr)
        self._application.adapter.started(self._slot, self._application.slots)
        self._control.send({"ready": True})
        self._message = self._control.receive()
        # What the framework does before its first file counts as the first file's.
        self._guard_exit(os.getpid(), self._message.get("run"))
        self._control.watch()
        self._output.skip()
        self._close(self._application.adapter.serve(self._serve, self._output.take))

    def _serve(self, run_file):
        """Runs file after file by a function of the file's path and its recorder, until told to quit. What follows is
        watched again, since the framework may have something left to do."""
        while not self._message.get("quit"):
            if "run" in self._message:
                self._run_file(self._message["run"], self._message["file"], run_file)
            self._message = self._control.receive()
        self._control.watch()

    def _close(self, problems):
        self._control.unwatch()
        if problems:
            self._control.send({"closing": cut("\n\n".join(problems))})

    def _guard_exit(self, pid, run):
        control.on_exit(lambda code: self._leaving(pid, run, code))

    def _run_file(self, run, file, run_file):
        pid = os.getpid()
        recorder = Recorder(self._control, run, file, self._output)
        self._guard_exit(pid, run)
        self._control.watch()
        try:
            self._run_guarded(file, recorder, pid, run_file)
        finally:
            control.on_exit(None)
        if os.getpid() != pid:
            # A child that test code forked, and that came back here as if it were the worker.
            flush()
            control.exit_now(0)
        self._control.unwatch()
        self._restore(recorder)
        recorder.done()
        if not self._settled:
            # The first file has imported most of what the others will.
            self._settled = True
            settle()

    @staticmethod
    def _run_guarded(file, recorder, pid, run_file):
        try:
            if not os.path.isfile(file):
                raise SetupFailed("%s is not there: %s" % (file, os.path.abspath(file)))
            run_file(file, recorder)
        except SystemExit as e:
            if os.getpid() != pid:
                raise
            recorder.problem("called exit(%d), at %s" % (exit_code(e), where(e)))
        except SetupFailed as e:
            recorder.problem(str(e))
        except KeyboardInterrupt as e:
            recorder.problem("interrupted (KeyboardInterrupt), at %s" % where(e))
        except BaseException as e:  # test code may raise anything
            if os.getpid() != pid:
                raise
            recorder.problem(explain(e))

    def _leaving(self, pid, run, code):
        if os.getpid() != pid:
            return
        flush()
        self._control.send({"exiting": run, "code": code, "message": "test code called os._exit(%s)" % code})

    def _restore(self, recorder):
        """Streams, directory and signal handling as the next file expects them. os.environ, imported modules and what
        else lives in the process stay, as they do when the framework runs several files by itself."""
        try:
            flush()
            sys.stdin, sys.stdout, sys.stderr = self._streams
            for number, kept in zip((1, 2), self._kept):
                if not _same_file(number, kept):
                    os.dup2(kept, number)
            if any(stream.closed for stream in self._streams[1:]):
                self._reopen()
            os.chdir(self._root)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if hasattr(signal, "alarm"):
                signal.alarm(0)
        except OSError as e:
            recorder.problem("It left its process in a state that cannot be undone: %s" % e)

    def _reopen(self):
        for number, kept in zip((1, 2), self._kept):
            os.dup2(kept, number)
        sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)
        sys.stderr = sys.__stderr__ = open(2, "w", closefd=False)
        prompt_streams()
        self._streams = (self._streams[0], sys.stdout, sys.stderr)


def _same_file(one, other):
    try:
        return os.path.sameopenfile(one, other)
    except OSError:
        return False


def flush():
    for stream in {id(s): s for s in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)}.values():
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass


class Output:
    """What was printed since the last case ended, read back from the file that standard output and error go to."""

    def __init__(self, path):
        self._path = path or ("/proc/self/fd/1" if os.path.isfile("/proc/self/fd/1") else None)
        self._read = 0

    def skip(self):
        """Forgets what came before."""
        self._read = self._size()

    def take(self):
        flush()
        start, self._read = self._read, self._size()
        length = self._read - start
        if length <= 0:
            return ""
        with io.open(self._path, "rb") as file:
            if length <= OUTPUT_LIMIT:
                return self._text(file, start, length)
            half = OUTPUT_LIMIT // 2
            head = self._text(file, start, half)
            return "%s\n… %d bytes left out …\n%s" % (
                head, length - OUTPUT_LIMIT, self._text(file, self._read - half, half))

    @staticmethod
    def _text(file, start, length):
        file.seek(start)
        return file.read(length).decode("utf-8", "replace")

    def _size(self):
        try:
            return os.stat(self._path).st_size if self._path else 0
        except OSError:
            self._path = None
            return 0


class Recorder:
    """Collects what happens in one file and reports it."""

    def __init__(self, connection, run, file, output):
        self.file = file
        self._control = connection
        self._run = run
        self._output = output
        self._problems = []
        self._failed = False
        self._last = False
        output.skip()

    def test_case(self, name, group, seconds, status, message="", kind="", trace="", line=0, output=""):
        """A case has ended."""
        if not self._control.owner():
            return
        self._failed = self._failed or status in ("failed", "error")
        printed = self._output.take()
        case = {"id": self._run, "name": cut(name), "class": cut(group), "seconds": max(0.0, float(seconds)),
                "status": status, "line": int(line or 0), "output": cut(printed + output)}
        if message or kind or trace:
            case.update(message=cut(message), type=cut(kind), trace=cut(trace))
        self._control.send({"case": case})
        self._control.resume()

    def give_up(self):
        """The process is to run no other file."""
        self._last = True

    def problem(self, message):
        """Something outside of any case makes the file fail."""
        self._problems.append(str(message).strip())

    def printed(self):
        """What was printed since the last case."""
        return self._output.take()

    def troubled(self):
        """Whether the file fails already."""
        return self._failed or bool(self._problems)

    def done(self):
        status = "failed" if self.troubled() else "passed"
        self._control.send({"done": self._run, "status": status, "message": cut("\n\n".join(self._problems)),
                            "last": self._last})


def module_files():
    """The modules that come from files: names and absolute paths.

    The table is copied at once: while it is gone through, a collection of garbage may take modules out of it by weak
    references' callbacks. And modules are asked for nothing, since what stands there may be a dead reference or may
    import others when it is asked."""
    found = []
    for name, module in sys.modules.copy().items():
        if issubclass(type(module), types.ModuleType):
            origin = object.__getattribute__(module, "__dict__").get("__file__")
            if isinstance(origin, str):
                found.append((name, os.path.abspath(origin)))
    return found


def import_base(file):
    """The directory that a file is imported from: the first above it that is no package."""
    directory = os.path.dirname(os.path.abspath(file))
    while os.path.isfile(os.path.join(directory, "__init__.py")):
        directory = os.path.dirname(directory)
    return directory


class ImportScope:
    """Undoes what importing one test file does to others.

    Test files in directories that are no packages are imported by their bare name, with their directory put first on
    sys.path: two files of one name, or their helpers, would meet in one process though they do not when each has its
    own. So after a file its module goes, sys.path is put back, and with it go the modules that were found through the
    file's own directory. The application's modules stay, and all that a preload file imports.
    """

    def __init__(self, file, keep_modules=False):
        self._keep_modules = keep_modules
        self._file = os.path.abspath(file)
        self.base = import_base(file)

    def __enter__(self):
        self._path = list(sys.path)
        self._before = set(sys.modules.copy())
        return self

    def __exit__(self, *_):
        sys.path[:] = self._path
        if self._keep_modules:
            return
        private = self.base not in [os.path.abspath(each) for each in self._path]
        for name, origin in module_files():
            if origin == self._file or private and name not in self._before and self._is_private(name, origin):
                sys.modules.pop(name, None)

    def _is_private(self, name, origin):
        """Whether the module's top package lies right in the file's directory."""
        if not origin.startswith(self.base + os.sep):
            return False
        relative = os.path.splitext(origin[len(self.base) + 1:])[0].replace(os.sep, ".")
        return relative in (name, name + ".__init__")
