package io.jenkins.plugins.distributedtest.junitrunner;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.launcher.Launcher;
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
    private static final boolean TESTNG = Boolean.getBoolean("distributedtest.testng");

    private final Control control;
    private final Launcher launcher;
    private volatile long running = NONE;
    private volatile boolean quitting;

    private Main(Control control) {
        this.control = control;
        launcher = LauncherFactory.create();
    }

    /** Started by the listener, which says in the environment where it listens; takes no arguments. */
    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        Control control = new Control(
                Integer.parseInt(environment.get("DISTRIBUTED_TEST_PORT")), environment.get("DISTRIBUTED_TEST_TOKEN"),
                Integer.parseInt(environment.get("DISTRIBUTED_TEST_SLOT")), environment.get("DISTRIBUTED_TEST_MARKER"));
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
        boolean good = false;
        String message = "";
        try {
            good = TESTNG ? TestNgRun.run(file, control, run) : execute(file, new CaseListener(control, run));
        } catch (TestClassFinder.NotFound e) {
            message = e.getMessage();
        } catch (Throwable e) {
            // An engine let something through, such as a StackOverflowError or an interrupt.
            message = (TESTNG ? "TestNG" : "The JUnit Platform") + " failed on " + file + ": " + trace(e);
        }
        System.out.flush();
        System.err.flush();
        running = NONE;
        boolean passed = message.isEmpty() && good;
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("done", run);
        done.put("status", passed ? "passed" : "failed");
        done.put("message", message);
        control.send(Json.write(done));
    }

    private boolean execute(String file, CaseListener cases) throws TestClassFinder.NotFound {
        List<Class<?>> classes = TestClassFinder.find(file);
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(c -> selectClass(c)).collect(Collectors.toList()))
                .configurationParameter("junit.platform.output.capture.stdout", "true")
                .configurationParameter("junit.platform.output.capture.stderr", "true");
        BuildFilters.add(request);
        cases.notRun(ToldClasses.withoutRunner(classes));
        cases.ignored(ToldClasses.ignoredWithoutRunner(classes));
        launcher.execute(request.build(), cases);
        return !cases.isBad();
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
