package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** The state of a Gearman server, for the status page. */
public final class ServerStatus {
    /** More names are not shown. */
    private static final int MOST_JOBS = 2000;

    private final String server;
    private final Instant connectedSince;
    private final Numbers numbers;
    private final String lastError;
    private final List<String> problems;
    private final List<String> jobs;

    private record Numbers(int functions, int offered, int running, long taken, long lost) {}

    private ServerStatus(
            String server,
            Instant connectedSince,
            Numbers numbers,
            String lastError,
            List<String> problems,
            List<String> jobs) {
        this.server = server;
        this.connectedSince = connectedSince;
        this.numbers = numbers;
        this.lastError = lastError;
        this.problems = List.copyOf(problems);
        this.jobs = List.copyOf(jobs);
    }

    static ServerStatus of(WorkerStatus worker, ServedServer server) {
        List<String> problems = new ArrayList<>();
        if (server.entry().problem() != null) {
            problems.add(server.entry().problem());
        }
        problems.addAll(server.table().problems());
        Numbers numbers = new Numbers(
                // A server that is away has forgotten them.
                worker.connectedSince() == null ? 0 : server.table().names().size(),
                server.offered(),
                server.active(),
                worker.jobs().taken(),
                worker.jobs().lost());
        return new ServerStatus(
                worker.server().toString(),
                worker.connectedSince(),
                numbers,
                worker.lastError(),
                problems,
                jobs(server));
    }

    private static List<String> jobs(ServedServer server) {
        return server.table().names().stream().sorted().limit(MOST_JOBS).toList();
    }

    static ServerStatus failed(String server, String error) {
        return new ServerStatus(server, null, new Numbers(0, 0, 0, 0, 0), error, List.of(), List.of());
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

    /** How many functions are registered: jobs, and jobs with a label. None while there is no connection. */
    public int getFunctions() {
        return numbers.functions();
    }

    /** How many of them could run now, and are asked for. */
    public int getOffered() {
        return numbers.offered();
    }

    /** How many builds there are, waiting ones included. */
    public int getRunning() {
        return numbers.running();
    }

    /** How many requests were taken since the connection was configured. */
    public long getTaken() {
        return numbers.taken();
    }

    /** How many of them were lost: their client or the server went away. */
    public long getLost() {
        return numbers.lost();
    }

    /** The last thing that went wrong, with its time; empty if nothing has. */
    public String getLastError() {
        return lastError;
    }

    /** The names by which jobs are served, with and without a label; the first of them, sorted. */
    public List<String> getJobs() {
        return jobs;
    }

    /** What is to be corrected in the configuration. */
    public List<String> getProblems() {
        return problems;
    }
}
