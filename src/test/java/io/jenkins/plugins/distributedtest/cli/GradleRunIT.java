package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Gradle build of several projects, run without any setting, beside {@code gradle check}. */
class GradleRunIT {
    private static final String JUNIT = """
            import static org.junit.Assert.*;
            import org.junit.*;
            """;

    @TempDir
    private Path directory;

    private BuildRuns runs;

    @BeforeEach
    void makeProject() throws IOException {
        runs = BuildRuns.gradle(directory);
        runs.write("settings.gradle", "include 'core', 'web', 'off'\n");
        runs.write("build.gradle", """
                subprojects {
                    apply plugin: 'java'
                    repositories { maven { url 'file://REPOSITORY' } }
                    dependencies { testCompile 'junit:junit:4.13.2', 'org.hamcrest:hamcrest-core:1.3' }
                    test {
                        systemProperty 'my.prop', project.name
                        systemProperty 'my.file', file('src/test/resources/data.txt')
                        environment 'MY_ENV', project.name
                        jvmArgs '-Dquoted=two words'
                        maxHeapSize = '200m'
                        doFirst { systemProperty 'late', project.name }
                    }
                }
                """.replace("REPOSITORY", BuildRuns.repository()));
        runs.write("core/build.gradle", """
                configurations { tests }
                task testJar(type: Jar) { classifier = 'tests'; from sourceSets.test.output }
                artifacts { tests testJar }
                """);
        runs.write("web/build.gradle", """
                sourceSets {
                    integrationTest { compileClasspath += main.output + configurations.testCompileClasspath
                        runtimeClasspath += compileClasspath }
                }
                dependencies { testCompile project(':core'), project(path: ':core', configuration: 'tests') }
                test {
                    exclude '**/Broken*'
                    filter { includeTestsMatching 'x.*'; includeTestsMatching 'y.NamedTest.two*'; includeTestsMatching 'OtherTest.*' }
                    useJUnit { excludeCategories 'x.Slow' }
                }
                task integrationTest(type: Test) {
                    testClassesDirs = sourceSets.integrationTest.output.classesDirs
                    classpath = sourceSets.integrationTest.runtimeClasspath
                    workingDir = rootDir
                    enableAssertions = false
                    forkEvery = 1
                }
                task slowTest(type: Test) { useJUnit { includeCategories 'x.Slow' } }
                task notInCheck(type: Test) { testClassesDirs = sourceSets.integrationTest.output.classesDirs
                    classpath = sourceSets.integrationTest.runtimeClasspath }
                check.dependsOn integrationTest, slowTest
                """);
        runs.write("off/build.gradle", """
                test.enabled = false
                task never(type: Test) { onlyIf { false } }
                check.dependsOn never
                """);
        writeSources();
    }

