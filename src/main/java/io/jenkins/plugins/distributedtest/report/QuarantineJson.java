package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;

/** Writes what of a run is in quarantine into its JSON report. */
final class QuarantineJson {
    private QuarantineJson() {}

    /** Writes the fields; none of a run without a quarantine. */
    static void write(JsonGenerator json, RunReport report) throws IOException {
        if (report.quarantine().entries().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("quarantine");
        for (Quarantine.Entry entry : report.quarantine().entries()) {
            json.writeStartObject();
            json.writeStringField("path", entry.file());
            json.writeStringField("class_name", entry.className());
            json.writeStringField("name", entry.name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("failed_in_quarantine");
        for (FileReport file : (Iterable<FileReport>) report.failedInQuarantine()::iterator) {
            json.writeString(file.file().path());
        }
        json.writeEndArray();
    }
}
