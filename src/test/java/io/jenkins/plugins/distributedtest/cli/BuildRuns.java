package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A project of a build tool, run by the built program and by its own tool, with what both tell of it. */
final class BuildRuns implements AutoCloseable {
    /** How long a build may take. */
    static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path directory;
    private final Path project;
    private final String tool;
    private final List<String> command;
    private final List<Process> background = new ArrayList<>();

    /**
     * @param directory an empty directory
     * @param tool the name of the build tool's command in the configuration
     * @param command the command itself
     */
    BuildRuns(Path directory, String tool, List<String> command) throws IOException {
        this.directory = directory;
        this.tool = tool;
        this.command = List.copyOf(command);
        project = Files.createDirectories(directory.resolve("project"));
    }

    /** For the host's Gradle, of which no daemon stays behind; skips the test where there is none. */
    static BuildRuns gradle(Path directory) throws IOException {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "gradle")));
        assumeTrue(there, "gradle is not installed on this host");
        return new BuildRuns(directory, "gradle", List.of("gradle", "--offline", "--no-daemon"));
    }

    /** The local Maven repository, which the tests' own libraries are in. */
    static String repository() {
        return System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository");
    }

    Path project() {
        return project;
    }

    void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Ends what still runs. */
    @Override
    public void close() throws InterruptedException {
        for (Process each : background) {
            each.destroy();
            if (!each.waitFor(60, TimeUnit.SECONDS)) {
                each.destroyForcibly();
            }
        }
    }

    private Process start(Path log, Map<String, String> environment, List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(project.toFile());
        builder.environment().keySet().removeIf(n -> n.matches("(DISTRIBUTED_TEST|MAVEN|GRADLE)_.*"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private int run(Path log, List<String> words) throws Exception {
        Process process = start(log, Map.of(), words);
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(Files.readString(log))
                .isTrue();
        return process.exitValue();
    }

    /** Runs the build tool. */
    int own(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return run(directory.resolve("own.log"), all);
    }

    String ownLog() throws IOException {
        return Files.readString(directory.resolve("own.log"));
    }

    /** Runs the suite with the program. */
    int ours(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("run", "--json", directory.resolve("r.json").toString()));
        all.addAll(List.of(arguments));
        return program(all);
    }

    /** Calls the program as it is. */
    int plainly(String... arguments) throws Exception {
        return run(directory.resolve("ours.log"), BuiltProgram.command(List.of(arguments)));
    }

    /** Calls the program, which gets the build tool's command. */
    int program(List<String> arguments) throws Exception {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--set", "runners.interpreters." + tool + "=[\"" + String.join("\", \"", command) + "\"]"));
        return run(directory.resolve("ours.log"), BuiltProgram.command(all));
    }

    /** Runs the suite where the build tool is missing. */
    int oursWithout(String missing) throws Exception {
        return plainly("run", "--local", "1", "--set", "runners.interpreters." + tool + "=[\"" + missing + "\"]");
    }

    String oursLog() throws IOException {
        return Files.readString(directory.resolve("ours.log"));
    }

    /** Starts a listener that has nothing but a JDK: no programs on its path, an empty home. */
    void bareListener(String broker, String cluster) throws IOException {
        Path log = directory.resolve("listener.log");
        String home = directory.resolve("home").toString();
        background.add(start(
                log,
                Map.of("PATH", "/nonexistent", "HOME", home, "DISTRIBUTED_TEST_BROKER", broker),
                BuiltProgram.command(List.of(
                                "listen",
                                "--cluster",
                                cluster,
                                "--work-dir",
                                directory.resolve("work").toString()))
                        .stream()
                        .map(each -> each.equals("env") ? "/usr/bin/env" : each)
                        .map(each -> each.startsWith("-XX:TieredStopAtLevel") ? "-Duser.home=" + home : each)
                        .toList()));
        await().atMost(LIMIT).until(() -> Files.readString(log).contains("connected"));
    }

    /** What the program has reported: outcomes by class and name. */
    Map<String, String> cases() throws IOException {
        RunReport report = JsonReport.read(directory.resolve("r.json"));
        Map<String, String> told = new TreeMap<>();
        report.files()
                .forEach(file -> file.last()
                        .result()
                        .cases()
                        .forEach(one -> told.merge(
                                one.className() + " " + one.name(),
                                one.status() == CaseStatus.ERROR
                                        ? "FAILED"
                                        : one.status().name(),
                                (a, b) -> a + "," + b)));
        return told;
    }

    /** What the build tool has reported. */
    Map<String, String> reported() throws Exception {
        Map<String, String> told = new TreeMap<>();
        List<Path> reports;
        try (Stream<Path> tree = Files.walk(project)) {
            reports = tree.filter(path -> path.getFileName().toString().matches("TEST-.*\\.xml"))
                    .filter(path -> !path.getParent().endsWith("junitreports")) // TestNG's own
                    .toList();
        }
        for (Path each : reports) {
            NodeList cases = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(each.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element one = (Element) cases.item(i);
                boolean bad = one.getElementsByTagName("failure").getLength()
                                + one.getElementsByTagName("error").getLength()
                        > 0;
                boolean skipped = one.getElementsByTagName("skipped").getLength() > 0;
                told.merge(
                        one.getAttribute("classname") + " "
                                + one.getAttribute("name").replaceAll("\\(\\)$", ""),
                        bad ? "FAILED" : skipped ? "SKIPPED" : "PASSED",
                        (a, b) -> a + "," + b);
            }
        }
        return told;
    }
}
