package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The rsync daemon of a file server, known by its directory: {@code rsyncd.conf}, {@code rsyncd.pid} and
 * {@code rsyncd.log} are there, and what is served is in {@code src} below it, out of clients' reach of the former.
 */
final class RsyncDaemon {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path directory;

    /** The daemon of a directory, running or not. */
    RsyncDaemon(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    private Path config() {
        return directory.resolve("rsyncd.conf");
    }

    private Path pidFile() {
        return directory.resolve("rsyncd.pid");
    }

    private Path log() {
        return directory.resolve("rsyncd.log");
    }

    /** What is served. */
    Path served() {
        return directory.resolve("src");
    }

    /**
     * Starts it and waits until it takes connections.
     *
     * @param address address to listen at
     * @param port port
     * @param module name under which {@link #served()} is offered
     * @throws CliException if it runs already, cannot start, or rsync is missing
     */
    void start(String address, int port, String module) throws CliException, IOException, InterruptedException {
        Optional<ProcessHandle> running = process();
        if (running.isPresent()) {
            throw new CliException("An rsync daemon for " + directory + " runs already, process "
                    + running.get().pid() + ". `distributed-test stop-rsync " + directory + "` stops it.");
        }
        if (accepts(address, port)) {
            throw new CliException("Something else listens at " + address + ":" + port + ". Choose another --port.");
        }
        Files.createDirectories(served());
        Files.deleteIfExists(pidFile());
        Files.writeString(config(), configuration(address, port, module));
        CommandResult started = run(List.of("rsync", "--daemon", "--config=" + config()));
        if (!started.ok()) {
            throw new CliException("rsync does not start: " + started.output().strip());
        }
        awaitConnections(address, port);
    }

    private String configuration(String address, int port, String module) throws CliException {
        for (String word : List.of(directory.toString(), address, module)) {
            if (word.chars().anyMatch(c -> c < ' ' || c == '%' || c == '[' || c == ']')) {
                throw new CliException("Control characters, % and brackets cannot be used here: " + word);
            }
        }
        // Root's daemon would serve as nobody, who cannot write; confined to the directory it may stay what it is.
        boolean root = "root".equals(System.getProperty("user.name"));
        return "address = " + address + "\nport = " + port + "\npid file = " + pidFile() + "\nlog file = " + log()
                + "\nuse chroot = " + (root ? "yes\nuid = root\ngid = root" : "no")
                + "\n\n[" + module + "]\npath = " + served() + "\nread only = false\n";
    }

    private static CommandResult run(List<String> command) throws CliException, InterruptedException {
        try {
            return Commands.run(ProcessSpec.of(command), LIMIT);
        } catch (IOException e) {
            throw new CliException("rsync cannot be started: " + e.getMessage()
                    + ". Install it, on Debian and Ubuntu: sudo apt-get install rsync");
        }
    }

    private void awaitConnections(String address, int port) throws CliException, IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (process().isPresent() && accepts(address, port)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        String said = Files.exists(log()) ? Files.readString(log()).strip() : "it has said nothing";
        throw new CliException("rsync does not take connections at " + address + ":" + port + ": " + said);
    }

    private static boolean accepts(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Stops it and waits until it is gone.
     *
     * @return its process id
     * @throws CliException if none runs, or it does not end
     */
    long stop() throws CliException, IOException, InterruptedException {
        ProcessHandle daemon = process().orElseThrow(() -> new CliException(
                "No rsync daemon runs for " + directory + ": there is no running process in " + pidFile()));
        daemon.destroy();
        try {
            daemon.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CliException("The rsync daemon " + daemon.pid() + " does not end. Stop it with: kill -9 "
                    + daemon.pid());
        }
        Files.deleteIfExists(pidFile());
        return daemon.pid();
    }

    /** The running daemon: the process that the file names, if it is an rsync with our configuration. */
    private Optional<ProcessHandle> process() throws IOException {
        if (!Files.isRegularFile(pidFile())) {
            return Optional.empty();
        }
        String text = Files.readString(pidFile()).strip();
        if (!text.matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        // A number in a file may by now be another program's: its command line must be the one that we gave.
        return ProcessHandle.of(Long.parseLong(text))
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains("--config=" + config()))
                        .orElse(false));
    }
}
