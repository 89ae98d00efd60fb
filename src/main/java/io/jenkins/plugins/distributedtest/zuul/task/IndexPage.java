package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.publish.LogPath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The page that a job's address leads to: what it was, what came of it, its datasets, and its files. */
final class IndexPage {
    static final String NAME = "index.html";
    private static final List<String> SHOWN = List.of(
            "ZUUL_PROJECT", "ZUUL_PIPELINE", "ZUUL_BRANCH", "ZUUL_CHANGE_IDS", "ZUUL_REF", "ZUUL_COMMIT", "ZUUL_UUID");
    private static final String STYLE = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
            + "padding:0 1rem}table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;text-align:left;"
            + "vertical-align:top}pre{white-space:pre-wrap;margin:0}@media(prefers-color-scheme:dark){"
            + "body{background:#111;color:#ddd}a{color:#8bf}}";

    private IndexPage() {}

    /**
     * Writes the page.
     *
     * @param directory the results, which get it
     * @param request what was asked for
     * @param description what Zuul says about it, from outside; null if nothing
     * @param result what came of it
     * @param datasets its datasets; empty if it has none
     * @param files the files, relative to the results
     */
    static void write(
            Path directory,
            ZuulRequest request,
            String description,
            String result,
            List<DatasetResult> datasets,
            List<Path> files)
            throws IOException {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>");
        html.append(escaped(request.job() + ": " + result.lines().findFirst().orElse("")));
        html.append("</title><style>").append(STYLE).append("</style></head><body>\n<h1>");
        html.append(escaped(request.job())).append("</h1>\n<pre><strong>").append(escaped(result));
        html.append("</strong></pre>\n<table>\n");
        for (String name : SHOWN) {
            if (!request.parameter(name).isEmpty()) {
                row(html, name, escaped(request.parameter(name)));
            }
        }
        if (description != null) {
            row(
                    html,
                    "Description",
                    escaped(description.replaceAll("<[^>]*>", " ").strip()));
        }
        html.append("</table>\n");
        datasets(html, datasets);
        files(html, directory, files);
        try (OutputStream out = PlainFile.anew(directory.resolve(NAME))) {
            out.write(html.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void datasets(StringBuilder html, List<DatasetResult> datasets) {
        if (datasets.isEmpty()) {
            return;
        }
        html.append("<h2>Datasets</h2>\n<table>\n");
        for (DatasetResult each : datasets) {
            String outcome = each.outcome().ok()
                    ? "SUCCESS"
                    : String.join("\n", each.outcome().problems());
            row(html, each.name(), "<pre>" + escaped(outcome) + "</pre>");
        }
        html.append("</table>\n");
    }

    private static void files(StringBuilder html, Path directory, List<Path> files) throws IOException {
        html.append("<h2>Files</h2>\n<table>\n");
        for (Path file : files) {
            String name = file.toString().replace('\\', '/');
            html.append("<tr><td><a href=\"")
                    .append(LogPath.encoded(name))
                    .append("\">")
                    .append(escaped(name));
            html.append("</a></td><td>")
                    .append(size(Files.size(directory.resolve(file))))
                    .append("</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private static String size(long bytes) {
        return bytes < 10_000 ? bytes + " B" : bytes < 10_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
    }

    private static void row(StringBuilder html, String name, String value) {
        html.append("<tr><th>")
                .append(escaped(name))
                .append("</th><td>")
                .append(value)
                .append("</td></tr>\n");
    }

    private static final Map<Character, String> ESCAPES =
            Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '"', "&quot;", '\'', "&#39;");

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            escaped.append(ESCAPES.getOrDefault(c, String.valueOf(c)));
        }
        return escaped.toString();
    }
}
