package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.report.HtmlReport;
import io.jenkins.plugins.distributedtest.report.JUnitReport;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.FailedFiles;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes what a run leaves behind, and runs the callback {@code after_job_finishes}: the conclusion that the command
 * line, the Jenkins step and a Zuul job share. What fails keeps nothing else from being done; it is told and counted.
 * For one run, on one thread at a time.
 */
public final class RunOutputs {
    private static final Logger LOG = Logger.getLogger(RunOutputs.class.getName());

    /** How a worker begins what it says about a limit of the whole suite. */
    private static final String NOT_JUDGED = "distributed-test: not judged: ";

    /** How it goes on where that is code of the project which the own command asks: a reporter. */
    private static final String JUDGE = "what ";

    private static final int MAX_LIMITS = 20;

    private final RunReport report;
    private final RerunCommand rerun;
    private final Consumer<String> say;
    private final List<String> problems = new ArrayList<>();

    /**
     * @param report the run, ended
     * @param rerun the command that runs certain files again, for the page
     * @param say takes what is to be told, a text of one or more lines at a time
     */
    public RunOutputs(RunReport report, RerunCommand rerun, Consumer<String> say) {
        this.report = report;
        this.rerun = rerun;
        this.say = say;
    }

    /** Something that may fail without keeping the rest from being done. */
    @FunctionalInterface
    public interface Doing {
        /**
         * Does it.
         *
         * @throws Exception if it fails; its message tells people why
         * @throws InterruptedException if this thread is interrupted, which keeps the rest from being done, too
         */
        void run() throws Exception;
    }

    /** What a file is to hold. */
    @FunctionalInterface
    public interface Content {
        /** Writes it to a stream, which the caller closes. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Where reports are written: this machine, or another one. */
    @FunctionalInterface
    public interface Place {
        /** This machine: files are written atomically, their directories made; a pipe is replaced. */
        Place LOCAL = local(Set.of());

        /** The same, which writes into pipes that are meant: {@link ReportTargets#pipes}. */
        static Place local(Set<Path> pipes) {
            return (path, content) -> AtomicFile.write(Path.of(path), content::writeTo, pipes);
        }

        /** Writes a file, and makes its directories. */
        void write(String path, Content content) throws IOException, InterruptedException;
    }

    /**
     * Does something.
     *
     * @param problem what it means that it fails, for people
     * @param doing does it
     * @return whether it succeeded
     * @throws InterruptedException if this thread is interrupted
     */
    public boolean attempt(String problem, Doing doing) throws InterruptedException {
        try {
            doing.run();
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            LOG.log(Level.WARNING, problem, e);
            failed(problem + ": " + why(e));
            return false;
        }
    }

    private static String why(Throwable e) {
        if (e instanceof CallbackException callback) {
            return LocalCallbacks.told(callback);
        }
        // Messages of the platform often name but a file.
        boolean own = e.getClass().getName().startsWith("java.") || e.getMessage() == null;
        return own && e.getClass() != IOException.class ? e.toString() : e.getMessage();
    }

    /** Counts and tells something that could not be done. */
    public void failed(String problem) {
        problems.add(problem);
        say.accept(problem);
    }

    /**
     * Writes the reports, and tells where they are.
     *
     * @param targets which, and where to
     * @param place the machine
     */
    public void reports(ReportTargets targets, Place place) throws InterruptedException {
        report("JUnit report", targets.junit(), place, out -> JUnitReport.write(report, out));
        report("Page", targets.html(), place, out -> HtmlReport.write(report, rerun, out));
        report("JSON report", targets.json(), place, out -> JsonReport.write(report, out));
    }

    private void report(String what, String path, Place place, Content content) throws InterruptedException {
        if (path != null && attempt("Cannot write " + path, () -> place.write(path, content))) {
            say.accept(what + ": " + path);
        }
    }

    /**
     * Tells what was brought back of the files that tests have left. What is missing since a listener was lost is a warning;
     * what is missing for another reason counts as something that could not be done.
     */
    public void collected() {
        Collected collected = report.collected();
        if (!collected.isAsked()) {
            return;
        }
        say.accept("Collected: " + collected.files() + (collected.files() == 1 ? " file, " : " files, ")
                + size(collected.bytes()) + " in " + collected.directory());
        if (!collected.missing().isEmpty()) {
            say.accept("Warning: not all files are there that tests have left on "
                    + String.join(", ", collected.missing())
                    + ", which left before they were brought back. What is made of them, such as a coverage, is of the"
                    + " others alone");
        }
        collected.problems().forEach(problem -> failed("Files that tests have left are missing: " + problem));
    }

    /**
     * Tells which limits of the whole suite, and which code of the project that decides on it, nobody has asked: a worker
     * sees a part of the suite only, and says so in the output of its first file.
     *
     * @param settings the run's settings
     */
    public void unjudged(RunSettings settings) {
        Set<String> limits = new TreeSet<>();
        report.files().stream()
                .flatMap(file -> file.attempts().stream())
                .flatMap(attempt -> attempt.result().output().lines())
                .filter(line -> line.startsWith(NOT_JUDGED) && limits.size() < MAX_LIMITS)
                .forEach(line -> limits.add(line.substring(NOT_JUDGED.length()).strip()));
        List<String> judges =
                limits.stream().filter(each -> each.startsWith(JUDGE)).toList();
        if (!judges.isEmpty()) {
            say.accept("Warning: not judged: " + String.join("; ", judges)
                    + ". The project's own command may fail by it where this run does not");
        }
        limits.removeAll(judges);
        if (limits.isEmpty()) {
            return;
        }
        boolean left = settings.callbacks().commands().containsKey(Callbacks.AFTER_JOB_FINISHES);
        say.accept(
                left
                        ? "Left to " + Callbacks.AFTER_JOB_FINISHES + ": " + String.join("; ", limits)
                        : "Warning: not judged, since it is asked of the whole suite and each worker ran a part of it: "
                                + String.join("; ", limits)
                                + ". The project's own command may fail where this run does not. Bring the coverage data"
                                + " back with collect and judge it in the callback " + Callbacks.AFTER_JOB_FINISHES
                                + " (docs/coverage.md)");
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + (bytes == 1 ? " byte" : " bytes");
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
    }

    /**
     * Records the runtimes.
     *
     * @param before the runtimes before this run
     * @param directory the project's directory: files that are gone from it are forgotten
     * @param file where to
     */
    public void runtimes(RuntimeHistory before, Path directory, Path file) throws InterruptedException {
        attempt("Cannot write " + file, () -> before.updated(report, directory).write(file));
    }

    /** Records the files that failed, or have no result. */
    public void failedFiles(Path file) throws InterruptedException {
        attempt("Cannot write " + file, () -> FailedFiles.write(file, FailedFiles.of(report)));
    }

    /**
     * Runs {@code after_job_finishes}, if the project has callbacks.
     *
     * @param settings the run's settings
     * @param callbacks runs it
     */
    public void lastCallback(RunSettings settings, ProjectRun.CallbackRunner<?> callbacks) throws InterruptedException {
        if (!settings.callbacks().isEmpty()) {
            attempt("A callback failed", () -> callbacks.run(Callbacks.AFTER_JOB_FINISHES));
        }
    }

    /** What could not be done, in words; empty if everything was. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
