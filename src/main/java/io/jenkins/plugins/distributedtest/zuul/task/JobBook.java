package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the jobs of an executor are and were, for people. Safe for use by several threads. */
public final class JobBook {
    /** So many jobs that have ended are remembered. */
    public static final int KEPT = 50;

    private final Map<Entry, Running> running = new LinkedHashMap<>();
    private final Deque<Ended> ended = new ArrayDeque<>();

    JobBook() {}

    /**
     * What a job is about.
     *
     * @param job the job's name
     * @param project the project; empty if the request names none
     * @param change the change or the ref; empty if the request names none
     * @param unique the build's id
     */
    public record Subject(String job, String project, String change, String unique) {
        static Subject of(ZuulRequest request) {
            String change = request.parameter("ZUUL_CHANGE_IDS");
            return new Subject(
                    request.job(),
                    request.parameter("ZUUL_PROJECT"),
                    change.isEmpty() ? request.parameter("ZUUL_REF") : change,
                    request.unique());
        }
    }

    /**
     * A job that runs.
     *
     * @param subject what it is about
     * @param since when it began
     * @param step at which step it is, {@code 2/5}; empty before the first
     * @param url where its logs will be; null if nowhere
     */
    public record Running(Subject subject, Instant since, String step, String url) {}

    /**
     * A job that has ended.
     *
     * @param subject what it was about
     * @param at when it ended
     * @param took how long it took
     * @param result what Zuul was told, or why it was told nothing
     * @param url where its logs are; null if nowhere
     */
    public record Ended(Subject subject, Instant at, Duration took, String result, String url) {}

    /** Those that run, the first that began first. */
    public synchronized List<Running> running() {
        return List.copyOf(running.values());
    }

    /** The last that have ended, the last one first. */
    public synchronized List<Ended> ended() {
        return List.copyOf(ended);
    }

    /** Enters a job, and follows what is reported about it. */
    synchronized ZuulReporter begun(ZuulRequest request, ZuulReporter reporter) {
        Entry entry = new Entry(reporter);
        running.put(entry, new Running(Subject.of(request), Instant.now(), "", null));
        return entry;
    }

    private synchronized void end(Entry entry, String result) {
        Running job = running.remove(entry);
        if (job == null) {
            return;
        }
        Instant now = Instant.now();
        ended.addFirst(new Ended(job.subject, now, Duration.between(job.since, now), result, job.url));
        if (ended.size() > KEPT) {
            ended.removeLast();
        }
    }

    private synchronized void url(Entry entry, String url) {
        running.computeIfPresent(entry, (same, job) -> new Running(job.subject, job.since, job.step, url));
    }

    private synchronized void step(Entry entry, String step) {
        running.computeIfPresent(entry, (same, job) -> new Running(job.subject, job.since, step, job.url));
    }

    /** Passes on what is reported about one job, and writes it down. */
    private final class Entry implements ZuulReporter {
        private final ZuulReporter reporter;

        Entry(ZuulReporter reporter) {
            this.reporter = reporter;
        }

        @Override
        public void url(String url) {
            JobBook.this.url(this, url);
            reporter.url(url);
        }

        @Override
        public void node(String node, List<String> labels) {
            reporter.node(node, labels);
        }

        @Override
        public void progress(long numerator, long denominator) {
            step(this, numerator + "/" + denominator);
            reporter.progress(numerator, denominator);
        }

        @Override
        public void finished(String result) {
            end(this, result);
            reporter.finished(result);
        }

        @Override
        public void retry(String reason) {
            end(this, "No result: " + reason);
            reporter.retry(reason);
        }
    }
}
