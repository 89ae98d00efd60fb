package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads what the cases of a generated suite came to out of what a framework has written. */
final class Outcomes {
    private static final Pattern CASE = Pattern.compile("case_\\d{5}_\\d");
    private static final Pattern RSPEC = Pattern.compile("\"full_description\":\"([^\"]*)\",\"status\":\"(\\w+)\"");
    private static final Pattern JEST = Pattern.compile("\"fullName\":\"([^\"]*)\".*?\"status\":\"(\\w+)\"");
    private static final Pattern MINITEST = Pattern.compile("#test_(case_\\d{5}_\\d) = [\\d.]+ s = (.)");

    private final Map<String, String> found = new TreeMap<>();
    private final List<String> twice = new ArrayList<>();

    private Outcomes() {}

    /** Of JUnit XML: a file, or all in a directory. */
    static Outcomes xml(Path place) throws IOException {
        Outcomes outcomes = new Outcomes();
        try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".xml"))
                    .sorted()
                    .toList()) {
                outcomes.addXml(file);
            }
        }
        return outcomes;
    }

    private void addXml(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            NodeList cases = factory.newDocumentBuilder().parse(file.toFile()).getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element one = (Element) cases.item(i);
                boolean failed = has(one, "failure") || has(one, "error");
                add(one.getAttribute("name"), failed ? "failed" : has(one, "skipped") ? "skipped" : "passed");
            }
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " is no JUnit XML: " + e.getMessage(), e);
        }
    }

    private static boolean has(Element one, String child) {
        return one.getElementsByTagName(child).getLength() > 0;
    }

    /** Of RSpec's JSON. */
    static Outcomes rspec(Path file) throws IOException {
        return matching(RSPEC, file);
    }

    /** Of Jest's JSON. */
    static Outcomes jest(Path file) throws IOException {
        return matching(JEST, file);
    }

    /** Of what minitest prints with {@code -v}. */
    static Outcomes minitest(Path file) throws IOException {
        return matching(MINITEST, file);
    }

    private static Outcomes matching(Pattern pattern, Path file) throws IOException {
        Outcomes outcomes = new Outcomes();
        Matcher matcher = pattern.matcher(Files.readString(file, StandardCharsets.UTF_8));
        while (matcher.find()) {
            outcomes.add(matcher.group(1), word(matcher.group(2)));
        }
        return outcomes;
    }

    private static String word(String said) {
        return switch (said) {
            case "passed", "." -> "passed";
            case "failed", "F", "E" -> "failed";
            case "pending", "skipped", "S" -> "skipped";
            default -> said;
        };
    }

    private void add(String name, String outcome) {
        Matcher matcher = CASE.matcher(name);
        String key = matcher.find() ? matcher.group() : name;
        if (found.put(key, outcome) != null) {
            twice.add(key);
        }
    }

    /**
     * How they differ from what is expected.
     *
     * @return in words; null if they do not
     */
    String difference(Map<String, String> expected) {
        if (!twice.isEmpty()) {
            return twice.size() + " cases came twice, " + twice.get(0) + " for one";
        }
        Map<String, String> missing = new TreeMap<>(expected);
        missing.keySet().removeAll(found.keySet());
        if (!missing.isEmpty()) {
            return missing.size() + " of " + expected.size() + " cases are missing, "
                    + missing.keySet().iterator().next() + " for one";
        }
        for (Map.Entry<String, String> one : found.entrySet()) {
            String wanted = expected.get(one.getKey());
            if (!one.getValue().equals(wanted)) {
                return one.getKey() + " is " + one.getValue() + ", not " + (wanted == null ? "a case of it" : wanted);
            }
        }
        return null;
    }
}
