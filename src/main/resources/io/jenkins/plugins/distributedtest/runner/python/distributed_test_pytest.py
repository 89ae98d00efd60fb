"""pytest: one session per worker, as the workers of pytest-xdist have it, with the project's configuration, plugins
and conftest files. It begins as `pytest` without arguments does, collects each file when it comes, and ends with the
worker. So plugins, conftest files, session fixtures and what they set up are there once; fixtures of a package stay as
long as files of that package come (pytest 8 and later).

Options of the project that would hide failures (-x, --maxfail), start processes for each file (-n of pytest-xdist) or
judge a whole session by its part (--cov-fail-under of pytest-cov) are overruled.
"""

import contextlib
import dataclasses
import fnmatch
import functools
import logging
import os
import pathlib
import re
import sys

import distributed_test_pytest_slots as slots
import distributed_test_worker as worker


class Adapter:
    def __init__(self, homonyms):
        """homonyms: lists of test files of the suite that Python imports by one name"""
        self._homonyms = homonyms

    def load_framework(self):
        try:
            import pytest
        except ImportError as e:
            raise worker.SetupFailed(
                "pytest is not installed for %s (package pytest: %s). Install it there (%s -m pip install pytest), or "
                "set the interpreter of python to the project's own, such as [\".venv/bin/python\"]"
                % (sys.executable, e, sys.executable))
        self._pytest = pytest

    def configure(self, args):
        self._user_args = args
        self._null = open(os.devnull, "w")
        self._cache = ".pytest_cache"
        self._slot = None
        # Imports the plugins that are installed (some take a second), before workers are forked, and runs no code of
        # the project's; what is wrong with its configuration shows with the first file.
        with contextlib.redirect_stdout(self._null), contextlib.redirect_stderr(self._null):
            self._pytest.main(["--noconftest", "--markers"])

    def preload(self, file):
        """Imports it the way pytest would, assertions rewritten, by collecting it."""
        problems = []
        with worker.ImportScope(file, keep_modules=True):
            plugin = self._plugin(file, None, problems)
            with _taken_literally(file):
                code = self._pytest.main(self._args() + ["--collect-only", file], plugins=[plugin])
        if problems or int(code) not in (0, 5):
            raise worker.SetupFailed("\n\n".join(problems) or "pytest ended with exit code %d" % int(code))

    def started(self, slot, count):
        # Slots of one workspace must not write to one cache.
        self._cache = ".pytest_cache/distributed-test-%s" % slot
        self._slot = slots.Slot(slot, count)

    def serve(self, files, printed):
        """Runs the worker's files in one session. Returns what failed after the last.

        printed: gives what was printed since the last case"""
        problems = []
        reporter = self._plugin(None, None, problems)
        reporter.separate(self._slot)
        session = _Session(self._pytest, files, problems, reporter, _Homonyms(self._pytest, self._homonyms))
        try:
            code = int(self._pytest.main(self._args(), plugins=[session.reporter, session]))
        except SystemExit as e:
            problems.append("called exit(%d), at %s" % (worker.exit_code(e), worker.where(e)))
            code = 1
        if not session.began:
            why = "\n\n".join(problems) or "pytest ended with exit code %d: %s" % (code, printed().strip())
            files(lambda file, recorder: recorder.problem(why))
            return []
        return problems or self._judge(code, session)

    def _args(self):
        return ["--capture=no", "--maxfail=0", "-o", "cache_dir=" + self._cache] + self._user_args

    def _plugin(self, file, recorder, problems):
        # Directories became nodes with pytest 8.
        kind = _NarrowPlugin if hasattr(self._pytest, "Dir") else _Plugin
        return kind(file, recorder, self._null, problems)

    @staticmethod
    def _judge(code, session):
        """What pytest's exit code says beyond what was reported. Code 5: no test was found; pytest asks for some in the
        whole suite only."""
        if code in (0, 5) or code == 1 and session.failed:
            return []
        if code == 1:
            return ["pytest ended with exit code 1 although no test failed (a plugin asks for that)"]
        return ["pytest ended with exit code %d" % code]


