package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a run as JSON, all of it, and reads it again. The schema is documented in {@code docs/json-report.md}.
 *
 * <p>The file is pure ASCII (other characters are escaped), so any text survives, half a surrogate pair included.
 */
public final class JsonReport {
    /** Version of the schema; grows when a reader of the old one would misread the new one. */
    public static final int VERSION = 1;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private JsonReport() {}

    /**
     * Writes a run to a file, atomically.
     *
     * @param report the run
     * @param target the file
     * @throws IOException if it cannot be written
     */
    public static void write(RunReport report, Path target) throws IOException {
        AtomicFile.write(target, out -> write(report, out));
    }

    /**
     * Writes a run to a stream.
     *
     * @param report the run
     * @param out the stream; flushed, not closed
     * @throws IOException if it cannot be written
     */
    public static void write(RunReport report, OutputStream out) throws IOException {
        JsonGenerator json = MAPPER.getFactory().createGenerator(out, JsonEncoding.UTF8);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
        new JsonReportWriter(json, RerunCommand.DEFAULT, JsonReportWriter.Texts.ALL).write(report);
        json.writeRaw('\n');
        json.close();
        out.flush();
    }

    /**
     * Reads a run that was written by {@link #write(RunReport, Path)}.
     *
     * @param source the file
     * @return the run, equal to the one written
     * @throws IOException if it cannot be read, is no such report, or has a newer version; the message names the file
     */
    public static RunReport read(Path source) throws IOException {
        try (InputStream in = Files.newInputStream(source)) {
            return read(in);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException("Cannot read a run from " + source + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a run from a stream.
     *
     * @param in the stream
     * @return the run, equal to the one written
     * @throws IOException if reading fails or it is not JSON
     * @throws IllegalArgumentException if it is no such report or has a newer version
     */
    public static RunReport read(InputStream in) throws IOException {
        JsonNode root = MAPPER.readTree(in);
        return JsonReportReader.read(root);
    }
}
