package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
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
import java.util.List;

/**
 * Runs each file by a command of its own, made from a template ({@link CommandTemplate}): {@code {file}} stands for the
 * file's path and {@code {junit}} for a path where the command may leave a report in JUnit's XML. Exit code 0 is a pass.
 * Where there is no report, the command as a whole is the file's one case.
 */
final class CommandRunner implements FileRunner {
    private final RunnerSettings settings;
    private final RunnerLauncher launcher;
    private final int slot;
    private final CaseSink sink;
    private final FileCommand process;
    private long runs;

    CommandRunner(RunnerSettings settings, RunnerLauncher launcher, int slot, CaseSink sink) {
        this.sink = sink;
        this.settings = settings;
        this.launcher = launcher;
        this.slot = slot;
        process = new FileCommand(RunnerKind.COMMAND, launcher, slot);
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        Path directory = launcher.environment().logDirectory().resolve("command-" + slot);
        Path output = directory.resolve("output");
        Path junit = directory.resolve("junit-" + ++runs + ".xml");
        long begin = System.nanoTime();
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(output);
            if (!process.start(arguments(file, junit), output)) {
                return result(file, begin, FileStatus.CANCELLED, List.of(), "", "", null);
            }
            return switch (process.await(begin + timeout.toNanos(), output, FileCommand.Watch.NONE)) {
                case ITSELF -> ended(file, begin, output, junit);
                case TIMEOUT ->
                    result(
                            file,
                            begin,
                            FileStatus.TIMED_OUT,
                            List.of(),
                            Told.timedOut((System.nanoTime() - begin) / 1e9),
                            read(output),
                            null);
                case TOO_MUCH_OUTPUT ->
                    result(
                            file,
                            begin,
                            FileStatus.FAILED,
                            List.of(),
                            Told.printedMoreThan(PersistentRunner.MAX_OUTPUT),
                            read(output),
                            null);
            };
        } catch (IOException e) {
            throw new RunnerException("The command for " + file + " cannot be run: " + e.getMessage(), "", false);
        } finally {
            deleteQuietly(junit);
        }
    }

    private List<String> arguments(TestFile file, Path junit) {
        return CommandTemplate.fill(settings.command(), launcher.environment().workspace(), file.path(), junit);
    }

    private FileResult ended(TestFile file, long begin, Path output, Path junit) {
        int code = process.exitCode();
        String signal = Signals.ofExitCode(code);
        ChildHandle.Exit exit = code == 0 ? null : new ChildHandle.Exit(code, signal);
        String printed = read(output);
        if (process.isCancelled()) {
            return result(file, begin, FileStatus.CANCELLED, List.of(), "", printed, null);
        }
        process.kill(); // what it left in the background
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

    @Override
    public void cancel() {
        process.cancel();
    }

    @Override
    public String close() {
        cancel();
        return "";
    }
}