    private void writeSources() throws IOException {
        runs.write(
                "core/src/main/java/x/Core.java",
                "package x;\npublic class Core { public static int two() { return 2; } }\n");
        runs.write(
                "core/src/test/java/x/Helper.java", "package x;\npublic class Helper { @Deprecated void help() {} }\n");
        for (String module : List.of("core", "web")) {
            runs.write(module + "/src/test/resources/data.txt", module + "\n");
            runs.write(
                    module + "/src/test/java/x/SameTest.java", "package x;\n" + JUNIT + """
                    public class SameTest {
                        @Test public void module() throws Exception {
                            assertEquals("MODULE", new String(getClass().getResourceAsStream("/data.txt").readAllBytes()).trim());
                        }
                        @Test public void directory() { assertTrue(new java.io.File("src/test/resources/data.txt").exists()); }
                        @Test public void property() { assertEquals("MODULE", System.getProperty("my.prop")); }
                        @Test public void file() { assertTrue(new java.io.File(System.getProperty("my.file")).exists()); }
                        @Test public void late() { assertEquals("MODULE two words", System.getProperty("late") + " " + System.getProperty("quoted")); }
                        @Test public void environment() { assertEquals("MODULE", System.getenv("MY_ENV")); }
                        @Test public void worker() { assertTrue(Integer.getInteger("org.gradle.test.worker") > 0); }
                        @Test public void memory() { assertTrue(Runtime.getRuntime().maxMemory() < 250L << 20); }
                        @Test public void asserting() { boolean on = false; assert on = true; assertTrue(on); }
                        @Test @Ignore public void off() {}
                        public static class Nested { @Test public void runsForItself() {} }
                    }
                    """.replace("MODULE", module));
        }
        runs.write("core/src/test/java/x/AbstractBaseTest.java", "package x;\n" + JUNIT + """
                public abstract class AbstractBaseTest { @Test public void inherited() {} }
                """);
        runs.write("web/src/test/java/x/Slow.java", "package x;\npublic interface Slow {}\n");
        runs.write("web/src/test/java/x/UsesCore.java", "package x;\n" + JUNIT + """
                public class UsesCore extends AbstractBaseTest {
                    @Test public void uses() { assertEquals(2, Core.two()); }
                    @Test @org.junit.experimental.categories.Category(Slow.class) public void slow() {}
                }
                """);
        runs.write("web/src/test/java/x/BrokenTest.java", "package x;\n" + JUNIT + """
                public class BrokenTest { @Test public void isExcluded() { fail(); } }
                """);
        runs.write("web/src/test/java/y/NamedTest.java", "package y;\n" + JUNIT + """
                public class NamedTest { @Test public void one() { fail(); } @Test public void two() {} @Test public void twoMore() {} }
                """);
        runs.write("web/src/test/java/y/OtherTest.java", "package y;\n" + JUNIT + """
                public class OtherTest { @Test public void isNamedSinceGradle47() {} }
                """);
        runs.write("web/src/test/java/x/OldTest.java", """
                package x;
                public class OldTest extends junit.framework.TestCase { public void testOld() {} }
                """);
        runs.write("web/src/integrationTest/java/x/ServerTest.java", "package x;\n" + JUNIT + """
                @org.junit.runner.RunWith(org.junit.runners.Parameterized.class)
                public class ServerTest {
                    @org.junit.runners.Parameterized.Parameters public static Object[] data() { return new Object[] {1, 2}; }
                    public ServerTest(int number) {}
                    static int runs;
                    @Test public void root() { assertTrue(new java.io.File("settings.gradle").exists()); }
                    @Test public void unasserted() { boolean on = false; assert on = true; assertFalse(on); }
                }
                """);
        runs.write("off/src/test/java/x/OffTest.java", "package x;\n" + JUNIT + """
                public class OffTest { @Test public void never() { fail(); } }
                """);
    }

    @AfterEach
    void end() throws InterruptedException {
        if (runs != null) {
            runs.close();
        }
    }

