package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Understands what {@code go test -json} writes, a line at a time: an event of a test or of a package, or what the
 * {@code go} command itself prints (errors of the compiler), which is no JSON before Go 1.24.
 */
public final class GoTestEvents {
    private static final ObjectMapper MAPPER = Json.bounded(5).build();

    /** What is kept of what a test prints, in characters. */
    private static final int MAX_TEXT = 64 << 10;

    /** What the testing package prints of a test beside what that prints itself. */
    private static final Pattern FRAME = Pattern.compile("\\s*(?:=== (?:RUN|PAUSE|CONT|NAME) |--- \\w+: ).*");

    /** What the go command says of a package that it could not build or load, where it says that in no event. */
    private static final Pattern NOT_BUILT = Pattern.compile("FAIL\\s+(\\S+) \\[(?:build|setup) failed]");

    /** Of what package the compiler or vet complain; of one without tests nothing else is said. */
    private static final Pattern COMPLAINT = Pattern.compile("# (\\S+)(?: \\[\\S+])?");

    private final Consumer<TestCase> cases;
    private final Consumer<String> printed;
    private final Map<List<String>, Open> open = new LinkedHashMap<>();
    private final Set<String> withBadCase = new LinkedHashSet<>();
    private final Set<String> failed = new LinkedHashSet<>();
    private final Set<String> complained = new LinkedHashSet<>();
    private final Set<String> settled = new LinkedHashSet<>();
    private final StringBuilder outside = new StringBuilder();

    /** A test that has begun. */
    private static final class Open {
        private final StringBuilder text = new StringBuilder();
        private boolean hasBadChild;
    }

    /**
     * @param cases takes each test that has ended; its class is the import path of its package
     * @param printed takes what a person would see of it, as {@code go test -v} prints it
     */
    public GoTestEvents(Consumer<TestCase> cases, Consumer<String> printed) {
        this.cases = cases;
        this.printed = printed;
    }

    /** Takes a line, without its end. */
    public void line(String line) {
        JsonNode event = event(line);
        if (event == null) {
            plain(line);
            return;
        }
        String test = event.path("Test").asText("");
        String source = event.path("Package").asText("");
        String action = event.path("Action").asText();
        if (action.equals("output") || action.equals("build-output")) {
            output(source, test, event.path("Output").asText(""));
        } else if (!test.isEmpty()) {
            ofTest(action, source, test, event.path("Elapsed").asDouble(0));
        } else if (List.of("pass", "fail", "skip").contains(action) && !source.isEmpty()) {
            settled.add(source);
            if (action.equals("fail")) {
                failed.add(source);
            }
        }
    }

    /** Null if it is none. */
    private static JsonNode event(String line) {
        if (!line.startsWith("{")) {
            return null;
        }
        try {
            JsonNode node = MAPPER.readTree(line);
            return node != null && node.path("Action").isTextual() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private void plain(String line) {
        Matcher notBuilt = NOT_BUILT.matcher(line);
        if (notBuilt.matches()) {
            failed.add(notBuilt.group(1));
        }
        Matcher complaint = COMPLAINT.matcher(line);
        if (complaint.matches()) {
            complained.add(complaint.group(1));
        }
        output("", "", line + "\n");
    }

    private void output(String source, String test, String text) {
        printed.accept(text);
        Open running = open.get(List.of(source, test));
        if (FRAME.matcher(text.strip()).matches()) {
            return;
        }
        StringBuilder into = running == null ? outside : running.text;
        into.append(text);
        if (into.length() > 2 * MAX_TEXT) {
            String cut = BoundedText.cut(into.toString(), MAX_TEXT);
            into.setLength(0);
            into.append(cut);
        }
    }

    private void ofTest(String action, String source, String test, double seconds) {
        switch (action) {
            case "run" -> open.put(List.of(source, test), new Open());
            case "pass" -> ended(source, test, CaseStatus.PASSED, seconds, "");
            case "skip" -> ended(source, test, CaseStatus.SKIPPED, seconds, "");
            case "fail" -> ended(source, test, CaseStatus.FAILED, seconds, "");
            default -> {
                return; // paused, going on, a benchmark
            }
        }
    }

    private void ended(String source, String test, CaseStatus status, double seconds, String why) {
        Open ended = open.remove(List.of(source, test));
        Open one = ended == null ? new Open() : ended;
        String text = BoundedText.cut(one.text.toString(), MAX_TEXT);
        Failure failure = null;
        if (status.isBad()) {
            withBadCase.add(source);
            Open parent = open.get(List.of(source, parent(test)));
            if (parent != null) {
                parent.hasBadChild = true;
            }
            failure = new Failure(why.isEmpty() ? reason(text, one.hasBadChild) : why, type(text), text.strip());
        } else if (status == CaseStatus.SKIPPED) {
            failure = new Failure(text.strip(), "skip", "");
        }
        cases.accept(new TestCase(test, source, seconds, status, failure, text, 0));
    }

    private static String parent(String test) {
        int slash = test.lastIndexOf('/');
        return slash < 0 ? "" : test.substring(0, slash);
    }

    private static String reason(String text, boolean hasBadChild) {
        String said = text.strip();
        if (!said.isEmpty()) {
            return said;
        }
        return hasBadChild ? "One of its subtests failed." : "It failed, and does not say why.";
    }

    private static String type(String text) {
        return text.contains("panic: ") ? "panic" : "failure";
    }

    /**
     * Tests that have begun and not ended are bad: their process has ended before them.
     *
     * @return whether there were none
     */
    public boolean settle() {
        List<List<String>> left = new ArrayList<>(open.keySet());
        Collections.reverse(left); // subtests before theirs
        for (List<String> each : left) {
            ended(
                    each.get(0),
                    each.get(1),
                    CaseStatus.ERROR,
                    0,
                    "It has not come to its end, since its process ended before it.\n"
                            + open.get(each).text.toString().strip());
        }
        return left.isEmpty();
    }

    /** The packages that failed though none of their tests is bad, by their import paths. */
    public Set<String> failedAlone() {
        Set<String> all = new LinkedHashSet<>(failed);
        complained.stream().filter(each -> !settled.contains(each)).forEach(all::add);
        return all.stream()
                .filter(each -> !withBadCase.contains(each))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What was printed outside of tests: by the compiler, by {@code TestMain}, when the process ended. */
    public String outside() {
        return BoundedText.cut(outside.toString(), MAX_TEXT).strip();
    }
}
