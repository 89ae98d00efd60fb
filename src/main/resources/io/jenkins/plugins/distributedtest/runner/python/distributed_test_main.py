"""A runner process for Python: a preloader, which loads framework and application once and forks a worker per slot,
or a worker that stands alone (where the platform cannot fork).

    python3 distributed_test_main.py

Environment, taken away before any code of the project's runs:
  DISTRIBUTED_TEST_PORT, DISTRIBUTED_TEST_TOKEN   where to report
  DISTRIBUTED_TEST_SLOT                           the slot of a worker that stands alone
  DISTRIBUTED_TEST_RUNNER_CONFIG                  {"runner", "role", "args", "preload", "slots", "homonyms", …}

Python 3.7 and later.
"""

import importlib.util
import json
import os
import sys

import distributed_test_control as control
import distributed_test_preloader as preloader
import distributed_test_worker as worker


def _adapter(config):
    name = config["runner"]
    if name == "pytest":
        import distributed_test_pytest as module
        return module.Adapter(config.get("homonyms") or [])
    if name == "unittest":
        import distributed_test_unittest as module
        return module.Adapter()
    if name == "django":
        import distributed_test_django as module
        return module.Adapter()
    raise SystemExit("no such runner: " + name)


def _lead_group():
    """A group of its own, so that all that it starts can be killed with it."""
    try:
        os.setsid()
    except (AttributeError, OSError):
        pass  # Windows, or it leads one already.


def _project_path():
    """The import path as `python -m pytest` has it: the project first, and not the directory of this file."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [each for each in sys.path if os.path.abspath(each or ".") != here]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.getcwd())


def _main_module(name):
    """Lets this process look as `python -m NAME` does. What multiprocessing starts by spawn or forkserver imports the
    main module again by its name, and knows to leave out one that is called __main__."""
    main = sys.modules["__main__"]
    try:
        spec = importlib.util.find_spec(name + ".__main__")
    except ImportError:
        return  # that the framework is not installed is told when it is loaded
    main.__spec__, main.__file__, main.__package__ = spec, spec.origin, name
    sys.argv = [spec.origin]


def main():
    port = int(os.environ.pop("DISTRIBUTED_TEST_PORT"))
    token = os.environ.pop("DISTRIBUTED_TEST_TOKEN")
    config = json.loads(os.environ.pop("DISTRIBUTED_TEST_RUNNER_CONFIG"))
    slot = int(os.environ.get("DISTRIBUTED_TEST_SLOT", "0"))
    _lead_group()
    worker.prompt_streams()
    control.watch_exit()
    adapter = _adapter(config)
    _project_path()
    sys.argv = [config["runner"]]
    if config["runner"] != "django":  # whose command is a script
        _main_module(config["runner"])
    connection = control.Control(port, token, config["role"], slot)
    application = worker.Application(config, adapter)
    if config["role"] == "preloader":
        preloader.Preloader(connection, application).run()
    else:
        worker.Worker(connection, application, slot).run_alone()


if __name__ == "__main__":
    main()
