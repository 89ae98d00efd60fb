package io.jenkins.plugins.distributedtest.jenkins.build;

import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.PageReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * The files of a build's runs, in its directory {@code distributed-test}. Of each run that has ended:
 *
 * <ul>
 *   <li>{@code ID.json}: all of it, the JSON report;
 *   <li>{@code ID.page.json.gz}: what the page is told, ready to be sent;
 *   <li>{@code ID.summary.json}: totals and failures, small. Written last, so where it is the others are, too.
 * </ul>
 */
final class RunFiles {
    private static final String DIRECTORY = "distributed-test";

    private final Path directory;

    /** @param build the build's directory */
    RunFiles(Path build) {
        directory = build.resolve(DIRECTORY);
    }

    /**
     * Writes a run that has ended.
     *
     * @throws IOException if that fails
     */
    void write(RunReport run) throws IOException {
        JsonReport.write(run, report(run.runId()));
        PageReport page = PageReport.of(run, RerunCommand.STEP);
        AtomicFile.write(page(run.runId()), out -> {
            try (OutputStream packed = new GZIPOutputStream(out)) {
                PageAnswer.finished(page).write(packed);
            }
        });
        RunSummary summary = RunSummary.of(page);
        AtomicFile.write(summary(run.runId()), out -> out.write(Json.PLAIN.writeValueAsBytes(summary)));
    }

    /** Whether the files of a run are there. */
    boolean isThere(String runId) {
        return Files.isRegularFile(summary(runId));
    }

    /**
     * The totals and failures of a run.
     *
     * @return null if the run has left no files
     * @throws IOException if they cannot be read; the message names the file
     */
    RunSummary readSummary(String runId) throws IOException {
        Path file = summary(runId);
        try (InputStream in = Files.newInputStream(file)) {
            return Json.PLAIN.readValue(in, RunSummary.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new IOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The file with all of a run, as JSON. */
    Path report(String runId) {
        return file(runId, ".json");
    }

    /** The file with what the page is told, as packed JSON. */
    Path page(String runId) {
        return file(runId, ".page.json.gz");
    }

    private Path summary(String runId) {
        return file(runId, ".summary.json");
    }

    private Path file(String runId, String ending) {
        return directory.resolve(RunIds.checked(runId) + ending);
    }
}
