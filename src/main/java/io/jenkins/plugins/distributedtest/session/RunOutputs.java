package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.report.HtmlReport;
import io.jenkins.plugins.distributedtest.report.JUnitReport;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.suite.FailedFiles;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        /** This machine: files are written atomically, their directories made. */
        Place LOCAL = (path, content) -> AtomicFile.write(Path.of(path), content::writeTo);

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