class _Session:
    """Runs the files of a worker inside pytest's session: a plugin."""

    def __init__(self, pytest, files, problems, reporter, homonyms):
        self.reporter = reporter
        self.began = False
        self.failed = False
        self._pytest = pytest
        self._files = files
        self._problems = problems
        self._way = _ImportWay()
        self._homonyms = homonyms
        self._collect = None
        self._found = 0
        # Before those of others, which would run what was collected at the beginning: nothing.
        self.pytest_runtestloop = pytest.hookimpl(tryfirst=True)(lambda session: self._run_loop(session))

    # -- hooks; the names are pytest's

    def pytest_sessionstart(self, session):
        self._collect = session.perform_collect
        session.items = []
        session.perform_collect = lambda *args, **kwargs: session.items

    # --

    def _run_loop(self, session):
        self.began = True
        self._files(lambda file, recorder: self._run_file(session, file, recorder))
        session.testscollected = self._found
        self._tear_down(session, None)
        self.failed = session.testsfailed > 0
        return True

    def _run_file(self, session, file, recorder):
        problems = []
        self._make_way(session, file)
        failed = session.testsfailed
        if self.reporter.unjudged is not None:
            print("distributed-test: not judged: " + self.reporter.unjudged, flush=True)
            self.reporter.unjudged = None
        self.reporter.take(file, recorder, problems)
        self.reporter.close_input()
        try:
            with _taken_literally(file):
                items = self._collected(session, file)
            self._tear_down(session, items[0] if items else None, problems)
            self._run_items(session, items, recorder)
        except (self._pytest.exit.Exception, KeyboardInterrupt) as e:
            recorder.give_up()
            problems.append("called pytest.exit(): %s" % e if isinstance(e, self._pytest.exit.Exception)
                            else "interrupted (KeyboardInterrupt), at %s" % worker.where(e))
        except self._pytest.UsageError as e:
            if not self.reporter.ignored:
                problems.append("\n".join(map(str, e.args)))
        except Exception:
            recorder.give_up()  # a plugin failed in the middle of a test: pytest itself would end here
            raise
        finally:
            self.reporter.tell_rest()
            self.reporter.take(None, None, self._problems)
            for problem in problems:
                recorder.problem(problem)
            if session.testsfailed > failed and not recorder.troubled():
                recorder.problem("pytest counts a failed test in this file, but no failure of it was reported")

    def _make_way(self, session, file):
        """The file finds its own modules, but where a session of all files would have imported another file by the name
        of this one. That one is collected first then, as there, and whether this is an error is for pytest to say."""
        # What the project ignores is not imported there.
        earlier = [each for each in self._homonyms.before(file) if not _is_ignored(session, each)]
        if not earlier or _is_ignored(session, file):
            self._way.make(file)
            return
        failed = session.testsfailed
        for each in earlier:
            self._way.make(each)
            self.reporter.take(each, None, [])
            try:
                with _taken_literally(each):
                    self._collect([each])
            except self._pytest.UsageError:
                pass  # which is told when its own turn comes
        session.testsfailed = failed
        self._way.make(file, forget=False)

    def _collected(self, session, file):
        """By pytest's own hook, so that what plugins do around it (warnings as errors, say) holds."""
        session.perform_collect = lambda *args, **kwargs: self._perform_collect(session, file)
        root = logging.getLogger()
        handlers = list(root.handlers)
        session.items = []
        session.config.hook.pytest_collection(session=session)
        for handler in handlers:
            # The logging plugin takes its own away after a collection, which is not the end of the loop here.
            root.addHandler(handler)
        if os.path.basename(file) == "__init__.py":  # which stands for its whole package before pytest 8
            session.items = [each for each in session.items if os.path.samefile(_path(each), file)]
        self._found += len(session.items)
        return list(session.items)

    def _perform_collect(self, session, file):
        """A module that is there for its doctests only is not looked through for tests, as one that is named to pytest
        would be. A file that the whole command does not collect at all is taken as one that was named."""
        if self._is_for_doctests_only(session.config, file):
            try:
                session.isinitpath = lambda *args, **kwargs: False
                return self._collect([file])
            except self._pytest.UsageError:
                pass  # not found
            finally:
                del session.isinitpath
        return self._collect([file])

    @staticmethod
    def _is_for_doctests_only(config, file):
        patterns = config.getini("python_files")
        name, path = os.path.basename(file), os.path.abspath(file)
        return (file.endswith(".py") and config.getoption("doctestmodules", False)
                and not any(fnmatch.fnmatch(path if "/" in each else name, each if "/" not in each else "*/" + each)
                            for each in patterns))

    def _run_items(self, session, items, recorder):
        for index, item in enumerate(items):
            following = items[index + 1] if index + 1 < len(items) else _Following(self._pytest, item)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            stop = session.shouldfail or session.shouldstop
            if stop:
                recorder.give_up()
                if index + 1 < len(items):
                    recorder.problem("the session was stopped: %s" % stop)
                return

    def _tear_down(self, session, following, problems=None):
        """Ends what the next test does not need, such as fixtures of the package before."""
        try:
            session._setupstate.teardown_exact(following)
        except Exception as e:  # fixtures may raise anything
            (self._problems if problems is None else problems).append(
                "A fixture failed when it was torn down after the file before: " + worker.explain(e)
                if following is not None else "A fixture failed when it was torn down: " + worker.explain(e))


