package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * One run of files that pass, fail, crash, exit, hang, are noisy or broken, for every runner that this host has, on two
 * listeners; what came of each file is looked up in the reports.
 */
class MixedSuiteIT {
    /** What a file does. */
    private enum Kind {
        PASSES,
        FAILS,
        CRASHES,
        EXITS,
        HANGS,
        NOISY,
        BROKEN
    }

    /** A line as runners send it to the listener, which test code must not be able to fake; and much of the rest. */
    private static final String HOAX = "{\"done\":1,\"status\":\"failed\",\"message\":\"hoax\"}";

    private static final int MUCH = 1_000_000;

    @TempDir
    private static Path directory;

    private static World world;
    private static World.Run run;
    private static RunReport report;
    private static final Map<String, Map<Kind, String>> SUITE = new TreeMap<>();

    @BeforeAll
    static void runEverythingOnce() throws Exception {
        BrokerAddress address = RealRabbit.shared().freshVirtualHost();
        world = new World(directory, () -> address);
        List<String> available = Runners.available();
        for (String runner :
                List.of("rspec", "minitest", "test-unit", "pytest", "unittest", "junit", "node", "command")) {
            if (available.contains(runner)) {
                SUITE.put(runner, write(runner));
            }
        }
        world.write("distributed-test.json", configuration());
        world.listener("one", 2);
        world.listener("two", 2);
        // Enough for a JVM to start on a loaded machine; only what hangs takes as long.
        run = world.run("--file-timeout", "20s", "--set", "silence=20s", "--list", list().toString());
        report = run.ends(1);
    }

    @AfterAll
    static void endWorld() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static String configuration() {
        return """
                {"runners": {
                  "files": {"spec/**": "rspec", "mini/**": "minitest", "unit/**": "test-unit", "py/**": "pytest",
                            "uni/**": "unittest", "java/**": "junit", "js/**": "node", "cmd/**": "command"},
                  "class_path": ["classes", "%s"],
                  "command": ["sh", "{file}"]}}
                """.formatted(jupiterJars());
    }

    /** JUnit's own jars, as a project's build would have them. */
    private static String jupiterJars() {
        return String.join(
                "\", \"",
                java.util.Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                        .filter(path -> path.matches(".*/(junit-jupiter-(api|engine)|junit-platform-(commons|engine)"
                                + "|opentest4j|apiguardian-api)-[^/]*\\.jar"))
                        .toList());
    }

    private static Path list() throws IOException {
        List<String> all = SUITE.values().stream()
                .flatMap(files -> files.values().stream())
                .toList();
        return Files.write(directory.resolve("list"), all);
    }

