package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many jobs wait at a server that an executor could take: the server is asked every {@link #INTERVAL} by its
 * administrative command {@code status}, over a connection of its own. Safe for use by several threads.
 */
public final class GearmanQueue implements AutoCloseable {
    /** How often a server is asked. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(GearmanQueue.class);
    private static final int ANSWER_MILLIS = 5_000;
    private static final int MAX_LINES = 100_000;
    private static final int MAX_LINE = 10_000;

    private final GearmanServer server;
    private final Supplier<Set<String>> functions;
    private final ScheduledExecutorService thread;
    private volatile Integer waiting;

    /**
     * Begins to ask.
     *
     * @param server the server
     * @param functions the functions that count, asked for each time
     */
    public GearmanQueue(GearmanServer server, Supplier<Set<String>> functions) {
        this.server = server;
        this.functions = functions;
        thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("gearman-" + server + "-queue"));
        thread.scheduleWithFixedDelay(this::ask, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The server. */
    public GearmanServer server() {
        return server;
    }

    /** How many waited when the server was asked last; null while it does not answer. */
    public Integer waiting() {
        return waiting;
    }

    private void ask() {
        try (Socket socket = GearmanConnection.connect(server)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("status\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            waiting = count(new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1 << 16));
        } catch (IOException | RuntimeException e) {
            waiting = null;
            LOG.debug("{} does not tell its queue", server, e);
        }
    }

    /** Lines of function, jobs, jobs that run, and workers; then a dot. */
    private int count(BufferedReader in) throws IOException {
        Set<String> ours = functions.get();
        int count = 0;
        for (int lines = 0; lines < MAX_LINES; lines++) {
            String line = line(in);
            if (line.equals(".")) {
                return count;
            }
            String[] fields = line.split("\t");
            if (fields.length >= 3 && ours.contains(fields[0])) {
                count += Math.max(0, Integer.parseInt(fields[1]) - Integer.parseInt(fields[2]));
            }
        }
        throw new IOException("more than " + MAX_LINES + " functions");
    }

    private static String line(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > MAX_LINE) {
                throw new IOException("no status: " + line);
            }
            line.append((char) c);
        }
        return line.toString();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
