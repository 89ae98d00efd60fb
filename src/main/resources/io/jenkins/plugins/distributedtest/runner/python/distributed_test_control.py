"""The control connection: one JSON object per line each way over TCP to 127.0.0.1.

While project code runs, a thread watches the connection: at its end the listener is gone, so this process, its process
group and what it started must go at once. The thread stands aside whenever a process is forked: a child of a process
with threads is fragile, and Python 3.12 and later warn about it, which would fail tests of projects that turn warnings
into errors. It comes back when the next case ends.

Only the process that opened the connection may write: what test code forks inherits these objects, but not the right
to report.
"""

import atexit
import json
import os
import select
import signal
import socket
import threading

_exit = os._exit
_exit_listener = None


class Control:
    """A connection of this process. Messages are sent from any thread and received by the main thread."""

    def __init__(self, port, token, role, slot):
        self._port = port
        self._token = token
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._buffer = bytearray()
        self._watcher = None
        self._wake = None
        self._wanted = False
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The first of all to be registered in its process, so the last to run.
        atexit.register(self._end)
        self.send({"hello": token, "role": role, "slot": slot, "pid": self._pid})
        _on_fork(self)

    def successor(self, role, slot):
        """A connection of its own for a process that was forked from this one."""
        self._socket.close()
        return Control(self._port, self._token, role, slot)

    def _end(self):
        """Without this Python would warn of an unclosed socket, where the project wants such warnings."""
        if self.owner():
            self.unwatch()
            self._socket.close()

    def owner(self):
        return os.getpid() == self._pid

    def fileno(self):
        return self._socket.fileno()

    def send(self, message):
        if not self.owner():
            return
        # ensure_ascii escapes lone surrogates, too, so that the line is valid UTF-8 whatever is in it.
        line = (json.dumps(message, ensure_ascii=True, default=str, allow_nan=False) + "\n").encode("ascii")
        try:
            with self._lock:
                self._socket.sendall(line)
        except OSError:
            abandon(self._pid)

    def receive(self):
        """Blocks for the next message."""
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return json.loads(line.decode("utf-8"))
            self._fill()

    def has_message(self):
        """Whether receive() would not block, since a whole message has been read already."""
        return b"\n" in self._buffer

    def watch(self):
        """Watches until unwatch(), while the main thread is busy."""
        self._wanted = True
        if self._watcher is not None and self._watcher.is_alive():
            return
        self._wake = os.pipe()
        self._watcher = threading.Thread(
            target=self._watch, args=(self._wake[0],), name="distributed-test control", daemon=True)
        self._watcher.start()

    def unwatch(self):
        self._wanted = False
        self.pause()

    def pause(self):
        """Ends the watching thread, if there is one."""
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return
        os.write(self._wake[1], b"x")
        watcher.join()
        for descriptor in self._wake:
            os.close(descriptor)

    def resume(self):
        """Watches again after a pause, if that is still wanted."""
        if self._wanted and self.owner():
            self.watch()

    def drop_in_child(self):
        """In a child that was forked: the connection is not its business, and must not stay open through it."""
        try:
            self._socket.close()
        except OSError:
            pass

    def _watch(self, wake):
        while True:
            readable, _, _ = select.select([self._socket, wake], [], [])
            if wake in readable:
                return
            self._fill()

    def _fill(self):
        try:
            data = self._socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            abandon(self._pid)
        self._buffer += data


def abandon(pid):
    """The listener is gone, or has lost interest: leave nothing behind."""
    try:
        for stray in _strays(pid):
            try:
                os.kill(stray, signal.SIGKILL)
            except OSError:
                pass  # It has ended meanwhile.
    except Exception:
        pass  # Test code broke what this needs; the next listener on this host looks for strays, too.
    try:
        if hasattr(os, "getpgrp") and os.getpgrp() == pid:
            os.killpg(pid, signal.SIGKILL)
    finally:
        _exit(1)


def _strays(pid):
    """What a worker's test code started and put into another group or session, where environments can be seen."""
    wanted = {("%s=%s" % (name, os.environ.get(name))).encode() for name in (
        "DISTRIBUTED_TEST_MARKER", "GORGON_WORKER_ID")}
    found = []
    if "GORGON_WORKER_ID" in os.environ and os.path.isdir("/proc/self"):
        for each in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/environ" % each, "rb") as file:
                    if int(each) != pid and wanted <= set(file.read().split(b"\0")):
                        found.append(int(each))
            except OSError:
                pass
    return found


_current = None


def _on_fork(connection):
    global _current
    first = _current is None
    _current = connection
    if first and hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before_fork, after_in_child=_in_child)


def _before_fork():
    if _current.owner() and threading.current_thread() is not _current._watcher:
        _current.pause()


def _in_child():
    _current.drop_in_child()


def watch_exit():
    """Sees test code that ends the process without unwinding (os._exit): an exit, not a crash."""

    def _exit_seen(status):
        if _exit_listener is not None:
            _exit_listener(status)
        _exit(status)

    _exit_seen.__doc__ = _exit.__doc__
    _exit_seen.__name__ = "_exit"
    os._exit = _exit_seen


def on_exit(listener):
    """Who is told of os._exit; None for nobody."""
    global _exit_listener
    _exit_listener = listener


def exit_now(status):
    """The real os._exit."""
    _exit(status)
