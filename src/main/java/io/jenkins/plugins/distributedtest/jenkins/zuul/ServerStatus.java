package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** The state of a Gearman server, for the status page. */
public final class ServerStatus {
    private final String server;
    private final Instant connectedSince;
    private final int functions;
    private final int offered;
    private final int running;
    private final long taken;
    private final long lost;
    private final String lastError;
    private final List<String> problems;

    private ServerStatus(
            String server,
            Instant connectedSince,
            int functions,
            int offered,
            int running,
            long taken,
            long lost,
            String lastError,
            List<String> problems) {
        this.server = server;
        this.connectedSince = connectedSince;
        this.functions = functions;
        this.offered = offered;
        this.running = running;
        this.taken = taken;
        this.lost = lost;
        this.lastError = lastError;
        this.problems = List.copyOf(problems);
    }

    static ServerStatus of(WorkerStatus worker, ServedServer server) {
        List<String> problems = new ArrayList<>();
        if (server.entry().problem() != null) {
            problems.add(server.entry().problem());
        }
        problems.addAll(server.table().problems());
        return new ServerStatus(
                worker.server().toString(),
                worker.connectedSince(),
                server.table().names().size(),
                server.offered(),
                server.active(),
                worker.jobs().taken(),
                worker.jobs().lost(),
                worker.lastError(),
                problems);
    }

    static ServerStatus failed(String server, String error) {
        return new ServerStatus(server, null, 0, 0, 0, 0, 0, error, List.of());
    }

    /** Host and port. */
    public String getServer() {
        return server;
    }

    /** Whether there is a connection. */
    public boolean isConnected() {
        return connectedSince != null;
    }

    /** Since when there is a connection; null while there is none. */
    public Date getConnectedSince() {
        return connectedSince == null ? null : Date.from(connectedSince);
    }

    /** How many functions are registered: jobs, and jobs with a label. */
    public int getFunctions() {
        return functions;
    }

    /** How many of them could run now, and are asked for. */
    public int getOffered() {
        return offered;
    }

    /** How many builds there are, waiting ones included. */
    public int getRunning() {
        return running;
    }

    /** How many requests were taken since the connection was configured. */
    public long getTaken() {
        return taken;
    }

    /** How many of them were lost: their client or the server went away. */
    public long getLost() {
        return lost;
    }

    /** The last thing that went wrong, with its time; empty if nothing has. */
    public String getLastError() {
        return lastError;
    }

    /** What is to be corrected in the configuration. */
    public List<String> getProblems() {
        return problems;
    }
}
