"""The test command of a Django project, in this process, with the methods of its test runner wrapped. Nothing of Django is
imported before the command does it.

The command is `manage.py test ARGUMENTS`, where there is a manage.py, or a script that calls Django's test runner; or what
the arguments say themselves: those that begin with a file (`tests/runtests.py …`) or with `-m MODULE` are the command.
"""

import contextlib
import importlib.util
import os
import runpy
import sys
import unittest

# Scripts of projects that have no manage.py, such as applications to be used in others.
SCRIPTS = ("runtests.py", "tests/runtests.py", "run_tests.py")
RUNNER = "django.test.runner"


class NoCommand(Exception):
    """Nothing says how the tests are run."""


def command(args):
    """The words that follow `python` in the project's own command."""
    if args and (args[0] == "-m" or args[0].endswith(".py")):
        return list(args)
    if os.path.isfile("manage.py"):
        return ["manage.py", "test"] + list(args)
    for each in SCRIPTS:
        if os.path.isfile(each):
            return [each] + list(args)
    raise NoCommand(
        "There is no manage.py in %s, and none of %s. Say by which script the tests are run, such as"
        " \"runners\": {\"args\": {\"django\": [\"example/manage.py\", \"test\"]}}" % (os.getcwd(), ", ".join(SCRIPTS)))


def run(words, attach):
    """Runs a command to its end. `sys.path` has one entry for it at its beginning, which becomes the script's directory.

    attach: called with each test runner that is made, before it is set up"""
    _watch(attach)
    if words[0] == "-m":
        sys.path[0] = os.getcwd()
        sys.argv = ["-m"] + words[2:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.path[0] = os.path.dirname(os.path.abspath(words[0]))
        sys.argv = list(words)
        runpy.run_path(words[0], run_name="__main__")


def _watch(attach):
    def equip(module):
        def new(cls, *_, **__):
            runner = object.__new__(cls)
            attach(runner)
            return runner

        module.DiscoverRunner.__new__ = staticmethod(new)

    if RUNNER in sys.modules:
        equip(sys.modules[RUNNER])
    else:
        sys.meta_path.insert(0, _Finder(equip))


class _Finder:
    """Calls a function with the module of Django's test runner when it has been imported."""

    def __init__(self, equip):
        self._equip = equip

    def find_spec(self, name, path=None, target=None):
        if name != RUNNER:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                self._equip(module)

            spec.loader.exec_module = exec_module
        return spec


@contextlib.contextmanager
def noting():
    """Notes for each test that is loaded meanwhile by which file it came: its class may be defined in another. Gives the set
    of the files that are loaded, with tests or without."""
    files = set()
    load = unittest.TestLoader.loadTestsFromModule

    def noted(self, module, *args, **kwargs):
        suite = load(self, module, *args, **kwargs)
        file = getattr(module, "__file__", None)
        if file:
            files.add(os.path.realpath(file))
            for each in flat(suite):
                if not hasattr(each, "_distributed_test_file"):
                    each._distributed_test_file = os.path.abspath(file)
        return suite

    unittest.TestLoader.loadTestsFromModule = noted
    try:
        yield files
    finally:
        unittest.TestLoader.loadTestsFromModule = load


def flat(suite):
    """The tests of a suite, in its order."""
    for each in suite:
        if isinstance(each, unittest.BaseTestSuite):
            yield from flat(each)
        else:
            yield each


def is_whole(test):
    """Whether it stands for a module that does not load, or leaves all its tests out."""
    return type(test).__module__ == "unittest.loader"


def file_of(test):
    """The absolute path of a test's file; None if there is none."""
    noted = getattr(test, "_distributed_test_file", None)
    if noted is not None:
        return noted
    if is_whole(test):
        return _module_file(test._testMethodName)
    file = getattr(sys.modules.get(type(test).__module__), "__file__", None)
    return os.path.abspath(file) if file else None


def _module_file(name):
    """The file of a module that may not have been loaded. Discovery has put its directory on the path."""
    for directory in sys.path:
        path = os.path.join(os.path.abspath(directory), *name.split("."))
        for each in (path + ".py", os.path.join(path, "__init__.py")):
            if os.path.isfile(each):
                return each
    return None


def group_of(test, file):
    """The class of a test; for a doctest or a function its file."""
    if type(test).__module__ in ("doctest", "unittest.case"):
        return os.path.splitext(file)[0].replace(os.sep, ".").replace("/", ".")
    return "%s.%s" % (type(test).__module__, type(test).__qualname__)


def name_of(test):
    """The method of a test; for a doctest or a function its name."""
    if type(test).__module__ in ("doctest", "unittest.case") and isinstance(test, unittest.TestCase):
        return test.id()
    return getattr(test, "_testMethodName", None) or str(test)


def counts_unexpected_successes(runner):
    """Whether a run fails for a test that passes though it is marked as an expected failure: earlier Django passes."""
    result = unittest.TestResult()
    result.unexpectedSuccesses.append(None)
    try:
        return bool(runner.suite_result(unittest.TestSuite(), result))
    except Exception:  # a runner of the project's asks its own result for more
        return True
