package io.jenkins.plugins.distributedtest.jenkins.build;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.distributedtest.report.PageReport;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.IntPredicate;

/**
 * What the page of a run is told when it asks: a JSON object of
 *
 * <ul>
 *   <li>{@code state}: {@code live}, {@code finished}, or without a report {@code waiting} (the build goes on, but the
 *       run is not there: it gets ready, or the controller has just started) or {@code lost} (the build has ended and
 *       left no report);
 *   <li>{@code cursor}: what to send with the next question; only when live;
 *   <li>{@code next_seconds}: when to ask again; missing when there will be nothing new;
 *   <li>{@code partial}: true if {@code report} holds only the files that changed, each with its {@code index};
 *   <li>{@code report}: the run, see {@link PageReport}.
 * </ul>
 */
final class PageAnswer {
    private static final int WAIT_SECONDS = 3;
    private static final JsonFactory JSON = new JsonFactory();

    private final RunState state;
    private final String cursor;
    private final int nextSeconds;
    private final PageReport report;
    private final IntPredicate changed;

    private PageAnswer(RunState state, String cursor, int nextSeconds, PageReport report, IntPredicate changed) {
        this.state = state;
        this.cursor = cursor;
        this.nextSeconds = nextSeconds;
        this.report = report;
        this.changed = changed;
    }

    /** @param changed which files to tell; null for all */
    static PageAnswer live(String cursor, int nextSeconds, PageReport report, IntPredicate changed) {
        return new PageAnswer(RunState.LIVE, cursor, nextSeconds, report, changed);
    }

    static PageAnswer finished(PageReport report) {
        return new PageAnswer(RunState.FINISHED, null, 0, report, null);
    }

    static PageAnswer waiting() {
        return new PageAnswer(RunState.WAITING, null, WAIT_SECONDS, null, null);
    }

    static PageAnswer lost() {
        return new PageAnswer(RunState.LOST, null, 0, null, null);
    }

    /**
     * Writes it, in UTF-8.
     *
     * @param out where to; flushed, not closed
     * @throws IOException if that fails
     */
    void write(OutputStream out) throws IOException {
        JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeStringField("state", state.word());
        if (cursor != null) {
            json.writeStringField("cursor", cursor);
        }
        if (nextSeconds > 0) {
            json.writeNumberField("next_seconds", nextSeconds);
        }
        if (report != null) {
            json.writeBooleanField("partial", changed != null);
            json.writeFieldName("report");
            writeReport(json);
        }
        json.writeEndObject();
        json.close();
        out.flush();
    }

    private void writeReport(JsonGenerator json) throws IOException {
        if (changed == null) {
            report.write(json);
        } else {
            report.writeChanges(json, changed);
        }
    }
}
