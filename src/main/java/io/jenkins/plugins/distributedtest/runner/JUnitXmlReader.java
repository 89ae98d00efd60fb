package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads test cases from a report in JUnit's XML, as Surefire, pytest, Go's and JavaScript's tools write it. Document
 * types and external entities are off: the report comes from test code.
 */
public final class JUnitXmlReader {
    /** Longer reports of one file are refused, in bytes. They are read as a stream. */
    private static final long MAX_BYTES = 1L << 30;

    private final XMLStreamReader xml;
    private final Consumer<TestCase> cases;
    private String suite = "";
    private String name;
    private String className;
    private double seconds;
    private int line;
    private CaseStatus status;
    private Failure failure;
    private final StringBuilder output = new StringBuilder();

    private JUnitXmlReader(XMLStreamReader xml, Consumer<TestCase> cases) {
        this.xml = xml;
        this.cases = cases;
    }

    /**
     * Reads a report of one file.
     *
     * @param file the report
     * @param cases takes the cases, up to where reading fails
     * @throws IOException if it is too long, unreadable, or not such a report
     */
    static void read(Path file, CaseCollector cases) throws IOException {
        read(file, MAX_BYTES, cases::add);
    }

    /**
     * Reads a report.
     *
     * @param file the report
     * @param maxBytes a longer one is refused
     * @param cases takes the cases, up to where reading fails
     * @throws IOException if it is too long, unreadable, or not such a report; the message does not name the file
     */
    public static void read(Path file, long maxBytes, Consumer<TestCase> cases) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no regular file");
        }
        if (Files.size(file) > maxBytes) {
            throw new IOException("it is longer than " + (maxBytes >> 20) + " MiB");
        }
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try (InputStream in = PlainFile.open(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            try {
                new JUnitXmlReader(xml, cases).read();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new IOException("it is not well-formed XML: " + e.getMessage(), e);
        }
    }

    private void read() throws XMLStreamException, IOException {
        boolean rootSeen = false;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (!rootSeen && !xml.getLocalName().startsWith("testsuite")) {
                    throw new IOException("its root is <" + xml.getLocalName() + ">, not <testsuites> or <testsuite>");
                }
                rootSeen = true;
                start(xml.getLocalName());
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("testcase")) {
                cases.accept(new TestCase(name, className, seconds, status, failure, output.toString(), line));
                name = null;
            }
        }
    }

    private void start(String element) throws XMLStreamException {
        switch (element) {
            case "testsuite" -> suite = attribute("name");
            case "testcase" -> startCase();
            case "failure" -> bad(CaseStatus.FAILED);
            case "error" -> bad(CaseStatus.ERROR);
            case "skipped" -> bad(CaseStatus.SKIPPED);
            case "system-out", "system-err" -> {
                if (name != null) {
                    output.append(text());
                }
            }
            default -> {
                return; // properties, attempts that were tried again, elements of one tool alone
            }
        }
    }

    private void startCase() {
        name = attribute("name");
        className = attribute("classname").isEmpty() ? suite : attribute("classname");
        seconds = number(attribute("time"));
        line = (int) number(attribute("line"));
        status = CaseStatus.PASSED;
        failure = null;
        output.setLength(0);
    }

    private void bad(CaseStatus as) throws XMLStreamException {
        String message = attribute("message");
        String type = attribute("type");
        String trace = text();
        if (name != null && (failure == null || as == CaseStatus.ERROR)) {
            status = as;
            failure = new Failure(message.isEmpty() ? firstLine(trace) : message, type, trace);
        }
    }

    /** The text of an element and of what is in it, up to its end. */
    private String text() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        for (int depth = 1; depth > 0 && xml.hasNext(); ) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                default -> {
                    continue; // comments
                }
            }
        }
        return text.toString();
    }

    private String attribute(String key) {
        String value = xml.getAttributeValue(null, key);
        return value == null ? "" : value;
    }

    private static String firstLine(String text) {
        String stripped = text.strip();
        int end = stripped.indexOf('\n');
        return end < 0 ? stripped : stripped.substring(0, end);
    }

    /** Some tools write thousands separators. */
    private static double number(String text) {
        try {
            double value = Double.parseDouble(text.replace(",", ""));
            return Double.isFinite(value) ? Math.max(0, value) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
