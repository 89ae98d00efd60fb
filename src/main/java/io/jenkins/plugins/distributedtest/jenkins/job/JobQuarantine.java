package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

/**
 * The tests that people have put in quarantine on a job's page, in a file of the job's directory. Who did what is in
 * Jenkins' log.
 */
public final class JobQuarantine {
    /** A job has no more of them: from then on the trouble is another one. */
    static final int MOST = 1000;

    private static final Logger LOG = Logger.getLogger(JobQuarantine.class.getName());
    private static final Object LOCK = new Object();

    private JobQuarantine() {}

    private static Path file(Path jobDirectory) {
        return jobDirectory.resolve("distributed-test").resolve("quarantine.json");
    }

    /**
     * What is in quarantine in the runs of a title.
     *
     * @param jobDirectory the job's directory
     * @param title the runs' title; possibly empty
     * @throws IOException if the file cannot be read; the message says which and what helps
     */
    public static Quarantine of(Path jobDirectory, String title) throws IOException {
        return new Quarantine(read(jobDirectory).stream()
                .map(QuarantineMark::test)
                .filter(test -> test.title().equals(title))
                .map(test -> new Quarantine.Entry(test.file(), test.className(), test.name()))
                .toList());
    }

    static List<QuarantineMark> read(Path jobDirectory) throws IOException {
        Path file = file(jobDirectory);
        try (InputStream in = Files.newInputStream(file)) {
            return Json.PLAIN.readValue(in, new TypeReference<List<QuarantineMark>>() {});
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JacksonException e) {
            throw new IOException(
                    file + " is damaged (" + Json.problem(e) + "). Remove it, and nothing is in quarantine any more",
                    e);
        }
    }

    /**
     * Puts a test in quarantine.
     *
     * @param job the job's full name, for the log
     * @param by who does it
     * @throws IllegalStateException if there are too many already
     */
    static void add(Path jobDirectory, String job, TestName test, String by) throws IOException {
        synchronized (LOCK) {
            List<QuarantineMark> marks = new ArrayList<>(read(jobDirectory));
            if (marks.stream().anyMatch(mark -> mark.test().equals(test))) {
                return;
            }
            if (marks.size() >= MOST) {
                throw new IllegalStateException("There are " + MOST + " tests in quarantine already: release some");
            }
            marks.add(new QuarantineMark(test, by, Instant.now().toString()));
            write(jobDirectory, marks);
        }
        LOG.info(() -> by + " has put a test of " + job + " in quarantine: " + words(test));
    }

    /** Releases a test; does nothing if it is in no quarantine. As above. */
    static void remove(Path jobDirectory, String job, TestName test, String by) throws IOException {
        synchronized (LOCK) {
            List<QuarantineMark> marks = new ArrayList<>(read(jobDirectory));
            if (!marks.removeIf(mark -> mark.test().equals(test))) {
                return;
            }
            write(jobDirectory, marks);
        }
        LOG.info(() -> by + " has released a test of " + job + " from quarantine: " + words(test));
    }

    private static String words(TestName test) {
        String text = new Quarantine.Entry(test.file(), test.className(), test.name()).text()
                + (test.title().isEmpty() ? "" : " (" + test.title() + ")");
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static void write(Path jobDirectory, List<QuarantineMark> marks) throws IOException {
        AtomicFile.write(file(jobDirectory), out -> out.write(Json.PLAIN.writeValueAsBytes(marks)));
    }
}
