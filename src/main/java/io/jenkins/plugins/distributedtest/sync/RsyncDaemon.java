package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The rsync daemon of a file server: what {@code start-rsync} and {@code stop-rsync} do. It serves one directory as
 * module {@code src}, for reading and writing, without a password: whoever reaches its port can read and change the
 * sources. So it listens at the loopback address unless told otherwise; on a network, let only originators and
 * listeners through to it, or use ssh.
 *
 * <p>Its configuration, process id and log lie in a state directory, not in the served one, where clients could change
 * them. Nothing is stopped but a process whose command line shows that it is this daemon.
 */
public final class RsyncDaemon {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;

    private final Path directory;
    private final Path state;

    private RsyncDaemon(Path directory, Path state) {
        this.directory = directory;
        this.state = state;
    }

    /**
     * The daemon of a directory, running or not.
     *
     * @param directory the directory
     * @param stateDirectory where states of daemons are kept; null for the user's own
     *     ({@code ~/.local/state/distributed-test})
     * @throws SyncException if the directory does not exist, or its path cannot stand in rsync's configuration
     */
    public static RsyncDaemon of(Path directory, Path stateDirectory) throws SyncException {
        Path path;
        try {
            path = directory.toRealPath();
        } catch (IOException e) {
            throw failed("There is no directory " + directory + ": make it first", e);
        }
        String text = path.toString();
        if (!Files.isDirectory(path)) {
            throw failed(directory + " is not a directory", null);
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == '%' || c == '\\') || !text.equals(text.strip())) {
            throw failed(
                    "The path " + Paths.printable(text) + " cannot stand in rsync's configuration: it has a control"
                            + " character, %, a backslash, or a space at its end",
                    null);
        }
        Path states = stateDirectory != null
                ? stateDirectory
                : Path.of(System.getProperty("user.home"), ".local", "state", "distributed-test");
        return new RsyncDaemon(path, states.toAbsolutePath().resolve("rsync-" + RsyncFetch.key(text)));
    }

    /**
     * Starts it and waits until it takes connections.
     *
     * @param host the address to listen at; null for the loopback address
     * @param port the port
     * @return where originators and listeners reach it, as rsync takes it
     * @throws SyncException if it runs already, the port is in use, rsync is not installed, or it does not start; the
     *     message says which, and the way out
     */
    public String start(String host, int port) throws SyncException, InterruptedException {
        InetAddress address = address(host);
        Optional<ProcessHandle> running = running();
        if (running.isPresent()) {
            throw failed(
                    "The rsync daemon of " + directory + " is running already (process "
                            + running.get().pid() + "): stop it first (distributed-test stop-rsync " + directory + ")",
                    null);
        }
        checkFree(address, port);
        writeConfiguration(address, port);
        CommandResult result = Tool.attempt(
                ProcessSpec.of(List.of("rsync", "--daemon", "--config=" + configuration()))
                        .directory(Path.of("/"))
                        .outputFile(state.resolve("output")),
                COMMAND_TIMEOUT);
        if (!result.ok()) {
            throw failed("rsync does not start (" + result.ending() + "): " + lastWords(), null);
        }
        awaitPort(address, port);
        return "rsync://" + (host == null ? "127.0.0.1" : host) + ":" + port + "/" + Sync.Daemon.DEFAULT_MODULE;
    }

    private static InetAddress address(String host) throws SyncException {
        try {
            return InetAddress.getByName(host == null ? "127.0.0.1" : host);
        } catch (IOException e) {
            throw failed("Not an address of this host: " + Paths.printable(host), e);
        }
    }

    private static void checkFree(InetAddress address, int port) throws SyncException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
        } catch (IOException | IllegalArgumentException e) {
            throw failed(
                    "Port " + port + " of " + address.getHostAddress() + " cannot be used (" + e.getMessage()
                            + "): stop what listens there, or choose another port",
                    e);
        }
    }

    private Path configuration() {
        return state.resolve("rsyncd.conf");
    }

    private Path pidFile() {
        return state.resolve("rsyncd.pid");
    }

    private void writeConfiguration(InetAddress address, int port) throws SyncException {
        try {
            Files.createDirectories(state.getParent());
            if (!Files.isDirectory(state)) {
                Files.createDirectory(
                        state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            for (String old : List.of("output", "rsyncd.log", "rsyncd.pid")) {
                Files.deleteIfExists(state.resolve(old));
            }
            Files.writeString(configuration(), configuration(address, port));
        } catch (IOException e) {
            throw failed(state + " cannot be written: " + e.getMessage(), e);
        }
    }

    private String configuration(InetAddress address, int port) throws IOException {
        StringBuilder text = new StringBuilder()
                .append("# made by distributed-test start-rsync\n")
                .append("address = ")
                .append(address.getHostAddress())
                .append('\n')
                .append("port = ")
                .append(port)
                .append('\n')
                .append("pid file = ")
                .append(pidFile())
                .append('\n')
                .append("log file = ")
                .append(state.resolve("rsyncd.log"))
                .append('\n')
                .append("use chroot = no\n");
        if ("root".equals(System.getProperty("user.name"))) {
            // Else rsync would serve as nobody, who may not write here; and never as more than the directory's owner.
            Map<String, Object> owner = Files.readAttributes(directory, "unix:uid,gid");
            text.append("uid = ")
                    .append(owner.get("uid"))
                    .append("\ngid = ")
                    .append(owner.get("gid"))
                    .append('\n');
        }
        return text.append("\n[")
                .append(Sync.Daemon.DEFAULT_MODULE)
                .append("]\n")
                .append("path = ")
                .append(directory)
                .append('\n')
                .append("read only = false\n")
                .toString();
    }

    private void awaitPort(InetAddress address, int port) throws SyncException, InterruptedException {
        InetAddress to = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (running().isEmpty() || !takesConnections(to, port)) {
            if (System.nanoTime() - end > 0) {
                throw failed("rsync does not listen at " + to.getHostAddress() + ":" + port + ": " + lastWords(), null);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static boolean takesConnections(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String lastWords() {
        StringBuilder words = new StringBuilder();
        for (String file : List.of("output", "rsyncd.log")) {
            try {
                String text = Files.readString(state.resolve(file));
                words.append(text, Math.max(0, text.length() - 1000), text.length());
            } catch (IOException e) {
                continue; // it wrote none
            }
        }
        return words.isEmpty() ? "it says nothing" : words.toString().strip();
    }

    /**
     * Stops it and waits until it is gone.
     *
     * @throws SyncException if it is not running, or does not stop
     */
    public void stop() throws SyncException, InterruptedException {
        ProcessHandle daemon =
                running().orElseThrow(() -> failed("No rsync daemon of " + directory + " is running", null));
        daemon.destroy();
        long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (daemon.isAlive()) {
            if (System.nanoTime() - end > 0) {
                throw failed("The rsync daemon (process " + daemon.pid() + ") does not stop: kill it", null);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw failed(pidFile() + " cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Whether it is running. */
    boolean isRunning() throws SyncException {
        return running().isPresent();
    }

    /** The daemon's process: the one of the pid file, if it is an rsync with our configuration. */
    private Optional<ProcessHandle> running() throws SyncException {
        String text;
        try {
            text = Files.readString(pidFile()).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(pidFile() + " cannot be read: " + e.getMessage(), e);
        }
        if (!text.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(text))
                .filter(ProcessHandle::isAlive)
                .filter(this::isOurs);
    }

    private boolean isOurs(ProcessHandle process) {
        List<String> arguments = process.info().arguments().map(List::of).orElse(List.of());
        return process.info().command().orElse("").endsWith("rsync")
                && arguments.contains("--config=" + configuration());
    }

    private static SyncException failed(String message, Exception cause) {
        return new SyncException(SyncException.Kind.FAILED, message, cause);
    }
}