def _path(item):
    """Of its file; "fspath" is what pytest 6 has."""
    return str(getattr(item, "path", None) or item.fspath)


class _Following:
    """Stands for the first test of the next file, which is not known yet: it needs what does not belong to this one."""

    def __init__(self, pytest, item):
        self._chain = []
        for node in item.listchain():
            if isinstance(node, pytest.File) and not isinstance(node, pytest.Package):
                break
            self._chain.append(node)

    def listchain(self):
        return self._chain


def _is_ignored(session, file):
    """Whether pytest without arguments does not come to a file."""
    if not hasattr(session, "path"):
        return False  # pytest 6, whose hook has another form
    path = pathlib.Path(session.config.invocation_params.dir)
    for part in pathlib.PurePath(file).parts:
        path /= part
        if path.is_dir() and any(fnmatch.fnmatch(part, each) for each in session.config.getini("norecursedirs")):
            return True
        hook = session.gethookproxy(path.parent).pytest_ignore_collect
        if hook(collection_path=path, config=session.config):
            return True
    return False


class _Homonyms:
    """Test files of the suite that Python imports by one name."""

    def __init__(self, pytest, groups):
        # pytest 8 goes through files and directories of a directory together, by their names; before, files come first.
        self._together = hasattr(pytest, "Dir")
        self._groups = [sorted(group, key=self._place) for group in groups]

    def before(self, file):
        """Those that pytest would collect before this one."""
        for group in self._groups:
            if file in group:
                return group[:group.index(file)]
        return []

    def _place(self, file):
        parts = file.split("/")
        return parts if self._together else [(True, each) for each in parts[:-1]] + [(False, parts[-1])]


class _ImportWay:
    """Sees to it that a file finds its own modules, as it does alone.

    Test files in directories that are no packages are imported by their bare name, with their directory put first on
    sys.path: two files of one name, or their helpers, would meet in one process. So a module of the directory of an
    earlier file goes when the next file has one of that name itself.
    """

    def __init__(self):
        self._bases = set()

    def make(self, file, forget=True):
        base = worker.import_base(file)
        if base in sys.path:
            sys.path.remove(base)
            sys.path.insert(0, base)
        others = self._bases - {base}
        self._bases.add(base)
        for name, origin in worker.module_files() if others and forget else ():
            if "." not in name and self._is_of(origin, others) and self._is_in(base, name):
                self._forget(name)

    @staticmethod
    def _is_of(origin, bases):
        directory, name = os.path.split(origin)
        return (os.path.dirname(directory) if name.startswith("__init__.") else directory) in bases

    @staticmethod
    def _is_in(base, name):
        return os.path.isfile(os.path.join(base, name + ".py")) or os.path.isdir(os.path.join(base, name))

    @staticmethod
    def _forget(name):
        for each in sys.modules.copy():
            if each == name or each.startswith(name + "."):
                sys.modules.pop(each, None)


@contextlib.contextmanager
def _taken_literally(file):
    """Lets pytest take an argument for a path as it is: brackets and "::" in it would be parameters and parts of a node
    id to it. A file is resolved as its directory is, which has no such parts to pytest."""
    from _pytest import main

    resolve = main.resolve_collection_argument

    def literal(invocation_path, arg, *args, **kwargs):
        if arg != file:
            return resolve(invocation_path, arg, *args, **kwargs)
        path = pathlib.Path(invocation_path, file)
        here = resolve(invocation_path, ".", *args, **kwargs)
        return (path,) + tuple(here[1:]) if isinstance(here, tuple) else dataclasses.replace(here, path=path)

    if "[" in file or "::" in file:
        main.resolve_collection_argument = literal
    try:
        yield
    finally:
        main.resolve_collection_argument = resolve