    private static Map<Kind, String> write(String runner) throws Exception {
        Map<Kind, String> files = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            String name = kind.name().toLowerCase(java.util.Locale.ROOT);
            String path = path(runner, name);
            String body = body(runner, kind);
            if (runner.equals("junit") && kind == Kind.BROKEN) {
                continue; // such a file does not get past the project's build
            }
            world.write(path, kind == Kind.BROKEN ? "((( \"not a program\n" : text(runner, kind, body));
            files.put(kind, path);
        }
        if (runner.equals("junit")) {
            compile(files.values());
        }
        return files;
    }

    private static void compile(Iterable<String> files) throws IOException {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                Files.createDirectories(world.project().resolve("classes")).toString()));
        files.forEach(file -> arguments.add(world.project().resolve(file).toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private static String path(String runner, String name) {
        return switch (runner) {
            case "rspec" -> "spec/" + name + "_spec.rb";
            case "minitest" -> "mini/" + name + "_test.rb";
            case "test-unit" -> "unit/" + name + "_test.rb";
            case "pytest" -> "py/test_" + name + ".py";
            case "unittest" -> "uni/test_" + name + ".py";
            case "junit" -> "java/" + title(name) + "Test.java";
            case "node" -> "js/" + name + ".test.mjs";
            default -> "cmd/" + name + ".sh";
        };
    }

    private static String title(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String text(String runner, Kind kind, String body) {
        String name = title(kind.name().toLowerCase(java.util.Locale.ROOT));
        return switch (runner) {
            case "rspec" -> "RSpec.describe('" + name + "') do\n it('does') do\n" + body + "\n end\nend\n";
            case "minitest" ->
                "require 'minitest/autorun'\nclass M" + name + " < Minitest::Test\n def test_it\n" + body
                        + "\n end\nend\n";
            case "test-unit" ->
                "require 'test/unit'\nclass U" + name + " < Test::Unit::TestCase\n def test_it\n" + body
                        + "\n end\nend\n";
            case "pytest" -> "import os, sys, time, signal\ndef test_it():\n    " + body + "\n";
            case "unittest" ->
                "import os, sys, time, signal, unittest\nclass C" + name
                        + "(unittest.TestCase):\n  def test_it(self):\n    " + body + "\n";
            case "junit" ->
                "import org.junit.jupiter.api.*;\nclass " + name + "Test {\n @Test void it() throws Exception {\n"
                        + body + "\n }\n}\n";
            case "node" ->
                "import { test } from 'node:test';\nimport assert from 'node:assert';\ntest('does', async () => {\n"
                        + body + "\n});\n";
            default -> body + "\n";
        };
    }

    private static String body(String runner, Kind kind) {
        String hoax = HOAX.replace("\"", "\\\"");
        return switch (runner) {
            case "rspec", "minitest", "test-unit" ->
                switch (kind) {
                    case PASSES -> runner.equals("rspec") ? "expect(2).to eq(2)" : "assert_equal 2, 2";
                    case FAILS -> runner.equals("rspec") ? "expect(2).to eq(3)" : "assert_equal 3, 2";
                    case CRASHES -> "$stdout.puts 'last words'; $stdout.flush; Process.kill(:KILL, Process.pid); sleep";
                    case EXITS -> "exit 7";
                    case HANGS -> "puts 'so far'; $stdout.flush; sleep 600";
                    case NOISY -> "puts \"" + hoax + "\"; puts 'x' * " + MUCH + "; $stderr.puts \"]]> \\u0000 \\xff\"";
                    case BROKEN -> "";
                };
            case "pytest", "unittest" ->
                switch (kind) {
                    case PASSES -> "assert 2 == 2";
                    case FAILS -> "assert 2 == 3";
                    case CRASHES ->
                        "print('last words', flush=True); os.kill(os.getpid(), signal.SIGKILL); time.sleep(600)";
                    case EXITS -> "os._exit(7)";
                    case HANGS -> "print('so far', flush=True); time.sleep(600)";
                    case NOISY ->
                        "print(\"" + hoax + "\"); print('x' * " + MUCH + "); sys.stderr.write(']]> \\0 \\udcff'.encode("
                                + "'utf8', 'replace').decode())";
                    case BROKEN -> "";
                };
            case "junit" ->
                switch (kind) {
                    case PASSES -> "Assertions.assertEquals(2, 2);";
                    case FAILS -> "Assertions.assertEquals(2, 3);";
                    case CRASHES ->
                        "System.out.println(\"last words\"); System.out.flush();"
                                + " new ProcessBuilder(\"kill\", \"-9\", \"\" + ProcessHandle.current().pid()).start();"
                                + " Thread.sleep(600000);";
                    case EXITS -> "System.exit(7);";
                    case HANGS -> "System.out.println(\"so far\"); Thread.sleep(600000);";
                    case NOISY ->
                        "System.out.println(\"" + hoax + "\"); System.out.println(\"x\".repeat(" + MUCH
                                + ")); System.err.println(\"]]> \\0\");";
                    case BROKEN -> "";
                };
            case "node" ->
                switch (kind) {
                    case PASSES -> "assert.equal(2, 2);";
                    case FAILS -> "assert.equal(2, 3);";
                    case CRASHES ->
                        "console.log('last words'); process.kill(process.pid, 'SIGKILL');"
                                + " await new Promise((r) => setTimeout(r, 600000));";
                    case EXITS -> "process.exit(7);";
                    case HANGS -> "console.log('so far'); await new Promise((r) => setTimeout(r, 600000));";
                    case NOISY ->
                        "console.log('" + HOAX + "'); console.log('x'.repeat(" + MUCH + ")); console.error(']]> \\0');";
                    case BROKEN -> "";
                };
            default ->
                switch (kind) {
                    case PASSES -> "true";
                    case FAILS -> "false";
                    case CRASHES -> "echo last words; kill -9 $$; sleep 600";
                    case EXITS -> "exit 7";
                    case HANGS -> "echo so far; sleep 600";
                    case NOISY ->
                        "echo '" + HOAX + "'; head -c " + MUCH
                                + " /dev/zero | tr '\\0' x; printf ']]> \\000 \\377' >&2";
                    case BROKEN -> "";
                };
        };
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> every_runner_has_all_verdicts_right() {
        return java.util.stream.Stream.of(
                        "rspec", "minitest", "test-unit", "pytest", "unittest", "junit", "node", "command")
                .map(runner -> DynamicTest.dynamicTest(runner, () -> {
                    Assumptions.assumeTrue(SUITE.containsKey(runner), runner + " is not installed on this host");
                    SUITE.get(runner).forEach((kind, path) -> assertVerdict(runner, kind, path));
                }));
    }

    private static void assertVerdict(String runner, Kind kind, String path) {
        FileReport file = report.files().stream()
                .filter(f -> f.file().path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(path + " is missing"));
        FileResult result = file.last().result();
        FileStatus expected = switch (kind) {
            case PASSES, NOISY -> FileStatus.PASSED;
            case CRASHES -> FileStatus.CRASHED;
            case HANGS -> FileStatus.TIMED_OUT;
            default -> FileStatus.FAILED;
        };
        assertThat(result.status()).as("%s: %s", path, result).isEqualTo(expected);
        assertThat(result.runner()).as(path).isEqualTo(runner);
        assertThat(file.attempts()).as(path).hasSize(kind == Kind.CRASHES ? 2 : 1);
        switch (kind) {
            case PASSES ->
                assertThat(result.cases()).as(path).hasSize(1).allMatch(c -> c.status() == CaseStatus.PASSED);
            case FAILS -> assertThat(result.cases()).as(path).hasSize(1).allMatch(c -> c.failure() != null);
            case CRASHES -> {
                assertThat(result.signal()).as(path).isEqualTo("KILL");
                assertThat(result.message()).as(path).contains("last words");
            }
            case EXITS -> assertThat(result.toString()).as(path).containsPattern("exit.{0,20}7");
            case HANGS -> assertThat(result.output()).as(path).contains("so far");
            case NOISY -> {
                assertThat(result.message()).as(path).isEmpty();
                assertThat(result.cases()).as(path).hasSize(1);
            }
            case BROKEN ->
                assertThat(result.message() + result.cases() + result.output())
                        .as(path)
                        .isNotBlank();
        }
    }

    @Test
    void everyFileIsInTheReportOnce() {
        TreeSet<String> suite = new TreeSet<>();
        SUITE.values().forEach(files -> suite.addAll(files.values()));

        World.assertComplete(report, suite);
    }

    @Test
    void theJunitReportIsWellFormedAndHasEveryFile() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = factory.newDocumentBuilder().parse(run.junit().toFile());

        NodeList suites = document.getElementsByTagName("testsuite");
        assertThat(suites.getLength()).isEqualTo(report.files().size());
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        world.awaitNothingOnBroker(report.runId());
        assertThat(run.program().output()).doesNotContain("Exception in thread");
        Program.await(() -> "workspaces are gone")
                .until(() -> world.workspaces("one").isEmpty()
                        && world.workspaces("two").isEmpty());
    }
}
