package io.jenkins.plugins.distributedtest.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The file that names what is to be run again: Gorgon's {@code failed_files}, a JSON array of paths. It holds the
 * files that failed and those that have no result (running or waiting when the run ended). A green run leaves an empty
 * array.
 */
public final class FailedFiles {
    /** Of a file that a test could have left; ours are far smaller. */
    private static final int MAX_BYTES = 64 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private FailedFiles() {}

    /**
     * What a run leaves to be run again: its failed files, then its unfinished ones, each in the suite's order.
     *
     * @param report the run
     * @return the files, without duplicates
     */
    public static List<TestFile> of(RunReport report) {
        Set<TestFile> files = new LinkedHashSet<>();
        report.failed().map(FileReport::file).forEach(files::add);
        report.unfinished().map(FileReport::file).forEach(files::add);
        return List.copyOf(files);
    }

    /**
     * Writes the file, atomically.
     *
     * @param target where to
     * @param files what it is to name
     * @throws IOException if it cannot be written
     */
    public static void write(Path target, Collection<TestFile> files) throws IOException {
        List<String> paths = files.stream().map(TestFile::path).toList();
        byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(paths);
        AtomicFile.write(target, out -> {
            out.write(bytes);
            out.write('\n');
        });
    }

    /**
     * Reads the file, Gorgon's or ours.
     *
     * @param source the file
     * @return what it names, in its order, without duplicates; possibly empty
     * @throws SuiteException if it is missing or malformed; the message names it
     * @throws IOException if it cannot be read
     */
    public static List<TestFile> read(Path source) throws SuiteException, IOException {
        JsonNode root;
        try {
            root = JSON.readTree(PlainFile.bytes(source, MAX_BYTES));
        } catch (NoSuchFileException e) {
            throw new SuiteException(
                    "There is no " + source + " that names failed files: run the whole suite once, it writes the file",
                    e);
        } catch (JsonProcessingException e) {
            throw new SuiteException(
                    "Cannot read failed files from " + source + ": " + e.getOriginalMessage()
                            + "; delete the file or run the whole suite",
                    e);
        }
        if (root == null || !root.isArray()) {
            throw malformed(source, "it is not a JSON array of paths", null);
        }
        Set<TestFile> files = new LinkedHashSet<>();
        for (JsonNode entry : root) {
            if (!entry.isTextual()) {
                throw malformed(source, "it holds something that is not a path: " + entry, null);
            }
            try {
                files.add(new TestFile(RuntimeHistory.withoutDot(entry.textValue())));
            } catch (IllegalArgumentException e) {
                throw malformed(source, e.getMessage(), e);
            }
        }
        return List.copyOf(files);
    }

    private static SuiteException malformed(Path source, String fault, Exception cause) {
        return new SuiteException(
                "Cannot read failed files from " + source + ": " + fault + "; delete the file or run the whole suite",
                cause);
    }
}