class _Plugin:
    """Reports; keeps pytest's own report out of the file's output."""

    def __init__(self, file, recorder, null, problems):
        self._file = file
        self._recorder = recorder
        self._null = null
        self._problems = problems
        self._tests = {}
        self._pid = os.getpid()
        self._slot = None
        self._xdist = False
        self._captures = True
        self.unjudged = None

    def take(self, file, recorder, problems):
        """Reports on this file from now on."""
        self._file, self._recorder, self._problems = file, recorder, problems
        self.ignored = False

    def tell_rest(self):
        """Tells of tests whose end a plugin reports in its own way, such as pytest-forked of one that has crashed."""
        for test in self._tests.values():
            if test.last is not None:
                self._case(test.last, test)
        self._tests.clear()

    def close_input(self):
        """Reading from standard input is an error of the test, as it is where pytest captures."""
        if self._captures:
            from _pytest import capture
            sys.stdin = capture.DontReadFromInput()

    def separate(self, slot):
        """Slots of one host must not write to one file of coverage data, nor to one test database."""
        self._slot = slot

    # -- hooks; the names are pytest's

    def pytest_load_initial_conftests(self, early_config, args):
        """Overrules options of plugins, which only those know that are loaded. All options are in args by now."""
        # One of them is ours.
        self._captures = args.count("-s") + args.count("--capture=no") < 2
        overruled = {"xdist": ("numprocesses", 0, "-n0"), "pytest_cov": ("cov_fail_under", 0, "--cov-fail-under=0")}
        for name, (option, value, arg) in overruled.items():
            if early_config.pluginmanager.hasplugin(name):
                options = early_config.known_args_namespace
                if name == "pytest_cov" and getattr(options, "cov_source", None) and not getattr(options, "no_cov", False):
                    self._cover(options)
                if name == "xdist" and self._slot and options.numprocesses:
                    self._xdist = True
                    slots.separate(self._slot)
                setattr(options, option, value)
                args.append(arg)
        yield

    # Around all others: pytest-cov begins in this hook.
    pytest_load_initial_conftests.pytest_impl = {"hookwrapper": True}

    def _cover(self, options):
        import coverage
        config = coverage.Coverage(config_file=getattr(options, "cov_config", True)).config
        limit = options.cov_fail_under if options.cov_fail_under is not None else config.fail_under
        if limit:
            self.unjudged = "a coverage of at least %s %% (--cov-fail-under of pytest-cov)" % limit
        if self._slot is not None and "COVERAGE_FILE" not in os.environ:
            os.environ["COVERAGE_FILE"] = "%s.slot-%s" % (config.data_file, self._slot)

    def pytest_configure(self, config):
        if self._slot:
            import pytest
            slots.register(pytest, config, self._slot, self._xdist)

    def pytest_sessionstart(self, session):
        terminal = session.config.pluginmanager.getplugin("terminalreporter")
        writer = getattr(terminal, "_tw", None)
        if hasattr(writer, "_file"):
            writer._file = self._null

    def pytest_internalerror(self, excrepr, excinfo):
        if isinstance(excinfo.value, SystemExit):
            self._exited(excinfo.value)
            return
        self._problems.append("pytest failed with an internal error:\n%s" % excrepr)

    def pytest_keyboard_interrupt(self, excinfo):
        kind = excinfo.typename
        if kind == "Exit":
            self._problems.append("called pytest.exit(): %s" % excinfo.value)
        elif kind != "Interrupted" or not self._problems:  # which is how pytest stops after a collection error
            self._problems.append("interrupted (%s): %s" % (kind, excinfo.value))

    def pytest_collectreport(self, report):
        if report.failed:
            self._problems.append(_text(report.longrepr))
        elif report.skipped and self._recorder is not None:
            self._recorder.test_case(
                report.nodeid, _module(report.nodeid), 0, "skipped", message=_skip_reason(report.longrepr))

    def pytest_runtest_makereport(self, item, call):
        if call.excinfo is None:
            return
        error = call.excinfo.value
        if isinstance(error, SystemExit):
            self._exited(error)
        self._tests.setdefault(item.nodeid, _Test()).kind = call.excinfo.typename

    def pytest_runtest_logreport(self, report):
        test = self._tests.setdefault(report.nodeid, _Test())
        if getattr(report, "context", None) is not None:
            if not report.passed:
                self._subtest(report, test)
            return
        test.add(report)
        if report.when == "teardown":
            self._tests.pop(report.nodeid)
            self._case(report, test)

    # --

    def _exited(self, error):
        if os.getpid() == self._pid:
            self._problems.append("called exit(%d), at %s" % (worker.exit_code(error), worker.where(error)))

    def _case(self, report, test):
        self._recorder.test_case(
            _name(report.nodeid), _module(report.nodeid), test.seconds, test.status, message=test.message,
            kind=test.kind if test.status in ("failed", "error") else "", trace=test.trace,
            line=_line(report), output=test.sections)

    def _subtest(self, report, test):
        label = " ".join(filter(None, [getattr(report.context, "msg", None)] + [
            "%s=%r" % each for each in dict(getattr(report.context, "kwargs", None) or {}).items()]))
        status = "skipped" if report.skipped else "failed"
        self._recorder.test_case(
            "%s [%s]" % (_name(report.nodeid), label), _module(report.nodeid), report.duration, status,
            message=_skip_reason(report.longrepr) if report.skipped else _message(report),
            kind="" if report.skipped else test.kind,
            trace="" if report.skipped else _text(report.longrepr), line=_line(report))


