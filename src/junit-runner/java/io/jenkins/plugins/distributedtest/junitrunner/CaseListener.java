package io.jenkins.plugins.distributedtest.junitrunner;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Turns what the JUnit Platform tells into cases of one file. A container is told of when it failed itself
 * ({@code @BeforeAll}, a constructor of a nested class), or was skipped as a whole.
 */
final class CaseListener implements TestExecutionListener {
    /** One of the runs of a parameterized class; builds name it so, too. */
    private static final Pattern CLASS_INVOCATION = Pattern.compile(
            "\\[class-template-invocation:#(\\d+)][^/]*(?:/\\[(?!nested-class|class-template)[^]]*])*$");

    private final CaseSender sender;
    private final boolean holding;
    private final Map<String, Long> begins = new ConcurrentHashMap<>();
    private final Map<String, StringBuilder> outputs = new ConcurrentHashMap<>();
    /** What has failed and may be run again, by its unique id. */
    private final Map<String, Map<String, Object>> held = new ConcurrentHashMap<>();

    /** Those that failed themselves: run again for the tests in them, but it is no use to themselves, as in Surefire. */
    private final Set<String> containers = ConcurrentHashMap.newKeySet();

    private final Set<String> failedContainers = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private Map<String, Map<String, Object>> before = Collections.emptyMap();
    private final AtomicInteger flakes = new AtomicInteger();
    private TestPlan plan;

    /** @param holding whether failures are held until {@link #sendHeld}, since what failed may be run again */
    CaseListener(CaseSender sender, boolean holding) {
        this.sender = sender;
        this.holding = holding;
    }

    /** Whether something is to be run again. */
    boolean hasHeld() {
        return !held.isEmpty() || !containers.isEmpty();
    }

    /** Its unique ids: what fails from now on is taken anew. */
    Set<String> again() {
        before = new LinkedHashMap<>(held);
        Set<String> all = new LinkedHashSet<>(held.keySet());
        all.addAll(containers);
        held.clear();
        containers.clear();
        ended.clear();
        return all;
    }

    /** What did not run again has failed. */
    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        before.forEach((id, failed) -> {
            if (!ended.contains(id)) {
                held.put(id, failed);
            }
        });
    }

    /** How many tests failed and then passed. */
    int flakes() {
        return flakes.get();
    }

    /** Lines for people, about what is no case in the build's reports; empty for nothing. */
    String notes() {
        return String.join("\n", notes);
    }

    /** Tells of all failures that no further run has mended. */
    void sendHeld() {
        held.values().forEach(sender::send);
        held.clear();
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        begins.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        StringBuilder output = outputs.computeIfAbsent(test.getUniqueId(), id -> new StringBuilder());
        synchronized (output) {
            for (Map.Entry<String, String> each : entry.getKeyValuePairs().entrySet()) {
                boolean captured =
                        each.getKey().equals("stdout") || each.getKey().equals("stderr");
                output.append(captured ? each.getValue() : each.getKey() + " = " + each.getValue() + "\n");
            }
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        ContainerCases.skipped(plan, test).forEach(one -> skipped(one, reason));
    }

    private void skipped(TestIdentifier test, String reason) {
        ended.add(test.getUniqueId());
        Map<String, Object> told = told(test, "skipped");
        told.put("message", reason);
        told.put("type", "skipped");
        sender.send(told);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        ended.add(test.getUniqueId());
        Throwable thrown = result.getThrowable().orElse(null);
        switch (result.getStatus()) {
            case SUCCESSFUL:
                if (test.isTest()) {
                    sender.send(mended(test, told(test, "passed")));
                }
                break;
            case ABORTED:
                aborted(test, thrown);
                break;
            default:
                Map<String, Object> failed = told(test, test.isTest() && isAssertion(thrown) ? "failed" : "error");
                failure(failed, thrown);
                failed(test, failed);
                break;
        }
        outputs.remove(test.getUniqueId());
        begins.remove(test.getUniqueId());
    }

    private void aborted(TestIdentifier test, Throwable thrown) {
        Collection<TestIdentifier> told = ContainerCases.aborted(plan, test, ended);
        for (TestIdentifier each : told) {
            Map<String, Object> aborted = told(each, "skipped");
            failure(aborted, thrown);
            sender.send(aborted);
        }
        if (told.isEmpty()) {
            notes.add(className(test) + " was aborted: " + thrown);
        }
    }

    private void failed(TestIdentifier test, Map<String, Object> failed) {
        String id = test.getUniqueId();
        if (holding && test.isTest()) {
            held.put(id, before.getOrDefault(id, failed)); // the first failure says most
            return;
        }
        if (holding) {
            containers.add(id);
        }
        if (failedContainers.add(id)) {
            sender.send(failed);
        }
    }

    /** A test that failed before says so in its output. */
    private Map<String, Object> mended(TestIdentifier test, Map<String, Object> passed) {
        Map<String, Object> first = before.get(test.getUniqueId());
        if (first != null) {
            flakes.incrementAndGet();
            passed.put(
                    "output",
                    passed.getOrDefault("output", "") + "Flaky: it failed at first, and passed when it was run again: "
                            + first.get("message") + "\n");
        }
        return passed;
    }

    private static boolean isAssertion(Throwable thrown) {
        return thrown instanceof AssertionError;
    }

    /** Adds what was thrown, if anything was. */
    static void failure(Map<String, Object> told, Throwable thrown) {
        if (thrown == null) {
            return;
        }
        told.put("type", thrown.getClass().getName());
        try {
            told.put("message", String.valueOf(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage()));
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            told.put("trace", trace.toString());
        } catch (Throwable inTestCode) {
            told.put("message", thrown.getClass().getName() + ", whose message cannot be made: " + inTestCode);
        }
    }

    private Map<String, Object> told(TestIdentifier test, String status) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", name(test));
        told.put("class", className(test));
        Long begin = begins.get(test.getUniqueId());
        told.put("seconds", begin == null ? 0.0 : (System.nanoTime() - begin) / 1e9);
        told.put("status", status);
        StringBuilder output = outputs.get(test.getUniqueId());
        if (output != null) {
            told.put("output", output.toString());
        }
        return told;
    }

    /** The method; for an invocation of a parameterized or repeated test also the invocation's name. */
    private String name(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        if (!test.isTest()) {
            return test.getDisplayName();
        }
        Optional<TestIdentifier> parent = plan == null ? Optional.empty() : plan.getParent(test);
        boolean invocation = parent.isPresent()
                && parent.get().getSource().orElse(null) instanceof MethodSource
                && source instanceof MethodSource;
        String display = test.getDisplayName();
        if (invocation) {
            return parent.get().getDisplayName() + " " + display;
        }
        if (source instanceof MethodSource && display.equals(((MethodSource) source).getMethodName() + "()")) {
            return ((MethodSource) source).getMethodName();
        }
        return display;
    }

    private String className(TestIdentifier test) {
        String invocation = "";
        for (Optional<TestIdentifier> at = Optional.of(test); at.isPresent(); at = plan.getParent(at.get())) {
            Matcher matcher = CLASS_INVOCATION.matcher(at.get().getUniqueId());
            invocation = invocation.isEmpty() && matcher.find() ? "[" + matcher.group(1) + "]" : invocation;
            TestSource source = at.get().getSource().orElse(null);
            if (source instanceof MethodSource) {
                return ((MethodSource) source).getClassName() + invocation;
            } else if (source instanceof ClassSource) {
                return ((ClassSource) source).getClassName() + invocation;
            }
        }
        return test.getDisplayName();
    }
}
