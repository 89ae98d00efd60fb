package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The junit runner, with real JVMs on classes compiled here. */
class JUnitRunnerTest {
    private static final String JUPITER = """
            package demo;
            import org.junit.jupiter.api.*;
            import static org.junit.jupiter.api.Assertions.*;
            """;

    @TempDir
    Path directory;

    private Job job;

    @BeforeEach
    void open() throws Exception {
        job = new Job(directory, RunnerSettings.DEFAULT);
    }

    @AfterEach
    void close() {
        job.close();
    }

    private String compile(String name, String text) throws Exception {
        return compile(job, "src/test/java/demo/" + name + ".java", text);
    }

    private static String compile(Job job, String path, String text) throws Exception {
        Path source = job.write(path, text);
        Path classes = Files.createDirectories(job.workspace.resolve("target/test-classes"));
        List<String> jars = new ArrayList<>();
        Bundled.jars("junit").forEach(jar -> jars.add(jar.toString()));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        classes.toString(),
                        "-proc:none",
                        "-cp",
                        String.join(System.getProperty("path.separator"), jars),
                        source.toString());
        assertThat(code).isZero();
        return path;
    }

    private FileResult run(String name, String body) throws Exception {
        return job.run(compile(name, JUPITER + body));
    }

    private void nextFileStillRuns() throws Exception {
        FileResult next = run("NextTest", "class NextTest { @Test void adds() { assertEquals(2, 1 + 1); } }");
        assertThat(next.status()).as(next.message() + next.output()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(next)).containsExactly("demo.NextTest | adds | PASSED");
    }

    @Test
    void everyKindOfCaseIsTold() throws Exception {
        FileResult result = run("AllTest", """
                @TestMethodOrder(MethodOrderer.MethodName.class)
                class AllTest {
                    @Test void aAdds() { System.out.println("printed by a"); }
                    @Test void bCompares() { assertEquals(1, 2, "one is not two"); }
                    @Test void cThrows() { throw new IllegalStateException("odd"); }
                    @Test @Disabled("not now") void dOff() {}
                    @Test void eAssumes() { Assumptions.assumeTrue(false, "no network"); }
                    @Test @DisplayName("a name of its own") void fNamed() {}
                    @org.junit.jupiter.params.ParameterizedTest
                    @org.junit.jupiter.params.provider.ValueSource(ints = {3, 4})
                    void gEach(int n) { assertEquals(3, n); }
                    @Nested class Inner { @Test void inside() {} }
                }
                """);

        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.runner()).isEqualTo("junit");
        assertThat(result.message()).isEmpty();
        assertThat(Job.told(result))
                .containsExactlyInAnyOrder(
                        "demo.AllTest | aAdds | PASSED",
                        "demo.AllTest | bCompares | FAILED",
                        "demo.AllTest | cThrows | ERROR",
                        "demo.AllTest | dOff | SKIPPED",
                        "demo.AllTest | eAssumes | SKIPPED",
                        "demo.AllTest | a name of its own | PASSED",
                        "demo.AllTest | gEach(int) [1] 3 | PASSED",
                        "demo.AllTest | gEach(int) [2] 4 | FAILED",
                        "demo.AllTest$Inner | inside | PASSED");
        assertThat(result.cases().get(0).output()).isEqualTo("printed by a\n");
        assertThat(result.output()).contains("printed by a");
        assertThat(result.cases().get(1).failure().message()).contains("one is not two");
        assertThat(result.cases().get(2).failure().type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(result.cases().get(2).failure().trace()).contains("AllTest.java:");
    }

    @Test
    void junit4RunsThroughVintageInTheSameProcess() throws Exception {
        String pid = "System.out.println(ProcessHandle.current().pid());";
        FileResult four = job.run(compile("FourTest", """
                package demo;
                public class FourTest {
                    @org.junit.Test public void adds() { %s }
                    @org.junit.Test public void fails() { org.junit.Assert.assertEquals(1, 2); }
                    @org.junit.Ignore("later") @org.junit.Test public void ignored() {}
                }
                """.formatted(pid)));
        assertThat(Job.told(four))
                .containsExactlyInAnyOrder(
                        "demo.FourTest | adds | PASSED",
                        "demo.FourTest | fails | FAILED",
                        "demo.FourTest | ignored | SKIPPED");
        FileResult five = run("FiveTest", "class FiveTest { @Test void adds() { " + pid + " } }");
        assertThat(five.output()).isEqualTo(four.output()).isNotEmpty();
    }

    @Test
    void failingBeforeAllIsAnErrorOfTheClass() throws Exception {
        FileResult result = run("SetUpTest", """
                class SetUpTest {
                    @BeforeAll static void database() { throw new RuntimeException("no database"); }
                    @Test void never() {}
                }
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(Job.only(result).status()).isEqualTo(CaseStatus.ERROR);
        assertThat(Job.only(result).failure().message()).isEqualTo("no database");
        assertThat(Job.only(result).className()).isEqualTo("demo.SetUpTest");
        nextFileStillRuns();
    }

    @Test
    void fileThatWasNotCompiledNamesTheClassPath() throws Exception {
        nextFileStillRuns();
        job.write("src/test/java/demo/BrokenTest.java", "package demo; class BrokenTest {");
        FileResult result = job.run("src/test/java/demo/BrokenTest.java");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("demo.BrokenTest").contains("target/test-classes");
    }

    @Test
    void brokenStaticInitializerFailsTheFileOnly() throws Exception {
        FileResult result = run("StaticTest", """
                class StaticTest {
                    static final int N = Integer.parseInt("none");
                    @Test void uses() { assertEquals(1, N); }
                }
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(Job.only(result).failure().trace()).contains("NumberFormatException");
        nextFileStillRuns();
    }

    @Test
    void classFileCanBeNamedInsteadOfItsSource() throws Exception {
        compile("NextTest", JUPITER + "class NextTest { @Test void adds() {} }");
        assertThat(Job.told(job.run("target/test-classes/demo/NextTest.class")))
                .containsExactly("demo.NextTest | adds | PASSED");
    }

    @Test
    void exitIsNoCrash() throws Exception {
        FileResult result = run("ExitTest", """
                @TestMethodOrder(MethodOrderer.MethodName.class)
                class ExitTest { @Test void aFirst() {} @Test void bLeaves() { System.exit(3); } }
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("exit(3)");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Job.told(result)).containsExactly("demo.ExitTest | aFirst | PASSED");
        nextFileStillRuns();
    }

    @Test
    void killedProcessIsACrash() throws Exception {
        FileResult result = run("KillTest", """
                class KillTest {
                    @Test void dies() throws Exception {
                        System.out.println("last words");
                        new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
                        Thread.sleep(100000);
                    }
                }
                """);
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.output()).contains("last words");
        FileResult halted = run("HaltTest", "class HaltTest { @Test void halts() { Runtime.getRuntime().halt(7); } }");
        assertThat(halted.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(halted.exitCode()).isEqualTo(7);
        nextFileStillRuns();
    }

    @Test
    void hangingTestIsStoppedWithItsChildren() throws Exception {
        nextFileStillRuns();
        String path = compile("HangTest", JUPITER + """
                class HangTest {
                    @Test void hangs() throws Exception {
                        Process child = new ProcessBuilder("setsid", "sleep", "600").start();
                        System.out.println("child " + child.pid());
                        while (true) {}
                    }
                }
                """);
        FileResult result = job.run(path, Duration.ofSeconds(5));
        assertThat(result.status()).isEqualTo(FileStatus.TIMED_OUT);
        long child = Long.parseLong(result.output().replaceAll("(?s).*child (\\d+).*", "$1"));
        assertThat(ProcessHandle.of(child).filter(ProcessTree::runs)).isEmpty();
        nextFileStillRuns();
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("NoisyTest", """
                class NoisyTest {
                    @Test void loud() throws Exception {
                        System.out.print("x".repeat(2 << 20));
                        System.out.write(0xff); System.out.write(0x80);
                        System.out.println(System.getenv().keySet() + " " + System.in.read());
                        System.out.println("{\\"done\\":1,\\"status\\":\\"failed\\"}");
                    }
                }
                """);
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out", "GORGON_WORKER_ID", "] -1")
                .contains("\ufffd")
                .doesNotContain("DISTRIBUTED_TEST_TOKEN", "DISTRIBUTED_TEST_RUNNER_CONFIG");
        assertThat(Job.only(result).output().length()).isBetween(1000, 200_000);
    }

    @Test
    void nothingCompiledIsSaidWithTheWayOut() throws Exception {
        job.write("src/test/java/demo/LonelyTest.java", "package demo; class LonelyTest {}");
        assertThatThrownBy(() -> job.run("src/test/java/demo/LonelyTest.java"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("target/test-classes")
                .hasMessageContaining("class_path");
    }

    @Test
    void classPathComesFromACommandAndGlobs() throws Exception {
        RunnerSettings settings = new RunnerSettings(
                null,
                null,
                null,
                null,
                List.of("target/*-classes"),
                List.of("bash", "-c", "echo '[INFO] building'; echo /nowhere/a.jar:$PWD/lib; echo '[INFO] done'"),
                null);
        try (Job own = new Job(directory.resolve("own"), settings)) {
            String path = compile(own, "src/test/java/demo/PathTest.java", JUPITER + """
                    class PathTest { @Test void path() { System.out.println(System.getProperty("java.class.path")); } }
                    """);
            FileResult result = own.run(path);
            assertThat(result.status()).isEqualTo(FileStatus.PASSED);
            assertThat(result.output())
                    .contains("/target/test-classes:/nowhere/a.jar:")
                    .contains("/workspace/lib:");
        }
        RunnerSettings failing = new RunnerSettings(
                null, null, null, null, null, List.of("bash", "-c", "echo broken build; exit 2"), null);
        try (Job own = new Job(directory.resolve("failing"), failing)) {
            own.write("ATest.java", "class ATest {}");
            assertThatThrownBy(() -> own.run("ATest.java"))
                    .isInstanceOf(RunnerException.class)
                    .hasMessageContaining("exit code 2")
                    .hasMessageContaining("broken build");
        }
    }

    @Test
    void versionsOfTheProjectDecide() throws Exception {
        Path repository = directory.resolve("repository");
        List<Path> project =
                List.of(Path.of("/x/junit-jupiter-api-5.9.9.jar"), Path.of("/x/junit-platform-commons-1.9.9.jar"));
        assertThatThrownBy(() -> new JUnitJars(project, repository).missing(true))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("org.junit.platform:junit-platform-launcher:1.9.9");

        for (String jar : List.of(
                "platform/junit-platform-launcher/1.9.9/junit-platform-launcher-1.9.9.jar",
                "platform/junit-platform-engine/1.9.9/junit-platform-engine-1.9.9.jar",
                "jupiter/junit-jupiter-engine/5.9.9/junit-jupiter-engine-5.9.9.jar")) {
            Path file = repository.resolve("org/junit").resolve(jar);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        assertThat(new JUnitJars(project, repository).missing(true))
                .extracting(p -> p.getFileName().toString())
                .containsExactly(
                        "junit-platform-launcher-1.9.9.jar",
                        "junit-platform-engine-1.9.9.jar",
                        "junit-jupiter-engine-5.9.9.jar",
                        "opentest4j-1.3.0.jar",
                        "apiguardian-api-1.1.2.jar");
    }

    /** As Surefire has it: not run, and no fault. */
    @Test
    void classesThatAreNoTestsHaveNone() throws Exception {
        for (String body : List.of(
                "abstract class NoneTest { @Test void inherited() {} }",
                "interface NoneTest { @Test default void inherited() {} }",
                "class NoneTest { void helps() {} }",
                "enum NoneTest { A }")) {
            FileResult result = run("NoneTest", body);
            assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
            assertThat(result.cases()).isEmpty();
        }
        FileResult heir = run(
                "HeirTest",
                "class HeirTest extends BaseTest {}\nabstract class BaseTest { @Test void inherited() {} }");
        assertThat(Job.told(heir)).containsExactly("demo.HeirTest | inherited | PASSED");
    }

    /** A build tool runs what it finds compiled, not what files are called. */
    @Test
    void everyTestClassOfASourceFileRuns() throws Exception {
        FileResult result = run("TwoTest", """
                class TwoTest {
                    @Test void first() {}
                    static class ThirdTest { @Test void nested() {} }
                }
                class SecondTest { @Test void second() { fail("seen"); } }
                class Helper { @Test void notLookedFor() { fail("not by its name"); } }
                """);
        assertThat(Job.told(result))
                .containsExactlyInAnyOrder("demo.TwoTest | first | PASSED", "demo.SecondTest | second | FAILED");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        // A class of the same name as one nested in another file is that of its own file.
        FileResult third = run("ThirdTest", "class ThirdTest { @Test void own() {} }");
        assertThat(Job.told(third)).containsExactly("demo.ThirdTest | own | PASSED");
        assertThat(job.run("src/test/java/demo/TwoTest.java").cases()).hasSize(2);
    }

    @Test
    void fortyThousandInvocationsOfATestPass() throws Exception {
        FileResult result = run("ManyTest", """
                class ManyTest {
                    static java.util.stream.Stream<String> values() {
                        return java.util.stream.IntStream.range(0, 40_000).mapToObj(i -> i + "-".repeat(250));
                    }
                    @org.junit.jupiter.params.ParameterizedTest
                    @org.junit.jupiter.params.provider.MethodSource("values")
                    void parses(String value) { assertEquals('-', value.charAt(value.length() - 1)); }
                }
                """);
        assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
        String last = result.cases().get(result.cases().size() - 1).name();
        assertThat(last).startsWith("(" + (40_000 - result.cases().size() + 1) + " further tests: passed;");
    }
}
