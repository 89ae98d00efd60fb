"""unittest: file after file in one process.

A file is imported under the name that it has from the nearest directory above it that is no package, as
`python -m unittest discover` does. A package with `load_tests` decides about all tests below it, as it does there: its
suite is made for each of its files, and the file has those tests of it that are written there. A package's own
`__init__.py` has the others: its own, doctests, what comes from other modules.
"""

import argparse
import faulthandler
import fnmatch
import importlib
import importlib.util
import os
import sys
import time
import traceback
import unittest
import warnings

import distributed_test_worker as worker


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise worker.SetupFailed(
            "unittest: %s. Of its options there are -k PATTERN, --locals and -f (which does nothing here)" % message)


class Adapter:
    def load_framework(self):
        faulthandler.enable()

    def configure(self, args):
        parser = _Parser(add_help=False, usage=argparse.SUPPRESS)
        parser.add_argument("-k", action="append", dest="patterns")
        parser.add_argument("-f", "--failfast", action="store_true")
        parser.add_argument("-v", "--verbose", action="store_true")
        parser.add_argument("--locals", action="store_true")
        options = parser.parse_args(args)
        self._locals = options.locals
        self._patterns = [p if "*" in p else "*%s*" % p for p in options.patterns or []]

    def preload(self, file):
        with worker.ImportScope(file, keep_modules=True) as scope:
            sys.path.insert(0, scope.base)
            importlib.import_module(_name(file, scope.base))

    def started(self, slot, count):
        pass

    def serve(self, files, printed):
        files(self.run_file)
        return []

    def run_file(self, file, recorder):
        with worker.ImportScope(file) as scope:
            if scope.base not in sys.path:
                sys.path.insert(0, scope.base)
            try:
                suite = self._suite(file, scope.base, recorder)
            except unittest.SkipTest as skip:
                recorder.test_case(file, _name(file, scope.base), 0, "skipped", message=str(skip))
                return
            except Exception as e:
                recorder.problem("%s does not load: %s" % (file, worker.explain(e)))
                return
            self._run(suite, recorder)

    def _suite(self, file, base, recorder):
        loader = unittest.TestLoader()
        if self._patterns:
            loader.testNamePatterns = self._patterns
        package = _deciding_package(file, base)
        if package is None:
            found = loader.loadTestsFromModule(self._import(file, base))
            return unittest.TestSuite(each for each in found if not self._is_whole(each, file, base, recorder))
        owners = _Owners(base, package)
        found = loader.discover(package, _pattern(file), base)
        own = [each for each in _flat(found) if owners.owns(os.path.abspath(file), each)]
        return unittest.TestSuite(each for each in own if not self._is_whole(each, file, base, recorder))

    def _is_whole(self, test, file, base, recorder):
        """Whether it stands for a module that does not load, or leaves all its tests out; then that is told."""
        if type(test).__module__ != "unittest.loader":
            return False
        skipped = getattr(getattr(test, test._testMethodName), "__unittest_skip_why__", None)
        if skipped is None:
            recorder.problem("%s does not load: %s" % (file, str(getattr(test, "_exception", test)).strip()))
        else:
            recorder.test_case(file, _name(file, base), 0, "skipped", message=skipped)
        return True

    def _import(self, file, base):
        name = _name(file, base)
        if os.path.basename(file) == INIT:
            return importlib.import_module(name)
        if "." in name:
            importlib.import_module(name.rpartition(".")[0])
        spec = importlib.util.spec_from_file_location(name, os.path.abspath(file))
        if spec is None:
            raise worker.SetupFailed("%s is no Python file" % file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    def _run(self, suite, recorder):
        result = Result(recorder)
        result.tb_locals = self._locals
        with warnings.catch_warnings():
            self._warn()
            suite.run(result)
        if not result.wasSuccessful() and not recorder.troubled():
            recorder.problem("unittest counts a failed test in this file, but no failure of it was reported")


    @staticmethod
    def _warn():
        """Lets warnings show as the command does, unless the interpreter was told otherwise (-W, PYTHONWARNINGS). Tests
        that count warnings see the difference."""
        if sys.warnoptions:
            return
        warnings.simplefilter("default")
        if sys.version_info < (3, 12):
            warnings.filterwarnings("module", category=DeprecationWarning, message=r"Please use assert\w+ instead.")


# What discovery looks for: its own pattern, and the other one that is usual.
PATTERNS = ("test*.py", "*_test.py")
INIT = "__init__.py"


def _pattern(file):
    name = os.path.basename(file)
    return PATTERNS[0] if name == INIT else next((each for each in PATTERNS if fnmatch.fnmatch(name, each)), name)


def _name(file, base):
    path = os.path.relpath(os.path.abspath(file), base)
    path = os.path.dirname(path) if os.path.basename(path) == INIT else os.path.splitext(path)[0]
    return path.replace(os.sep, ".")


def _deciding_package(file, base):
    """The directory of the outermost package of a file that has `load_tests`; None if there is none."""
    names = _name(os.path.join(os.path.dirname(file), INIT), base).split(".")
    for depth in range(1, len(names) + 1):
        name = ".".join(names[:depth])
        if name != "" and hasattr(importlib.import_module(name), "load_tests"):
            return os.path.join(base, *names[:depth])
    return None


def _flat(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from _flat(each)
        else:
            yield each


class _Owners:
    """Which file of a package each test of its suite belongs to."""

    def __init__(self, base, package):
        self._base = base
        self._package = os.path.abspath(package)

    def owns(self, file, test):
        written = self._written(test)
        if written == file:
            return True
        of_another = written is not None and written.startswith(self._package + os.sep) and any(
            fnmatch.fnmatch(os.path.basename(written), each) for each in PATTERNS)
        return not of_another and file == os.path.join(self._package, INIT)

    def _written(self, test):
        if type(test).__module__ == "unittest.loader":
            # A module as a whole: it does not load, or leaves all its tests out.
            return self._file_of(test._testMethodName)
        name = type(test).__module__
        file = getattr(sys.modules.get(name), "__file__", None)
        # A module may have been forgotten after an earlier file of this process, and its package still have it.
        return os.path.abspath(file) if file else self._file_of(name)

    def _file_of(self, name):
        """The file of a module below the directory of the tests; None if there is none."""
        path = os.path.join(self._base, *name.split("."))
        files = [os.path.abspath(each) for each in (path + ".py", os.path.join(path, INIT)) if os.path.isfile(each)]
        return files[0] if files else None


class Reporting:
    """Reports each test as it ends: what a result of unittest's is besides itself. It has a recorder in `_recorder`."""

    _began = 0.0
    _outcome = None
    _subtests = 0

    def startTest(self, test):
        super().startTest(test)
        self._began = time.perf_counter()
        self._outcome = None
        self._subtests = 0

    def stopTest(self, test):
        super().stopTest(test)
        outcome = self._outcome or (None if self._subtests else ("passed", {}))
        if outcome:
            self._report(test, time.perf_counter() - self._began, *outcome)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._set(test, "failed", self._failure(test, err))

    def addError(self, test, err):
        super().addError(test, err)
        if issubclass(err[0], SystemExit):
            code = worker.exit_code(err[1])
            self._recorder.problem("called exit(%d), at %s" % (code, worker.where(err[1])))
        self._set(test, "error", self._failure(test, err))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._set(test, "skipped", {"message": reason})

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._set(test, "skipped", {"message": "expected failure: %s" % err[1]})

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._set(test, "failed", {"message": "it passed, though it is marked as an expected failure"})

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._subtests += 1
            status = "failed" if issubclass(err[0], test.failureException) else "error"
            name = "%s %s" % (self._name(test), subtest._subDescription())
            self._report(test, 0.0, status, self._failure(test, err), name)

    def _set(self, test, status, details):
        if not isinstance(test, unittest.TestCase) or not hasattr(test, "_testMethodName"):
            # setUpModule, setUpClass and their like: there is no test that could end.
            self._report(test, 0.0, status, details)
        elif type(test).__name__ == "_SubTest":
            self._report(test.test_case, 0.0, status, details, "%s %s" % (
                self._name(test.test_case), test._subDescription()))
        elif self._outcome is None or status == "error":
            self._outcome = (status, details)

    def _report(self, test, seconds, status, details, name=None):
        method = getattr(type(test), getattr(test, "_testMethodName", ""), None)
        code = getattr(getattr(method, "__wrapped__", method), "__code__", None)
        self._recorder.test_case(name or self._name(test), self._group(test), seconds, status,
                                 line=code.co_firstlineno if code else 0, **details)

    def _name(self, test):
        return getattr(test, "_testMethodName", None) or str(test)

    def _group(self, test):
        if not isinstance(test, unittest.TestCase):
            return self._recorder.file
        # By the file's path: names of modules may be alike in different directories.
        return "%s.%s" % (os.path.splitext(self._recorder.file)[0].replace("/", "."), type(test).__qualname__)

    def _failure(self, test, err):
        kind, error, _ = err
        name = kind.__name__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__qualname__)
        message = str(error) or "".join(traceback.format_exception_only(kind, error)).strip()
        return {"message": message, "kind": name, "trace": self._exc_info_to_string(err, test)}


class Result(Reporting, unittest.TestResult):
    def __init__(self, recorder):
        super().__init__()
        self._recorder = recorder