    @Test
    void withoutAnySettingItRunsWhatGradleCheckRuns() throws Exception {
        // slowTest also has the classes that fail without a filter: these are in no category.
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        Map<String, String> ours = runs.cases();
        assertThat(runs.reported())
                .as("our run must not let Gradle's tasks look done")
                .isEmpty();
        assertThat(runs.own("check")).as(runs.ownLog()).isZero();
        assertThat(ours)
                .isEqualTo(runs.reported())
                .containsEntry("x.SameTest late", "PASSED,PASSED")
                .containsEntry("x.SameTest$Nested runsForItself", "PASSED,PASSED")
                .containsEntry("x.UsesCore slow", "PASSED")
                .containsEntry("y.NamedTest twoMore", "PASSED")
                .containsEntry("x.ServerTest root[1]", "PASSED")
                .doesNotContainKey("y.NamedTest one");
        // Where all is up to date, too.
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.cases()).isEqualTo(ours);
    }

    @Test
    void failuresAreThoseOfGradle() throws Exception {
        runs.write(
                "core/src/main/java/x/Core.java",
                "package x;\npublic class Core { public static int two() { return 3; } }\n");
        runs.write("core/src/test/java/x/HiddenTest.java", "package x;\n" + JUNIT + """
                class HiddenTest { @Test public void isNotRun() {} }
                """);
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.own("check", "--continue")).isNotZero();
        assertThat(runs.cases())
                .isEqualTo(runs.reported())
                .containsEntry("x.UsesCore uses", "FAILED")
                .containsEntry("x.HiddenTest initializationError", "FAILED");
    }

    @Test
    void aListenerNeedsNeitherGradleNorItsCaches() throws Exception {
        String broker = EmbeddedFixture.shared().address().toSecretUri();
        runs.bareListener(broker, "gradle");

        assertThat(runs.ours("--broker", broker, "--cluster", "gradle"))
                .as(runs.oursLog())
                .isEqualTo(ExitCode.OK);
        assertThat(runs.cases()).containsEntry("x.SameTest late", "PASSED,PASSED");
        // One file of the suite runs with the class path of its project.
        assertThat(runs.ours("--broker", broker, "--cluster", "gradle", "web/src/test/java/x/UsesCore.java"))
                .as(runs.oursLog())
                .isEqualTo(ExitCode.OK);
        assertThat(runs.cases()).containsOnlyKeys("x.UsesCore inherited", "x.UsesCore uses");
    }

    @Test
    void initKnowsTheBuild() throws Exception {
        Files.delete(runs.project().resolve("build.gradle"));
        assertThat(runs.plainly("init", "--untried")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.oursLog()).contains("JUnit (", "gradle check");
        assertThat(Files.readString(runs.project().resolve("distributed-test.json")))
                .doesNotContain("build/classes");
    }

    @Test
    void compareFindsNoDifference() throws Exception {
        assertThat(runs.program(List.of("compare"))).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.oursLog()).contains("EQUAL: ");
    }

    @Test
    void whatIsNotCarriedOverIsToldByTask() throws Exception {
        runs.write("off/build.gradle", """
                test { ignoreFailures = true; forkEvery = 7; workingDir = '/'; doLast { println 'done' } }
                """);
        runs.write("off/src/test/java/x/OffTest.java", "package x;\n" + JUNIT + """
                public class OffTest { @Test public void runs() {} @Test public void isPassedOver() { fail(); } }
                """);
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.oursLog())
                .contains(
                        "Of :off:test these are not carried over: forkEvery of 7, actions of doLast, workingDir",
                        "which the build passes over (ignoreFailures), and so does the run");
        assertThat(runs.cases())
                .containsEntry("x.OffTest runs", "PASSED")
                .containsEntry("x.OffTest isPassedOver", "FAILED");
        assertThat(runs.own(":off:check")).as(runs.ownLog()).isZero();
    }

    @Test
    void whatDoesNotCompileIsAnErrorThatSaysWhere() throws Exception {
        runs.write("web/src/test/java/x/UsesCore.java", "package x;\nclass UsesCore { int a = ; }\n");
        assertThat(runs.ours("--local", "1")).isEqualTo(ExitCode.ERROR);
        assertThat(runs.oursLog())
                .contains("The Gradle build cannot be tested", "UsesCore.java", "illegal start of expression");
    }

    @Test
    void aFilterThatNothingMatchesIsAnErrorAsInGradle() throws Exception {
        runs.write("settings.gradle", "include 'core'\n");
        runs.write("core/build.gradle", "test { filter { includeTestsMatching 'no.such.*' } }\n");
        assertThat(runs.ours("--local", "1")).isEqualTo(ExitCode.ERROR);
        assertThat(runs.oursLog()).contains(":core:test", "no.such.*");
        assertThat(runs.own("check")).isNotZero();
        assertThat(runs.ownLog()).contains("No tests found for given includes");
    }

    @Test
    void aMissingGradleIsAnErrorThatSaysHowToNameIt() throws Exception {
        assertThat(runs.oursWithout("/no/such/gradle")).isEqualTo(ExitCode.ERROR);
        assertThat(runs.oursLog()).contains("/no/such/gradle", "interpreters", "runners.class_path");
    }
}
