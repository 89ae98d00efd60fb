package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code demo} does, in order, and whether it went as planned. */
final class Demo {
    private static final int LISTENERS = 2;
    private static final String SLOTS = "2";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(45);

    private final DemoProject project;
    private final DemoProcesses processes;
    private final Console console;

    /**
     * @param project the sample
     * @param processes starts what takes part; its owner closes it
     * @param console where to tell what goes on
     */
    Demo(DemoProject project, DemoProcesses processes, Console console) {
        this.project = project;
        this.processes = processes;
        this.console = console;
    }

    /**
     * Does it all.
     *
     * @return the exit code: 0 if exactly the files failed that are meant to, in both runs
     */
    int run() throws Exception {
        Thread main = Thread.currentThread();
        Interrupts interrupts = Interrupts.handle(
                () -> {
                    processes.cancel();
                    main.interrupt();
                },
                STOP_LIMIT,
                ExitCode.CANCELLED,
                false,
                processes::kill);
        try {
            return play();
        } catch (InterruptedException | CliException e) {
            if (!interrupts.happened()) {
                throw e;
            }
            console.print("Demo cancelled; its processes are being stopped.");
            return ExitCode.CANCELLED;
        }
    }

    private int play() throws Exception {
        console.print("Sample project: " + project.project() + " (" + String.join(", ", project.runners()) + ")");
        String broker = startBroker();
        startListeners(broker);
        console.print("\nFirst run: nothing is known of the files, they go in the order of their names.");
        RunReport first = runOnce(broker, "first");
        console.print("\nSecond run: the runtimes are known now, the slowest go first.");
        RunReport second = runOnce(broker, "second");
        compare(first, second);
        console.print("Reports: " + directory("second.html") + "\n         " + directory("second-junit.xml")
                + "\n         (of the first run: first.html, first-junit.xml)");
        boolean firstAsPlanned = isAsPlanned("first", first);
        boolean secondAsPlanned = isAsPlanned("second", second);
        return firstAsPlanned && secondAsPlanned ? ExitCode.OK : ExitCode.FAILURES;
    }

    private Path directory(String name) {
        return project.directory().resolve(name);
    }

    private String startBroker() throws Exception {
        Path uriFile = directory("broker-uri");
        List<String> arguments = List.of(
                "broker",
                "--owned",
                "--port",
                "0",
                "--data-dir",
                directory("broker").toString(),
                "--uri-file",
                uriFile.toString());
        Process process = processes.start("broker", arguments, null);
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(uriFile)) {
            requireAlive(process, "broker", end);
        }
        String uri = Files.readString(uriFile).strip();
        Files.delete(uriFile);
        console.print("Broker: " + BrokerAddress.parse(uri));
        return uri;
    }

    private void startListeners(String broker) throws Exception {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        for (int i = 1; i <= LISTENERS; i++) {
            String work = directory("listener-" + i).toString();
            // A directory without a configuration: the sample's is the originator's business.
            List<String> arguments =
                    List.of("listen", "--owned", "-C", project.logs().toString(), "--slots", SLOTS, "--work-dir", work);
            processes.start("listener-" + i, arguments, broker);
        }
        while (Ping.ping(BrokerAddress.parse(broker), null, Duration.ofMillis(500))
                        .size()
                < LISTENERS) {
            if (System.nanoTime() > end) {
                throw new CliException("The listeners do not answer:\n" + processes.log("listener-1"));
            }
        }
        console.print("Listeners: " + LISTENERS + " with " + SLOTS + " slots each");
    }

    private void requireAlive(Process process, String name, long end) throws Exception {
        if (!process.isAlive() || System.nanoTime() > end) {
            throw new CliException("The " + name + " does not start:\n" + processes.log(name));
        }
        TimeUnit.MILLISECONDS.sleep(50);
    }

    private RunReport runOnce(String broker, String name) throws Exception {
        Path json = directory(name + ".json");
        int exitCode = processes.run(
                List.of(
                        "run",
                        "--owned",
                        "-C",
                        project.project().toString(),
                        "--junit",
                        directory(name + "-junit.xml").toString(),
                        "--html",
                        directory(name + ".html").toString(),
                        "--json",
                        json.toString()),
                broker);
        if (exitCode == ExitCode.CANCELLED) {
            throw new CliException(ExitCode.CANCELLED, "The run was cancelled.");
        }
        if (!Files.exists(json)) {
            throw new CliException(
                    "The run ended with exit code " + exitCode + ". What the others say is in " + project.logs());
        }
        return JsonReport.read(json);
    }

    private void compare(RunReport first, RunReport second) {
        double saved = first.wallSeconds() - second.wallSeconds();
        console.print(String.format(
                Locale.ROOT,
                "%nFirst run   %5.1f s, lower bound %.1f s%nSecond run  %5.1f s, lower bound %.1f s%n%s",
                first.wallSeconds(),
                first.lowerBoundSeconds(),
                second.wallSeconds(),
                second.lowerBoundSeconds(),
                saved > 0
                        ? String.format(
                                Locale.ROOT,
                                "Recorded runtimes and warm caches saved %.1f s (%.0f %%).",
                                saved,
                                100 * saved / first.wallSeconds())
                        : "The second run was not shorter this time: something else kept this host busy."));
    }

    private boolean isAsPlanned(String name, RunReport report) throws IOException {
        Set<String> suite = paths(report.files().stream());
        Set<String> failed = paths(report.failed());
        Set<String> expected = project.expectedFailures(suite);
        if (report.end() == RunEnd.COMPLETED && report.unfinished().findAny().isEmpty() && failed.equals(expected)) {
            console.print("As planned, " + name + " run: " + suite.size() + " files, the " + expected.size()
                    + " that fail on purpose failed, and no other.");
            return true;
        }
        console.print("NOT as planned, " + name + " run: it ended in " + report.end() + "; failed: " + failed
                + "; meant to fail: " + expected + ". Logs: " + project.logs());
        return false;
    }

    private static Set<String> paths(Stream<FileReport> files) {
        return files.map(file -> file.file().path()).collect(Collectors.toCollection(TreeSet::new));
    }
}
