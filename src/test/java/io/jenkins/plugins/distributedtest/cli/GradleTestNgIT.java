package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test tasks of a Gradle build that run TestNG, beside {@code gradle check}. */
class GradleTestNgIT {
    /** The newest major version that the Gradle of Debian can run. */
    private static final String TESTNG = "6.14.3";

    private static final String IMPORTS = """
            package x;
            import org.testng.*;
            import org.testng.annotations.*;
            """;

    @TempDir
    private Path directory;

    private BuildRuns runs;

    /** Gradle takes it from Maven's repository. */
    @BeforeAll
    static void fetchTestNg(@TempDir Path other) throws Exception {
        try (MavenModules modules = new MavenModules(other)) {
            modules.add("fetch", MavenModules.testng(TESTNG), "");
            modules.test("fetch", "ATest", IMPORTS + "public class ATest { @Test public void a() {} }");
            modules.parent();
            assertThat(modules.runs().own("test-compile"))
                    .as(modules.runs().ownLog())
                    .isZero();
        }
    }

    @BeforeEach
    void makeProject() throws IOException {
        runs = BuildRuns.gradle(directory);
        runs.write("build.gradle", """
                subprojects {
                    apply plugin: 'java'
                    repositories { maven { url 'file://REPOSITORY' } }
                    dependencies { testCompile 'org.testng:testng:VERSION' }
                }
                """.replace("REPOSITORY", BuildRuns.repository())
                .replace("VERSION", TESTNG));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (runs != null) {
            runs.close();
        }
    }

    private void write(String project, String name, String text) throws IOException {
        runs.write(project + "/src/test/java/x/" + name + ".java", IMPORTS + text);
    }

