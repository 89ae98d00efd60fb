package io.jenkins.plugins.distributedtest.suite;

import java.util.List;
import java.util.Objects;

/**
 * All that is known of one file at the end of a run (or, live, so far).
 *
 * @param file the file
 * @param attempts the attempts, oldest first; empty if it never ran
 * @param expectedSeconds the recorded runtime that it was ordered by; 0 if none was known
 * @param running the attempt that goes on; null if none does, as in every run that has ended
 */
public record FileReport(TestFile file, List<Attempt> attempts, double expectedSeconds, Running running) {
    /**
     * An attempt that goes on.
     *
     * @param worker who runs it
     * @param lease the lease that it runs under
     * @param startOffset when it started, in seconds from the start of the run
     */
    public record Running(WorkerId worker, int lease, double startOffset) {}

    /** Copies the attempts. */
    public FileReport {
        Objects.requireNonNull(file, "file");
        attempts = List.copyOf(attempts);
    }

    /** A file that nobody runs now. */
    public FileReport(TestFile file, List<Attempt> attempts, double expectedSeconds) {
        this(file, attempts, expectedSeconds, null);
    }

    /** Whether there was an attempt that ended by itself, and none goes on: a cancelled or lost one does not count. */
    public boolean isFinished() {
        if (running != null || attempts.isEmpty()) {
            return false;
        }
        FileStatus status = last().result().status();
        return status != FileStatus.CANCELLED && status != FileStatus.LOST;
    }

    /** Whether its last attempt passed. */
    public boolean isPassed() {
        return isFinished() && last().result().status() == FileStatus.PASSED;
    }

    /** Whether its last attempt was bad. */
    public boolean isFailed() {
        return isFinished() && last().result().status().isBad();
    }

    /** Whether it passed on a retry, after an attempt that was bad. One that was lost with its listener tells nothing. */
    public boolean isFlaky() {
        return isPassed() && attempts.stream().anyMatch(a -> a.result().status().isBad());
    }

    /** Seconds that all its attempts took together, those that were lost with their listeners left out. */
    public double seconds() {
        return attempts.stream()
                .map(Attempt::result)
                .filter(each -> each.status() != FileStatus.LOST)
                .mapToDouble(FileResult::seconds)
                .sum();
    }

    /** Whether it passed and people should be warned of something: the message of its last result. */
    public boolean hasWarning() {
        return isPassed() && !last().result().message().isEmpty();
    }

    /**
     * The attempt that decides.
     *
     * @throws java.util.NoSuchElementException if the file never ran
     */
    public Attempt last() {
        if (attempts.isEmpty()) {
            throw new java.util.NoSuchElementException("never ran: " + file);
        }
        return attempts.get(attempts.size() - 1);
    }

    /**
     * Whether it passed without a single test in a runner: it has none, a filter took all of them away, or it skipped itself
     * before it had any, which pytest tells as a case that is called as the file.
     */
    public boolean hasNoTests() {
        return isPassed()
                && last().result().cases().stream().allMatch(this::isWhole)
                && !last().result().runner().isEmpty();
    }

    /**
     * Whether it has no tests and nothing says why. Of JUnit something does where a class was aborted: in its build's report that
     * is no case, and the build passes.
     */
    boolean showsNothing() {
        return hasNoTests() && !(hasWarning() && last().result().runner().equals("junit"));
    }

    /** The path may begin further up than where the file's own project is. */
    private boolean isWhole(TestCase one) {
        return one.status() == CaseStatus.SKIPPED && ("/" + file.path()).endsWith("/" + one.name());
    }

    /**
     * What failed on a listener after the last file, in the form of a file of its own, for reports that know nothing else.
     *
     * @param listener one of {@link RunReport#closedBadly}
     */
    public static FileReport afterTheLast(ListenerReport listener) {
        String host = listener.host().replaceAll("[^\\w.-]", "_");
        WorkerId worker = new WorkerId(listener.listener(), listener.host(), 0);
        return whole("after the last file on " + host, listener.problem(), worker);
    }

    /**
     * What fails the run as a whole, in the form of a file of its own, for reports that know nothing else.
     *
     * @param problem one of {@link RunReport#beyondLimits}
     */
    public static FileReport beyondLimit(String problem) {
        return whole("limits of the whole run", problem, new WorkerId("originator", "originator", 0));
    }

    private static FileReport whole(String title, String problem, WorkerId worker) {
        TestFile name = new TestFile(title);
        FileResult result = FileResult.of(name, FileStatus.FAILED, 0).withMessage(problem);
        return new FileReport(name, List.of(new Attempt(result, worker, 0, 0)), 0);
    }

    /** What the order of the tests of its last attempt came from, see {@link FileResult#seed}; null if it never ran. */
    public Integer seed() {
        return attempts.isEmpty() ? null : last().result().seed();
    }
}
