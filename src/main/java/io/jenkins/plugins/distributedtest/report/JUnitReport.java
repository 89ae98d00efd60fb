package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes a run as one JUnit XML file, in the elements of Maven Surefire's reports: a {@code testsuite} per file.
 *
 * <p>Attempts are merged. A case that passed after it had been bad carries a {@code flakyFailure} for each bad attempt;
 * one that stayed bad carries its first {@code failure} or {@code error} and a {@code rerunFailure} for each later one.
 * (Surefire has {@code flakyError} and {@code rerunError} besides; Jenkins' junit plugin reads only the two used here,
 * and those since its version 1380, so errors go there, too, told apart by {@code type}.) What is wrong with a file as a whole (timed out, crashed, does
 * not load, called exit) is an {@code error} of a case named after the file; a file without a result is a case that was
 * skipped. Where test code failed that runs after the last file, that has a suite of its own for each host.
 *
 * <p>Whatever tests print fits in: see {@link XmlText} for characters that XML cannot hold. The same report gives the
 * same bytes.
 */
public final class JUnitReport {
    private final XMLStreamWriter xml;

    private JUnitReport(XMLStreamWriter xml) {
        this.xml = xml;
    }

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
     * Writes a run to a stream, in UTF-8.
     *
     * @param report the run
     * @param out the stream; flushed, not closed
     * @throws IOException if it cannot be written
     */
    public static void write(RunReport report, OutputStream out) throws IOException {
        Writer writer = XmlText.references(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
        try {
            // The JDK's own, whatever else is on the class path: XmlText relies on how it escapes.
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(writer);
            new JUnitReport(xml).write(report);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("Cannot write the JUnit report: " + e.getMessage(), e);
        }
        writer.flush();
    }

    private void write(RunReport report) throws XMLStreamException {
        Map<FileReport, List<MergedCase>> suites = new LinkedHashMap<>();
        report.files().forEach(file -> suites.put(file, MergedCase.of(file)));
        Stream.concat(
                        report.closedBadly().map(FileReport::afterTheLast),
                        report.beyondLimits().stream().map(FileReport::beyondLimit))
                .forEach(file -> suites.put(file, MergedCase.of(file)));
        xml.writeStartDocument("UTF-8", "1.0");
        line(0);
        xml.writeStartElement("testsuites");
        attribute("name", report.project());
        counts(suites.values().stream().flatMap(List::stream).toList());
        attribute("time", time(report.wallSeconds()));
        attribute("timestamp", timestamp(report.startedAt()));
        for (Map.Entry<FileReport, List<MergedCase>> suite : suites.entrySet()) {
            write(report, suite.getKey(), suite.getValue());
        }
        line(0);
        xml.writeEndElement();
        line(0);
        xml.writeEndDocument();
    }

    private void write(RunReport report, FileReport file, List<MergedCase> cases) throws XMLStreamException {
        line(1);
        xml.writeStartElement("testsuite");
        attribute("name", file.file().path());
        attribute("file", file.file().path());
        counts(cases);
        attribute(
                "time",
                time(file.attempts().isEmpty() ? 0 : file.last().result().seconds()));
        if (!file.attempts().isEmpty()) {
            double offset = file.attempts().get(0).startOffset();
            attribute("timestamp", timestamp(report.startedAt().plus(duration(offset))));
            attribute("hostname", file.last().worker().host());
            properties(file);
        }
        for (MergedCase test : cases) {
            write(file, test);
        }
        if (!file.attempts().isEmpty()) {
            text(2, "system-out", file.last().result().output());
        }
        line(1);
        xml.writeEndElement();
    }

    private void properties(FileReport file) throws XMLStreamException {
        Attempt last = file.last();
        line(2);
        xml.writeStartElement("properties");
        property("runner", last.result().runner());
        property("worker", last.worker().toString());
        property("attempts", String.valueOf(file.attempts().size()));
        line(2);
        xml.writeEndElement();
    }

    private void property(String name, String value) throws XMLStreamException {
        line(3);
        xml.writeEmptyElement("property");
        attribute("name", name);
        attribute("value", value);
    }

    private void write(FileReport file, MergedCase merged) throws XMLStreamException {
        TestCase test = merged.decisive();
        line(2);
        xml.writeStartElement("testcase");
        attribute("name", test.name().isEmpty() ? file.file().path() : test.name());
        attribute("classname", className(file, test));
        attribute("file", file.file().path());
        if (test.line() > 0) {
            attribute("line", String.valueOf(test.line()));
        }
        attribute("time", time(test.seconds()));
        if (merged.passedInTheEnd()) {
            for (TestCase bad : merged.bad()) {
                again("flakyFailure", bad);
            }
            if (test.status() == CaseStatus.SKIPPED) {
                skipped(test.failure());
            }
        } else {
            failure(merged.bad().get(0));
            for (TestCase bad : merged.bad().subList(1, merged.bad().size())) {
                again("rerunFailure", bad);
            }
        }
        // The output of a case that is bad at once stands with its failure's attempt, Surefire's way.
        text(
                3,
                "system-out",
                merged.passedInTheEnd()
                        ? passedOutput(merged)
                        : merged.bad().get(0).output());
        line(2);
        xml.writeEndElement();
    }

    private static String passedOutput(MergedCase merged) {
        return merged.decisive().status().isBad() ? "" : merged.decisive().output();
    }

    /** A path as class name would make Jenkins take {@code rb} for the class and the rest for its package. */
    private static String className(FileReport file, TestCase test) {
        String path = file.file().path();
        if (!test.className().equals(path) && !test.className().isEmpty()) {
            return test.className();
        }
        int slash = path.lastIndexOf('/');
        int dot = path.lastIndexOf('.');
        String bare = dot > slash + 1 ? path.substring(0, dot) : path;
        int name = bare.lastIndexOf('/');
        return bare.substring(0, name + 1).replace('.', '_').replace('/', '.')
                + bare.substring(name + 1).replace('.', '_');
    }

    private void failure(TestCase bad) throws XMLStreamException {
        line(3);
        xml.writeStartElement(bad.status() == CaseStatus.FAILED ? "failure" : "error");
        Failure failure = failureOf(bad);
        messageAndType(failure);
        xml.writeCharacters(XmlText.content(longForm(failure)));
        xml.writeEndElement();
    }

    private void again(String element, TestCase bad) throws XMLStreamException {
        line(3);
        xml.writeStartElement(element);
        Failure failure = failureOf(bad);
        messageAndType(failure);
        text(4, "stackTrace", longForm(failure));
        text(4, "system-out", bad.output());
        line(3);
        xml.writeEndElement();
    }

    private void skipped(Failure reason) throws XMLStreamException {
        line(3);
        xml.writeEmptyElement("skipped");
        if (reason != null && !reason.message().isEmpty()) {
            attribute("message", reason.message());
        }
    }

    private void messageAndType(Failure failure) throws XMLStreamException {
        attribute("message", failure.message());
        attribute("type", failure.type());
    }

    private static Failure failureOf(TestCase bad) {
        return bad.failure() != null
                ? bad.failure()
                : new Failure("", bad.status().name(), "");
    }

    private static String longForm(Failure failure) {
        if (failure.trace().contains(failure.message())) {
            return failure.trace();
        }
        return failure.trace().isEmpty() ? failure.message() : failure.message() + "\n" + failure.trace();
    }

    private void counts(List<MergedCase> cases) throws XMLStreamException {
        attribute("tests", String.valueOf(cases.size()));
        attribute("failures", count(cases, CaseStatus.FAILED));
        attribute("errors", count(cases, CaseStatus.ERROR));
        attribute(
                "skipped",
                String.valueOf(cases.stream()
                        .filter(c -> c.passedInTheEnd() && c.decisive().status() == CaseStatus.SKIPPED)
                        .count()));
        attribute(
                "flakes",
                String.valueOf(cases.stream().filter(MergedCase::isFlaky).count()));
    }

    private static String count(List<MergedCase> cases, CaseStatus first) {
        return String.valueOf(cases.stream()
                .filter(c -> !c.passedInTheEnd() && c.bad().get(0).status() == first)
                .count());
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, XmlText.attribute(value));
    }

    private void text(int depth, String element, String text) throws XMLStreamException {
        if (text.isEmpty()) {
            return;
        }
        line(depth);
        xml.writeStartElement(element);
        xml.writeCharacters(XmlText.content(text));
        xml.writeEndElement();
    }

    private void line(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.3f", Double.isFinite(seconds) ? Math.max(0, seconds) : 0);
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Double.isFinite(seconds) ? Math.round(seconds * 1000) : 0);
    }

    private static String timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