class _NarrowPlugin(_Plugin):
    """Also keeps pytest from making a node of every neighbour of the file, which costs with the size of the directory
    for each file. A directory hook of the project's own goes before. The nodes stay the same from file to file, and with
    them what belongs to a package. What the project ignores (collect_ignore, norecursedirs) has no tests, as in a run
    without arguments."""

    def __init__(self, *args):
        super().__init__(*args)
        self._directories = {}

    def pytest_collect_directory(self, path, parent):
        target = self.target(parent.config)
        if path == target or path not in target.parents:
            return None
        node = self._directories.get((path, parent))
        if node is None:
            kind = _narrowed("Package" if (path / "__init__.py").is_file() else "Dir")
            self._directories[path, parent] = node = kind.from_parent(parent, path=path)
            node.reporter = self
        return node

    def target(self, config):
        """The file that is collected."""
        return pathlib.Path(config.invocation_params.dir, self._file).absolute()


@functools.lru_cache(maxsize=None)
def _narrowed(base):
    import pytest

    def collect(self):
        step = self.path / self.reporter.target(self.config).relative_to(self.path).parts[0]
        if self.ihook.pytest_ignore_collect(collection_path=step, config=self.config):
            self.reporter.ignored = True
            return []
        if step.is_dir():
            node = self.ihook.pytest_collect_directory(path=step, parent=self)
            return [] if node is None else [node]
        return list(self.ihook.pytest_collect_file(file_path=step, parent=self))

    return type(base, (getattr(pytest, base),), {"collect": collect, "__module__": __name__})


class _Test:
    """What is known of one test over its set-up, call and tear-down."""

    def __init__(self):
        self.status = "passed"
        self.kind = ""
        self.message = ""
        self.trace = ""
        self.seconds = 0.0
        self.sections = ""
        self.last = None

    def add(self, report):
        self.last = report
        self.seconds += getattr(report, "duration", 0.0)
        xfail = getattr(report, "wasxfail", None)
        if report.failed:
            # A test that fails and whose tear-down fails, too, has both.
            worse = self.status in ("failed", "error")
            self.status = self.status if worse else ("failed" if report.when == "call" else "error")
            self.message = self.message if worse else _message(report)
            self.trace = (self.trace + "\n\n" if worse else "") + _text(report.longrepr)
        elif report.skipped and self.status == "passed":
            self.status = "skipped"
            self.message = "xfail: %s" % xfail if xfail is not None else _skip_reason(report.longrepr)
        if report.when == "teardown":
            # Output goes straight to the file; what the logging plugin keeps does not.
            logs = [text for title, text in report.sections if "log" in title]
            self.sections = "".join("%s\n" % text.rstrip("\n") for text in logs)


def _parts(nodeid):
    """Path, classes, and name of a test; its parameters may hold "::" themselves, and its path brackets."""
    path, _, rest = re.match(r"(.*?\.py|[^:]*)(::|$)(.*)", nodeid, re.DOTALL).groups()
    plain, bracket, parameters = rest.partition("[")
    parts = plain.split("::")
    return path, parts[:-1], parts[-1] + bracket + parameters


def _name(nodeid):
    path, _, name = _parts(nodeid)
    return name or path


def _module(nodeid):
    """Module and classes, as pytest's own JUnit report names them."""
    path, classes, name = _parts(nodeid)
    path = path[:-3] if path.endswith(".py") else path
    return ".".join([path.replace("/", ".")] + (classes if name else []))


def _line(report):
    line = report.location[1] if getattr(report, "location", None) else None
    return line + 1 if line is not None else 0


def _text(longrepr):
    return str(longrepr) if longrepr is not None else ""


def _message(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message if crash is not None else _text(report.longrepr)


def _skip_reason(longrepr):
    if isinstance(longrepr, tuple) and len(longrepr) == 3:
        reason = str(longrepr[2])
        return reason[len("Skipped: "):] if reason.startswith("Skipped: ") else reason
    return _text(longrepr)
