package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Runs commands of the project's own. */
final class OwnRuns {
    /** What of a command's output is shown when it fails. */
    private static final int SHOWN = 3000;

    /** Above there are those of commands that could not be started, or were killed. */
    private static final int MOST_CODES = 125;

    private final CaseFiles files;
    private final Duration limit;
    private final Path directory;
    private int count;
    private volatile String running;

    /**
     * @param files tells the files of cases
     * @param limit how long a command may take
     * @param directory where outputs are kept
     */
    OwnRuns(CaseFiles files, Duration limit, Path directory) {
        this.files = files;
        this.limit = limit;
        this.directory = directory;
    }

    /**
     * Runs a command to its end, and reads what it reports. What it leaves running is killed.
     *
     * @throws CompareException if it takes too long, or leaves no report where it must, whatever its tests do
     * @throws IOException if it cannot be started or its report not be read
     * @throws InterruptedException if this thread is interrupted; its processes are gone then
     */
    OwnResult run(OwnCommand command) throws CompareException, IOException, InterruptedException {
        Path output = directory.resolve("output-" + ++count);
        String marker = "compare-" + UUID.randomUUID();
        FileTime begin = FileTime.from(Instant.now());
        long nanos = System.nanoTime();
        CommandResult result;
        running = marker;
        try {
            result = Commands.run(
                    ProcessSpec.of(command.command())
                            .directory(command.directory())
                            .without("DISTRIBUTED_TEST_BROKER")
                            .environment(command.environment())
                            .marker(marker)
                            .outputFile(output),
                    limit);
        } finally {
            ProcessTree.killMarked(marker);
            running = null;
        }
        double seconds = (System.nanoTime() - nanos) / 1e9;
        if (result.timedOut()) {
            throw failed(command, "did not end within " + limit.toSeconds() + " s (run_timeout)", output);
        }
        List<ComparedCase> cases = OwnReports.read(command.printingTo(output), files, begin);
        if (cases != null) {
            return new OwnResult(command, result.exitCode(), seconds, cases, null);
        }
        if (command.report().form() != OwnCommand.Form.LINES || result.exitCode() > MOST_CODES) {
            throw failed(command, "left no report: " + result.ending(), output);
        }
        // Our reporters are not even called where set-up for all tests fails.
        String failure = result.ok() ? null : said(output).strip();
        return new OwnResult(command, result.exitCode(), seconds, List.of(), failure);
    }

    /** Kills what runs; any thread may call it. */
    void kill() {
        String marker = running;
        if (marker != null) {
            ProcessTree.killMarked(marker);
        }
    }

    private static CompareException failed(OwnCommand command, String how, Path output) throws IOException {
        String said = said(output);
        return new CompareException("The project's own command " + how + ".\n  " + command.line() + "\n  in "
                + command.directory() + (said.isBlank() ? "" : "\n" + said.strip()));
    }

    private static String said(Path output) throws IOException {
        long size = BoundedText.size(output);
        return Files.exists(output) ? BoundedText.slice(output, Math.max(0, size - SHOWN), size) : "";
    }
}
