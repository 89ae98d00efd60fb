package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Writes a run as one self-contained HTML page: no other file, no network, no inline event handlers.
 *
 * <p>The page is put together from {@code run.css} (looks), {@code view.js} (a function {@code renderRun(root, data)},
 * with {@code dom.js}, {@code timeline.js}, {@code files.js} and {@code run.js} below it) and {@code page.js} (calls it), which lie
 * beside this class, and the run's data as a JSON block: the JSON report's
 * schema without the output of what passed, and with long texts cut. {@code <}, {@code >} and {@code &} are escaped in
 * it, so no text of a test can end the block. A content security policy in the page allows only these files by their
 * hashes, so nothing that slipped through could run, either. Where scripts are off, a plain summary shows.
 */
public final class HtmlReport {
    /** In the order in which they build on each other. */
    private static final List<String> SCRIPTS =
            List.of("dom.js", "timeline.js", "files.js", "run.js", "view.js", "page.js");

    private HtmlReport() {}

    /**
     * Writes a run to a file, atomically.
     *
     * @param report the run
     * @param rerun the command that runs certain files again
     * @param target the file
     * @throws IOException if it cannot be written
     */
    public static void write(RunReport report, RerunCommand rerun, Path target) throws IOException {
        AtomicFile.write(target, out -> write(report, rerun, out));
    }

    /**
     * Writes a run to a stream, in UTF-8.
     *
     * @param report the run
     * @param rerun the command that runs certain files again
     * @param out the stream; flushed, not closed
     * @throws IOException if it cannot be written
     */
    public static void write(RunReport report, RerunCommand rerun, OutputStream out) throws IOException {
        String css = resource("run.css");
        List<String> scripts = new ArrayList<>();
        StringBuilder hashes = new StringBuilder();
        for (String name : SCRIPTS) {
            String script = resource(name);
            scripts.add(script);
            hashes.append(' ').append(hash(script));
        }
        Writer html = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        html.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
                + "form-action 'none'; style-src " + hash(css) + "; script-src" + hashes + "\">\n");
        html.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.write("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.write("<title>" + escaped(title(report)) + "</title>\n<style>" + css
                + "</style>\n</head>\n<body class=\"dt-page\">\n");
        html.write("<div id=\"run\"></div>\n");
        writeWithoutScripts(report, html);
        html.write("<script type=\"application/json\" id=\"run-data\">");
        writeData(report, rerun, html);
        html.write("</script>\n");
        for (String script : scripts) {
            html.write("<script>" + script + "</script>\n");
        }
        html.write("</body>\n</html>\n");
        html.flush();
    }

    private static String title(RunReport report) {
        String result = report.isGreen()
                ? "passed"
                : JsonReportWriter.word(report.end()).replace('_', ' ');
        if (result.equals("completed")) {
            result = "failed";
        }
        return (report.project().isEmpty() ? "Test run" : report.project()) + ": " + result;
    }

    private static void writeWithoutScripts(RunReport report, Writer html) throws IOException {
        html.write("<noscript>\n<main class=\"plain\">\n<h1>" + escaped(title(report)) + "</h1>\n<p>");
        html.write(escaped(new ConsoleSummary(Terminal.PLAIN, RerunCommand.DEFAULT).verdict(report)));
        html.write("</p>\n<ul>\n");
        for (FileReport file : (Iterable<FileReport>) report.failed().limit(500)::iterator) {
            html.write("<li>" + escaped(file.file().path()) + ": "
                    + FileOutcome.of(file).word() + "</li>\n");
        }
        html.write("</ul>\n<p>The timeline and the tables need JavaScript.</p>\n</main>\n</noscript>\n");
    }

    private static void writeData(RunReport report, RerunCommand rerun, Writer html) throws IOException {
        JsonFactory factory =
                JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        factory.setCharacterEscapes(new MarkupEscapes());
        JsonGenerator json = factory.createGenerator(html);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        PageReport.of(report, rerun).write(json);
        json.close();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("The program is incomplete: it lacks the resource " + name + " of its HTML page");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hash(String content) {
        byte[] digest = Sha256.of(content.getBytes(StandardCharsets.UTF_8)).bytes();
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String escaped(String text) {
        StringBuilder html = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '&' -> html.append("&amp;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.appendCodePoint(c < ' ' && c != '\n' ? '\uFFFD' : c);
            }
        });
        return html.toString();
    }

    /** Escapes in JSON what means something in HTML. */
    private static final class MarkupEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        private final int[] codes = standardAsciiEscapesForJSON();

        MarkupEscapes() {
            codes['<'] = ESCAPE_STANDARD;
            codes['>'] = ESCAPE_STANDARD;
            codes['&'] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return null;
        }
    }
}
