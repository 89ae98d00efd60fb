package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.Signals;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs a package of Go by {@code go test -json}, which compiles it, has {@code go vet} look at it, and runs its tests in a
 * process of their own; what the exit code of {@code go test} says is the verdict. The file that is handed out stands for
 * its package, see {@link GoPackages}.
 */
final class GoRunner implements FileRunner {
    private final GoCommand go;
    private final RunnerLauncher launcher;
    private final int slot;
    private final CaseSink sink;
    private final FileCommand process;

    GoRunner(RunnerSettings settings, RunnerLauncher launcher, int slot, CaseSink sink) {
        go = new GoCommand(settings, launcher, slot);
        this.launcher = launcher;
        this.slot = slot;
        this.sink = sink;
        process = new FileCommand(RunnerKind.GO, launcher, slot);
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        Attempt attempt = new Attempt(file);
        String refusal = go.refusal(file);
        if (refusal != null) {
            return attempt.result(FileStatus.FAILED, refusal);
        }
        Path directory = launcher.environment().logDirectory().resolve("go-" + slot);
        Path output = directory.resolve("events");
        attempt.output = output;
        attempt.ending = directory.resolve("ending");
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(output);
            Files.deleteIfExists(attempt.ending);
            if (!process.start(go.test(file, attempt.ending), output)) {
                return attempt.result(FileStatus.CANCELLED, "");
            }
            return attempt.ended(process.await(attempt.begin + timeout.toNanos(), output, attempt::read));
        } catch (IOException e) {
            throw notHere(e);
        }
    }

    private static RunnerException notHere(IOException e) {
        return new RunnerException(
                "The runner go needs go: " + e.getMessage() + ". Install it on this host, or set"
                        + " \"runners\": {\"interpreters\": {\"go\": [\"/path/to/it\"]}}.",
                "",
                false);
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

    /** One package, tested once. */
    private final class Attempt {
        private final TestFile file;
        private final long begin = System.nanoTime();
        private final CaseCollector cases = new CaseCollector(sink);
        private final BoundedText printed = new BoundedText();
        private final GoTestEvents events = new GoTestEvents(cases::add, this::print);
        private Path output;
        private Path ending;
        private GoEventFile lines;

        Attempt(TestFile file) {
            this.file = file;
        }

        private void print(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            printed.append(bytes, 0, bytes.length);
        }

        void read() throws IOException {
            if (lines == null) {
                lines = new GoEventFile(output);
            }
            lines.read(events::line);
        }

        FileResult ended(FileCommand.End end) throws IOException, InterruptedException {
            read();
            if (process.isCancelled()) {
                return result(FileStatus.CANCELLED, "");
            }
            return switch (end) {
                case TIMEOUT -> result(FileStatus.TIMED_OUT, Told.timedOut((System.nanoTime() - begin) / 1e9));
                case TOO_MUCH_OUTPUT -> result(FileStatus.FAILED, Told.printedMoreThan(PersistentRunner.MAX_OUTPUT));
                case ITSELF -> byItself(process.exitCode());
            };
        }

        private FileResult byItself(int code) throws IOException, InterruptedException {
            process.kill(); // what it left in the background
            lines.end(events::line);
            boolean allEnded = events.settle();
            if (code == 0) {
                return !cases.isBad()
                        ? result(FileStatus.PASSED, "")
                        : allEnded ? passedOver() : result(FileStatus.FAILED, "");
            }
            if (cases.cases().isEmpty() && !cases.isBad() && go.isLeftOut(file)) {
                return result(
                        FileStatus.PASSED,
                        "Build constraints leave out all files of this package, so ./... of Go passes over it.");
            }
            ChildHandle.Exit exit = exit(code);
            String told = cases.isBad() && exit.signal() == null ? "" : "go test failed: " + exit.told() + ".";
            String outside = cases.isBad() ? "" : "\n" + events.outside();
            return result(exit.signal() == null ? FileStatus.FAILED : FileStatus.CRASHED, (told + outside).strip())
                    .withEnding(exit.code(), exit.signal());
        }

        /** As the go command does: the exit code of the test process decides, and that is TestMain's. */
        private FileResult passedOver() {
            String warning = "Tests failed here, and go test says ok: the test process ended with exit code 0, as where"
                    + " TestMain does not hand on what m.Run() returns. So the package has passed.";
            print("Warning: " + warning + "\n");
            return result(FileStatus.PASSED, warning);
        }

        /** How the test process ended, if there was one; else how the go command has ended. */
        private ChildHandle.Exit exit(int code) throws IOException {
            int ended = go.ending(ending, code);
            return new ChildHandle.Exit(ended, Signals.ofExitCode(ended));
        }

        FileResult result(FileStatus status, String message) {
            return FileResult.of(file, status, (System.nanoTime() - begin) / 1e9)
                    .withCases(cases.cases())
                    .withMessage(BoundedText.cut(message, 64 << 10))
                    .withOutput(printed.toString())
                    .by(RunnerKind.GO.label());
        }
    }
}
