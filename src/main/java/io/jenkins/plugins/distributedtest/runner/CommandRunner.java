package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.process.Signals;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs each file by a command of its own, made from a template: {@code {file}} stands for the file's path and
 * {@code {junit}} for a path where the command may leave a report in JUnit's XML. Exit code 0 is a pass. Where there
 * is no report, the command as a whole is the file's one case.
 */
final class CommandRunner implements FileRunner {
    private static final long STEP_MILLIS = 1000;

    private final RunnerSettings settings;
    private final RunnerLauncher launcher;
    private final int slot;
    private final CaseSink sink;
    private long runs;
    private Process process;
    private String marker;
    private boolean cancelled;

    CommandRunner(RunnerSettings settings, RunnerLauncher launcher, int slot, CaseSink sink) {
        this.sink = sink;
        this.settings = settings;
        this.launcher = launcher;
        this.slot = slot;
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        RunnerEnvironment environment = launcher.environment();
        Path directory = environment.logDirectory().resolve("command-" + slot);
        Path output = directory.resolve("output");
        Path junit = directory.resolve("junit-" + ++runs + ".xml");
        long begin = System.nanoTime();
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(output);
            if (!start(file, output, junit)) {
                return result(file, begin, FileStatus.CANCELLED, List.of(), "", "", null);
            }
            FileResult early = await(file, begin, timeout, output);
            return early != null ? early : ended(file, begin, output, junit);
        } catch (IOException e) {
            throw new RunnerException("The command for " + file + " cannot be run: " + e.getMessage(), "", false);
        } finally {
            deleteQuietly(junit);
        }
    }

    private synchronized boolean start(TestFile file, Path output, Path junit) throws IOException {
        if (cancelled) {
            return false;
        }
        RunnerEnvironment environment = launcher.environment();
        Map<String, String> variables = new HashMap<>(environment.environment());
        variables.put("DISTRIBUTED_TEST_SLOT", Integer.toString(slot));
        variables.put("GORGON_WORKER_ID", Integer.toString(slot));
        marker = launcher.newMarker(RunnerKind.COMMAND, slot);
        process = ProcessSpec.of(arguments(file, junit))
                .directory(environment.workspace())
                .environment(variables)
                .marker(marker)
                .outputFile(output)
                .start();
        return true;
    }

    private List<String> arguments(TestFile file, Path junit) {
        // A file whose name begins with a dash must not be taken for an option.
        String path = file.path().startsWith("-") ? "./" + file.path() : file.path();
        String report = junit.toAbsolutePath().toString();
        return settings.command().stream()
                .map(argument -> filled(argument, path, report))
                .toList();
    }

    /** Fills both in one pass, so that a file named {@code {junit}} stays what it is. */
    static String filled(String argument, String file, String junit) {
        StringBuilder filled = new StringBuilder();
        int at = 0;
        while (at < argument.length()) {
            if (argument.startsWith("{file}", at)) {
                filled.append(file);
                at += "{file}".length();
            } else if (argument.startsWith("{junit}", at)) {
                filled.append(junit);
                at += "{junit}".length();
            } else {
                filled.append(argument.charAt(at++));
            }
        }
        return filled.toString();
    }

    /** Waits for the command's end; a result only if it had to be stopped. */
    private FileResult await(TestFile file, long begin, Duration timeout, Path output) throws InterruptedException {
        long deadline = begin + timeout.toNanos();
        try {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (process.waitFor(Math.max(0, Math.min(left, STEP_MILLIS)), TimeUnit.MILLISECONDS)) {
                    return null;
                }
                if (left <= 0) {
                    kill();
                    String message = String.format(
                            Locale.ROOT,
                            "It was stopped after %.1f s, its timeout.",
                            (System.nanoTime() - begin) / 1e9);
                    return result(file, begin, FileStatus.TIMED_OUT, List.of(), message, read(output), null);
                }
                if (BoundedText.size(output) > PersistentRunner.MAX_OUTPUT) {
                    kill();
                    return result(
                            file,
                            begin,
                            FileStatus.FAILED,
                            List.of(),
                            "It was stopped since it printed more" + " than " + (PersistentRunner.MAX_OUTPUT >> 20)
                                    + " MiB.",
                            read(output),
                            null);
                }
            }
        } catch (InterruptedException e) {
            kill();
            throw e;
        }
    }

    private FileResult ended(TestFile file, long begin, Path output, Path junit) {
        int code = process.exitValue();
        String signal = Signals.ofExitCode(code);
        ChildHandle.Exit exit = code == 0 ? null : new ChildHandle.Exit(code, signal);
        String printed = read(output);
        if (isCancelled()) {
            return result(file, begin, FileStatus.CANCELLED, List.of(), "", printed, null);
        }
        kill(); // what it left in the background
        FileStatus status = code == 0 ? FileStatus.PASSED : signal == null ? FileStatus.FAILED : FileStatus.CRASHED;
        String message = exit == null ? "" : "The command ended: " + exit.told() + ".";
        if (!Files.isRegularFile(junit)) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            Failure failure = exit == null ? null : new Failure(message, exit.told(), "");
            TestCase whole = new TestCase(
                    file.path(),
                    file.path(),
                    seconds,
                    code == 0 ? CaseStatus.PASSED : CaseStatus.FAILED,
                    failure,
                    "",
                    0);
            return result(file, begin, status, List.of(whole), message, printed, exit);
        }
        CaseCollector cases = new CaseCollector(sink);
        String fault = null;
        try {
            JUnitXmlReader.read(junit, cases);
        } catch (IOException e) {
            fault = "The JUnit report that the command left cannot be used: " + e.getMessage();
        }
        if (code == 0 && (fault != null || cases.isBad())) {
            status = FileStatus.FAILED;
        }
        String all = fault == null ? message : (message + "\n" + fault).strip();
        return result(file, begin, status, cases.cases(), all, printed, exit);
    }

    private static FileResult result(
            TestFile file,
            long begin,
            FileStatus status,
            List<TestCase> cases,
            String message,
            String output,
            ChildHandle.Exit exit) {
        return FileResult.of(file, status, (System.nanoTime() - begin) / 1e9)
                .withCases(cases)
                .withMessage(message)
                .withOutput(output)
                .withEnding(exit == null ? null : exit.code(), exit == null ? null : exit.signal())
                .by(RunnerKind.COMMAND.label());
    }

    private static String read(Path output) {
        try {
            return BoundedText.slice(output, 0, Long.MAX_VALUE);
        } catch (IOException e) {
            return "(the output could not be read: " + e + ")";
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return; // its directory is removed with the job's logs
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private void kill() {
        ProcessTree.kill(process, marker);
    }

    @Override
    public void cancel() {
        Process running;
        String mark;
        synchronized (this) {
            cancelled = true;
            running = process;
            mark = marker;
        }
        if (running != null) {
            ProcessTree.kill(running, mark);
        }
    }

    @Override
    public String close() {
        cancel();
        return "";
    }
}
