package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.core.JacksonException;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where a job keeps its {@link JobTrend}: a file in the job's directory, which stays when builds are deleted. */
final class TrendFile {
    private TrendFile() {}

    /** The file of a job. */
    static Path in(Path jobDirectory) {
        return jobDirectory.resolve("distributed-test").resolve("trend.json");
    }

    /**
     * What a job knows.
     *
     * @return empty if it knows nothing yet
     * @throws IOException if the file cannot be read; the message says which it is and what helps
     */
    static JobTrend read(Path jobDirectory) throws IOException {
        Path file = in(jobDirectory);
        try (InputStream stream = Files.newInputStream(file)) {
            return Json.PLAIN.readValue(stream, JobTrend.class);
        } catch (NoSuchFileException e) {
            return JobTrend.EMPTY;
        } catch (JacksonException e) {
            throw new IOException(
                    file + " is damaged (" + Json.problem(e) + "). Remove it, and the job's trend begins anew", e);
        }
    }

    static void write(Path jobDirectory, JobTrend trend) throws IOException {
        AtomicFile.write(in(jobDirectory), out -> out.write(Json.PLAIN.writeValueAsBytes(trend)));
    }
}
