"""Writes the files of the tests that a Django project's own test command would run, as a JSON object, to the file that is
named first. The rest of the arguments are the command's.

The command itself runs, up to the suite that its test runner builds. No database is made.
"""

import json
import os
import sys

import distributed_test_django_hook as hook


class Told(BaseException):
    """All is known; no code of the project is to catch it."""


class Lister:
    def __init__(self, target):
        self._target = target
        self.told = False

    def attach(self, runner):
        build = runner.build_suite

        def built(*args, **kwargs):
            runner.parallel = 1
            with hook.noting():
                suite = build(*args, **kwargs)
            self._tell(suite)
            raise Told()

        runner.build_suite = built

    def _tell(self, suite):
        files = set()
        for test in hook.flat(suite):
            file = hook.file_of(test)
            if file is None:
                sys.exit("%s is of no file: %s" % (test, getattr(test, "_exception", "")))
            files.add(os.path.realpath(file))
        with open(self._target, "w", encoding="utf-8") as answer:
            json.dump({"files": sorted(files), "passesWithoutTests": True}, answer)
        self.told = True


def main(target, args):
    lister = Lister(target)
    try:
        words = hook.command(args)
    except hook.NoCommand as e:
        sys.exit(str(e))
    try:
        hook.run(words, lister.attach)
    except Told:
        pass
    except SystemExit as e:
        if e.code:
            raise
    except ImportError as e:
        if "django" in str(e).lower() and "django" not in sys.modules:
            sys.exit("Django is not installed for %s (package Django: %s)" % (sys.executable, e))
        raise
    if not lister.told:
        sys.exit("`%s` has built no suite by Django's DiscoverRunner (a runner of its own in TEST_RUNNER, or another process),"
                 " so its tests are not known" % " ".join(words))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