    /** The cases of our run, which has to fail as Gradle's does, and which are Gradle's. */
    private Map<String, String> cases() throws Exception {
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.own("check", "--continue")).as(runs.ownLog()).isNotZero();
        Map<String, String> ours = runs.cases();
        assertThat(ours).isEqualTo(runs.reported());
        return ours;
    }

    @Test
    void testsAreNamedAndJudgedAsByGradle() throws Exception {
        runs.write("settings.gradle", "include 'plain'\n");
        runs.write("plain/build.gradle", "test { useTestNG { excludeGroups 'slow' } }\n");
        write("plain", "FirstTest", """
                public class FirstTest {
                    static int n;
                    @DataProvider Object[][] rows() { return new Object[][] {{1, "a"}, {2, null}}; }
                    @DataProvider Object[][] broken() { throw new IllegalStateException("broken"); }
                    @Test(dataProvider = "rows") public void row(int number, String text) {}
                    @Test(dataProvider = "broken") public void withBroken(int number) {}
                    @Test(groups = "slow") public void slow() { Assert.fail(); }
                    @Test public void fails() { Assert.fail("no"); }
                    @Test(dependsOnMethods = "fails") public void depends() {}
                    @Test public void skips() { throw new SkipException("skip"); }
                    @Test(invocationCount = 3, successPercentage = 60) public void mostly() { if (n++ == 0) Assert.fail(); }
                    @Test(expectedExceptions = IllegalStateException.class) public void expects() { throw new IllegalStateException(); }
                    @Test(enabled = false) public void off() {}
                    public static class Inner { @Test public void inner() {} }
                }
                """);
        write("plain", "ConfigTest", """
                @Test public class ConfigTest {
                    @BeforeMethod void before() { throw new IllegalStateException("before"); }
                    public void one() {}
                    @AfterMethod void after() {}
                }
                """);
        write("plain", "FactoryTest", """
                public class FactoryTest implements ITest {
                    final int n;
                    @Factory public static Object[] make() { return new Object[] {new FactoryTest(1), new FactoryTest(2)}; }
                    FactoryTest(int n) { this.n = n; }
                    public String getTestName() { return "named " + n; }
                    @Test public void made() {}
                }
                """);
        write("plain", "AbstractIt", "public abstract class AbstractIt { @Test public void inherited() {} }\n");
        write("plain", "NotFoundByGradle", "public class NotFoundByGradle extends AbstractIt {}\n");
        write("plain", "WholeIt", "@Test public abstract class WholeIt { public void whole() {} }\n");
        write("plain", "ChildIt", "public class ChildIt extends WholeIt {}\n");

        assertThat(cases())
                .containsEntry("x.FirstTest row[1](2, null)", "PASSED")
                .containsEntry("x.FirstTest withBroken", "SKIPPED")
                .containsEntry("x.FirstTest mostly", "PASSED,PASSED,PASSED")
                .containsEntry("x.FirstTest$Inner inner", "PASSED")
                .containsEntry("x.ConfigTest before", "FAILED")
                .containsEntry("x.FactoryTest named 2", "PASSED")
                .containsEntry("x.ChildIt whole", "PASSED")
                .doesNotContainKeys("x.ConfigTest after", "x.NotFoundByGradle inherited", "x.FirstTest slow");
    }

    @Test
    void whatATaskTellsTestNgHolds() throws Exception {
        runs.write("settings.gradle", "include 'told'\n");
        runs.write("told/build.gradle", """
                test {
                    filter { includeTestsMatching '*LoudTest*'; includeTestsMatching 'x.NamedTest.meant*' }
                    useTestNG {
                        includeGroups 'fast'
                        listeners << 'x.Turning'
                        configFailurePolicy = 'continue'
                        parallel = 'methods'
                        threadCount = 2
                        preserveOrder = true
                        groupByInstances = true
                        useDefaultListeners = true
                        suiteName = 'the suite'
                        testName = 'the test'
                    }
                }
                task other(type: Test) { useTestNG { includeGroups 'slow' } }
                check.dependsOn other
                """);
        write("told", "Turning", """
                public class Turning extends TestListenerAdapter {
                    @Override public void onTestSuccess(ITestResult result) {
                        if (result.getName().equals("meantToTurn")) result.setStatus(ITestResult.FAILURE);
                    }
                }
                """);
        write("told", "NamedTest", """
                public class NamedTest {
                    static Thread first;
                    @Test(groups = "fast") public void meant() {}
                    @Test(groups = "fast") public void meantToo() { Assert.fail(); }
                    @Test(groups = "fast") public void other() { Assert.fail(); }
                    @Test(groups = "fast") public void meantToKnow() {
                        ITestContext context = Reporter.getCurrentTestResult().getTestContext();
                        Assert.assertEquals(context.getSuite().getName() + context.getName(), "the suitethe test");
                    }
                    @Test(groups = "slow") public void slow() {}
                    @Test public void inNoGroup() { Assert.fail(); }
                }
                """);
        write("told", "LoudTest", """
                public class LoudTest {
                    @BeforeMethod(alwaysRun = true) void before(java.lang.reflect.Method method) {
                        if (method.getName().equals("one")) throw new IllegalStateException("before");
                    }
                    @Test(groups = "fast") public void one() {}
                    @Test(groups = "fast") public void two() {}
                }
                """);
        assertThat(cases())
                .containsEntry("x.NamedTest meantToo", "FAILED")
                .containsEntry("x.NamedTest meantToKnow", "PASSED")
                .containsEntry("x.NamedTest slow", "PASSED")
                .containsEntry("x.LoudTest two", "PASSED")
                .doesNotContainKeys("x.NamedTest other", "x.NamedTest inNoGroup");
    }

    @Test
    void aSuiteRunsAsAWhole() throws Exception {
        runs.write("settings.gradle", "include 'suites', 'together'\n");
        runs.write("suites/build.gradle", """
                test { useTestNG { suites 'src/test/suite.xml' } }
                task built(type: Test) {
                    useTestNG {
                        def xml = suiteXmlBuilder()
                        xml.suite(name: 'built') {
                            xml.test(name: 'only') { xml.classes { xml.'class'(name: 'x.SecondTest') } }
                        }
                    }
                }
                check.dependsOn built
                """);
        runs.write("suites/src/test/suite.xml", """
                <!DOCTYPE suite SYSTEM "http://testng.org/testng-1.0.dtd">
                <suite name="of a file"><parameter name="which" value="file"/>
                  <test name="one"><classes><class name="x.FirstTest"/></classes></test>
                </suite>
                """);
        write("suites", "FirstTest", """
                public class FirstTest {
                    @Parameters("which") @Test public void known(String which) { Assert.assertEquals(which, "file"); }
                }
                """);
        write("suites", "SecondTest", """
                public class SecondTest {
                    @Test public void suite() {
                        Assert.assertEquals(Reporter.getCurrentTestResult().getTestContext().getSuite().getName(), "built");
                    }
                }
                """);
        // Each needs what the other class does before the suite or in a group.
        runs.write("together/build.gradle", "test { useTestNG() }\n");
        write("together", "StateTest", """
                public class StateTest {
                    static int state;
                    @BeforeSuite void before() { state = 7; }
                    @Test(groups = "first") public void first() { state++; }
                }
                """);
        write("together", "UserTest", """
                public class UserTest {
                    @Test(dependsOnGroups = "first") public void uses() { Assert.assertEquals(StateTest.state, 8); }
                    @Test(dependsOnGroups = "first") public void fails() { Assert.fail(); }
                }
                """);
        assertThat(cases())
                .containsEntry("x.FirstTest known[0](file)", "PASSED")
                .containsEntry("x.SecondTest suite", "PASSED")
                .containsEntry("x.UserTest uses", "PASSED")
                .hasSize(5);
        assertThat(runs.oursLog()).contains("The tests of :together:test run together, as together/build.gradle");
    }
}
