package io.jenkins.plugins.distributedtest.junitrunner;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs JUnit 4 and 5 classes through the JUnit Platform, or those of TestNG by {@link TestNgRun}, file after file, in the JVM
 * of one worker slot.
 *
 * <p>Its class path is that of the tests, so it uses nothing but the launcher. Classes are loaded once: static state
 * stays from one file to the next, as with Surefire's {@code reuseForks}.
 */
public final class Main {
    private static final long NONE = 0;
    /** Whether the build runs its tests by TestNG. */
    private static final boolean TESTNG = System.getProperty("distributedtest.testng") != null;
    /** Whether the build runs plain classes, too. */
    private static final boolean POJO = Boolean.getBoolean("distributedtest.pojo");
    /** How often the build runs again what has failed. */
    private static final int RERUNS = Integer.getInteger("distributedtest.reruns", 0);

    /** The number of tests that pass when they are run again from which on the build fails; 0 for none. */
    private static final int FLAKE_LIMIT = Integer.getInteger("distributedtest.flakelimit", 0);

    /** What the number is of. */
    private static final String FLAKES_OF = System.getProperty("distributedtest.flakesof");

    /** The setting by which the build passes over failures; null if it does not. */
    private static final String PASSED_OVER = System.getProperty("distributedtest.passedover");

    private final Control control;
    private final Launcher launcher;
    private volatile long running = NONE;
    private volatile boolean quitting;

    private Main(Control control) {
        this.control = control;
        launcher = LauncherFactory.create();
    }

    /** The first line of the standard input, read without a byte of what follows. */
    private static String told() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = System.in.read(); each >= 0 && each != '\n'; each = System.in.read()) {
            line.append((char) each);
        }
        return line.toString();
    }

    /**
     * Started by the listener, which says on the standard input where it listens: the environment is for tests to see. Takes no
     * arguments.
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        ToldClasses.tellClassPath();
        String[] told = told().split(" ");
        Control control = new Control(
                Integer.parseInt(told[0]),
                told[1],
                Integer.parseInt(environment.get("DISTRIBUTED_TEST_SLOT")),
                environment.get("DISTRIBUTED_TEST_MARKER"));
        Main main;
        try {
            main = new Main(control);
        } catch (Exception | LinkageError e) {
            control.send(Json.object("error", "The JUnit Platform does not start: " + trace(e)));
            Runtime.getRuntime().halt(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(main::exiting, "distributed-test exit"));
        control.send("{\"ready\":true}");
        // Test code may interrupt the thread that runs it, so each file's runs on one of its own.
        main.serve();
    }

    private void serve() throws InterruptedException {
        while (true) {
            Map<String, Object> message = Json.read(control.receive());
            if (message.containsKey("quit")) {
                quitting = true;
                if (ToldClasses.haveListenersOfJUnit4()) {
                    JUnit4Run.finish();
                }
                System.exit(0);
            }
            long run = (Long) message.get("run");
            String file = (String) message.get("file");
            Thread thread = new Thread(() -> run(run, file), "main");
            running = run;
            thread.start();
            thread.join();
        }
    }

    private void run(long run, String file) {
        String message = "";
        String notes = "";
        CaseSender sender = new CaseSender(control, run);
        try {
            if (TESTNG) {
                TestNgRun.run(file, sender);
            } else {
                notes = execute(file, sender);
                message = sender.problem();
            }
        } catch (TestClassFinder.NotFound e) {
            message = e.getMessage();
        } catch (Throwable e) {
            // An engine let something through, such as a StackOverflowError or an interrupt.
            message = (TESTNG ? "TestNG" : "The JUnit Platform") + " failed on " + file + ": " + trace(e);
        }
        System.out.flush();
        System.err.flush();
        running = NONE;
        boolean passed = message.isEmpty() && !sender.isBad();
        boolean passedOver = !passed && PASSED_OVER != null;
        if (passedOver) {
            message = (message.isEmpty() ? "" : message + "\n\n") + "It has failures, which the build passes over ("
                    + PASSED_OVER + "), and so does the run.";
        }
        message = message.isEmpty() && passed ? notes : message;
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("done", run);
        done.put("status", passed || passedOver ? "passed" : "failed");
        done.put("message", message);
        if (passedOver) {
            done.put("decided", true); // whatever its cases say
        }
        control.send(Json.write(done));
    }

    /** Returns what there is to say of the file beside its cases. */
    private String execute(String file, CaseSender sender)
            throws TestClassFinder.NotFound, ReflectiveOperationException {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> each : TestClassFinder.find(file)) {
            if (POJO && PojoRun.takes(each)) {
                PojoRun.run(each, sender);
            } else if (ToldClasses.isForJUnit4Itself(each)) {
                JUnit4Run.run(each, sender);
            } else {
                classes.add(each);
            }
        }
        if (classes.isEmpty()) {
            return "";
        }
        CaseListener cases = new CaseListener(sender, RERUNS > 0);
        launcher.execute(request(classes.stream().map(c -> selectClass(c)).collect(Collectors.toList())), cases);
        for (int i = 0; i < RERUNS && cases.hasHeld(); i++) {
            launcher.execute(
                    request(cases.again().stream().map(id -> selectUniqueId(id)).collect(Collectors.toList())), cases);
        }
        cases.sendHeld();
        String notes = cases.notes();
        if (FLAKE_LIMIT == 1 && cases.flakes() > 0) {
            sender.fail("Tests passed only when they were run again, and the build fails by that (failOnFlakeCount)");
        } else if (FLAKE_LIMIT > 1 && cases.flakes() > 0) {
            // Asked of all files, so the originator judges it at the end, by these words (FlakeLimits).
            notes += (notes.isEmpty() ? "" : "\n") + "Flaky tests: " + cases.flakes() + "; the build fails from "
                    + FLAKE_LIMIT + " on (failOnFlakeCount) in " + FLAKES_OF;
        }
        return notes;
    }

    private static LauncherDiscoveryRequest request(List<? extends DiscoverySelector> selectors) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors)
                .configurationParameter("junit.platform.output.capture.stdout", "true")
                .configurationParameter("junit.platform.output.capture.stderr", "true");
        BuildFilters.add(request);
        return request.build();
    }

    /** The shutdown hook: the code of the exit is not shown to it, so the listener takes the process's. */
    private void exiting() {
        long run = running;
        if (run != NONE && !quitting) {
            control.send(Json.object("exiting", run));
        }
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
