"""Loads the application once and forks a worker for each slot, again when one has died.

Single-threaded while it forks: SIGCHLD wakes it by a pipe, so that the end of a worker is reported at once.
"""

import os
import select
import signal
import sys
import time

from distributed_test_worker import SetupFailed, Worker, cut, flush

# Seconds that workers get to end by themselves after `quit`, then after SIGTERM.
PATIENCE = 20
LAST_PATIENCE = 5


class Preloader:
    def __init__(self, connection, application):
        self._control = connection
        self._application = application
        self._workers = set()

    def run(self):
        self._control.watch()
        try:
            self._application.load()
        except SetupFailed as e:
            flush()
            self._control.send({"error": cut(e), "callback": False})
            sys.exit(1)
        self._control.unwatch()
        self._wake_on_child()
        self._control.send({"ready": True})
        self._serve()
        self._finish()

    def _wake_on_child(self):
        self._wake = os.pipe()
        for descriptor in self._wake:
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _serve(self):
        while True:
            # Two requests may have come in one piece: select does not see what has been read already.
            waiting = self._control.has_message()
            readable, _, _ = select.select([self._control, self._wake[0]], [], [], 0 if waiting else None)
            if self._wake[0] in readable:
                self._reap()
            if waiting or self._control in readable:
                message = self._control.receive()
                if message.get("quit"):
                    return
                if "fork" in message:
                    self._fork(message["fork"], message["log"])

    def _fork(self, slot, log):
        flush()
        pid = os.fork()
        if pid == 0:
            self._work(slot, log)
        self._workers.add(pid)
        self._control.send({"forked": slot, "pid": pid})

    def _work(self, slot, log):
        """The life of a child."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in self._wake:
            os.close(descriptor)
        os.setsid()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(output, number)
        os.close(output)
        os.environ["DISTRIBUTED_TEST_SLOT"] = os.environ["GORGON_WORKER_ID"] = str(slot)
        connection = self._control.successor("worker", slot)
        Worker(connection, self._application, slot, log).run()
        sys.exit(0)

    def _reap(self):
        try:
            os.read(self._wake[0], 4096)
        except BlockingIOError:
            pass
        for pid in list(self._workers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._workers.discard(pid)
                self._ended(pid, status)

    def _ended(self, pid, status):
        code, name = None, None
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            try:
                name = signal.Signals(number).name[len("SIG"):]
            except ValueError:
                name = str(number)
        else:
            code = os.WEXITSTATUS(status)
        self._control.send({"exited": pid, "code": code, "signal": name})

    def _finish(self):
        self._wait(PATIENCE)
        self._signal(signal.SIGTERM)
        self._wait(LAST_PATIENCE)
        self._signal(signal.SIGKILL)
        self._wait(LAST_PATIENCE)

    def _wait(self, seconds):
        deadline = time.monotonic() + seconds
        self._reap()
        while self._workers and time.monotonic() < deadline:
            select.select([self._wake[0]], [], [], deadline - time.monotonic())
            self._reap()

    def _signal(self, number):
        for pid in self._workers:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
