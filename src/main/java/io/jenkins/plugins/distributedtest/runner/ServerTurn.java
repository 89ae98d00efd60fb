package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.DirectoryLock;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The right to start servers on this host, of which there is room for one of a name at a time: held while a file runs, against
 * other slots, other runs and other listeners of this user. A server that runs already and is to be used needs none.
 */
final class ServerTurn implements AutoCloseable {
    /** How long a file may wait for the others. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Duration STEP = Duration.ofMillis(500);
    private static final int CONNECT_MILLIS = 1000;

    private final List<DirectoryLock> locks = new ArrayList<>();

    private ServerTurn() {}

    /**
     * Waits for the right to start some servers.
     *
     * @param servers the servers
     * @param cancelled asked once in a while; then nothing is waited for any more
     * @return to be closed when the servers have ended
     * @throws RunnerException if others held it for too long, or it cannot be had; the message says what is held
     * @throws InterruptedException if this thread is interrupted
     */
    static ServerTurn take(List<OwnServer> servers, BooleanSupplier cancelled)
            throws RunnerException, InterruptedException {
        ServerTurn turn = new ServerTurn();
        long end = System.nanoTime() + LONGEST.toNanos();
        boolean taken = false;
        try {
            // In one order everywhere, so that no two wait for each other.
            for (OwnServer each : servers.stream()
                    .sorted(Comparator.comparing(OwnServer::name))
                    .distinct()
                    .toList()) {
                turn.take(each, cancelled, end);
            }
            taken = true;
            return turn;
        } catch (IOException e) {
            throw new RunnerException("The right to start the project's web server cannot be had: " + e, "", false);
        } finally {
            if (!taken) {
                turn.close();
            }
        }
    }

    private void take(OwnServer server, BooleanSupplier cancelled, long end)
            throws IOException, RunnerException, InterruptedException {
        Path file = file(server.name());
        while (!cancelled.getAsBoolean()) {
            try {
                DirectoryLock lock = DirectoryLock.take(file, System.nanoTime() + STEP.toNanos());
                if (server.reuse() && isRunning(server)) {
                    lock.close(); // nobody has started it here for a file: whoever does holds the lock
                } else {
                    locks.add(lock);
                }
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() - end > 0) {
                    throw new RunnerException(
                            "Other files on this host have had the project's web server (" + server.name()
                                    + ") for more than " + LONGEST.toMinutes() + " minutes.",
                            "",
                            false);
                }
            }
        }
    }

    private static Path file(String name) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path directory =
                OwnerOnly.claim(temporary.resolve("distributed-test-servers-" + System.getProperty("user.name")), true);
        MessageDigest digest = Sha256.digest();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        return directory.resolve(Sha256.result(digest).toString().substring(0, 20));
    }

    private static boolean isRunning(OwnServer server) throws IOException {
        if (server.port() == 0) {
            return false;
        }
        for (InetAddress each : InetAddress.getAllByName(server.host())) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(each, server.port()), CONNECT_MILLIS);
                return true;
            } catch (IOException e) {
                continue; // not at this address
            }
        }
        return false;
    }

    @Override
    public void close() {
        locks.forEach(DirectoryLock::close);
        locks.clear();
    }
}
