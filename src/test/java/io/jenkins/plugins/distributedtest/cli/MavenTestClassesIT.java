package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Surefire takes for a test class, and how its parameters choose among tests, beside {@code mvn verify}. */
class MavenTestClassesIT extends MavenFixture {
    private static final String JUPITER = """
            package x;
            import static org.junit.jupiter.api.Assertions.*;
            import org.junit.jupiter.api.*;
            import org.junit.jupiter.params.*;
            import org.junit.jupiter.params.provider.*;
            """;
    private static final String JUNIT4 = """
            package x;
            import static org.junit.Assert.*;
            import org.junit.*;
            import org.junit.experimental.categories.Category;
            """;

    private static final String NG = """
            package x;
            import static org.testng.Assert.*;
            import org.testng.*;
            import org.testng.annotations.*;
            """;
    private static final String TESTNG = MavenModules.TESTNG;

    private void module(String name, String junit, String surefire) throws IOException {
        modules.add(name, MavenModules.framework(junit), surefire);
    }

    private void test(String module, String name, String text) throws IOException {
        modules.test(module, name, text);
    }

    private void parent() throws IOException {
        modules.parent();
    }

    @Test
    void testClassesAreThoseThatSurefireFindsByTheirNames() throws Exception {
        module("names", jupiterVersion(), "");
        test("names", "Helpers", JUPITER + """
                class Helpers { static int two() { return 2; } }
                class HiddenTest { @Test void isInAFileOfAnotherName() { fail(); } }
                """);
        test("names", "OkTest", JUPITER + """
                class OkTest {
                    @Test void runs() {}
                    static class NestedTest { @Test void isLeftOut() { fail(); } }
                }
                """);
        module(
                "nested",
                jupiterVersion(),
                "<configuration><excludes><exclude>**/Nothing*</exclude></excludes></configuration>");
        test("nested", "Plain", JUPITER + """
                class Plain {
                    static class DeepTest { @Test void runsSinceExcludesAreSet() { fail(); } }
                    @Nested class InnerTest { @Test void runsWithIts() {} }
                }
                """);
        module("twice", jupiterVersion(), """
                <configuration><excludedGroups>slow,odd</excludedGroups></configuration>
                <executions><execution><id>slow</id><goals><goal>test</goal></goals><configuration>
                  <excludedGroups combine.self="override"></excludedGroups><groups>slow</groups>
                  <reportsDirectory>${project.build.directory}/slow-reports</reportsDirectory>
                </configuration></execution>
                <execution><id>odd (times)</id><goals><goal>test</goal></goals><configuration>
                  <excludedGroups combine.self="override"></excludedGroups><groups>odd</groups>
                  <systemPropertyVariables><number>3</number></systemPropertyVariables>
                  <reportsDirectory>${project.build.directory}/odd-reports</reportsDirectory>
                </configuration></execution></executions>
                """);
        test("twice", "BothTest", JUPITER + """
                class BothTest {
                    @Test void quick() {}
                    @Test @Tag("slow") void slow() { fail(); }
                    @Test @Tag("odd") void odd() { assertEquals("3", System.getProperty("number")); }
                }
                """);

        modules.runBoth();
        assertThat(runs.cases())
                .isEqualTo(runs.reported())
                .containsOnlyKeys(
                        "x.HiddenTest isInAFileOfAnotherName",
                        "x.OkTest runs",
                        "x.Plain$DeepTest runsSinceExcludesAreSet",
                        "x.Plain$InnerTest runsWithIts",
                        "x.BothTest quick",
                        "x.BothTest slow",
                        "x.BothTest odd");
    }

    @Test
    void patternsAreReadAsSurefireReadsThem() throws Exception {
        module("patterns", jupiterVersion(), """
                <configuration>
                  <includes>
                    <include>**/*Spec.*</include><include>x/*Check</include><include>x.Dotted*</include>
                    <include>Ended.java</include><include>**/deep/</include>
                    <include>!**/*OffSpec</include>
                  </includes>
                  <excludes><exclude>**/Un*.class</exclude></excludes>
                </configuration>
                """);
        for (String name :
                List.of("ASpec", "OffSpec", "ACheck", "AllCheck", "UnCheck", "DottedOne", "Ended", "NoneTest")) {
            test("patterns", name, JUPITER + "class " + name + " { @Test void one() {} }\n");
        }
        runs.write(
                "patterns/src/test/java/deep/Lower.java",
                JUPITER.replace("package x", "package deep") + "class Lower { @Test void one() {} }\n");
        runs.write(
                "patterns/src/test/java/y/x/BCheck.java",
                JUPITER.replace("package x", "package y.x") + "class BCheck { @Test void one() { fail(); } }\n");

        modules.runBoth();
        assertThat(runs.cases())
                .isEqualTo(runs.reported())
                .containsOnlyKeys(
                        "x.ASpec one",
                        "x.ACheck one",
                        "x.AllCheck one",
                        "x.DottedOne one",
                        "x.Ended one",
                        "y.x.BCheck one");
    }

    @Test
    void whatJUnit4RefusesAndChoosesIsAsInSurefire() throws Exception {
        module("old", "4.13.2", "");
        test("old", "NotPublicTest", JUNIT4 + "class NotPublicTest { @Test public void isRefused() {} }\n");
        test("old", "OffTest", JUNIT4 + "@Ignore class OffTest { @Test public void isIgnored() {} }\n");
        module("categories", "4.13.2", "<configuration><groups>x.Slow</groups></configuration>");
        test("categories", "Slow", "package x;\npublic interface Slow { interface Very extends Slow {} }\n");
        test("categories", "ChosenTest", JUNIT4 + """
                public class ChosenTest {
                    @Test @Category(Slow.class) public void slow() {}
                    @Test @Category(Slow.Very.class) public void extending() { fail(); }
                    @Test public void none() { fail(); }
                }
                """);
        module("oldest", "3.8.2", "");
        test("oldest", "OldestTest", """
                package x;
                public class OldestTest extends junit.framework.TestCase {
                    public void testGood() {}
                    public void testBad() { fail(); }
                }
                """);

        modules.runBoth();
        assertThat(withoutNamesOfClasses(runs.cases()))
                .isEqualTo(withoutNamesOfClasses(runs.reported()))
                .contains(
                        "x.NotPublicTest initializationError=FAILED",
                        "x.OffTest=SKIPPED",
                        "x.ChosenTest extending=FAILED",
                        "x.OldestTest testBad=FAILED")
                .hasSize(6);
    }

    /** Surefire gives a case that stands for its class no name. */
    private static List<String> withoutNamesOfClasses(Map<String, String> cases) {
        return cases.entrySet().stream()
                .map(each -> each.toString().replaceFirst("^(x\\.(\\w+)) (?:\\2)?=", "$1="))
                .sorted()
                .toList();
    }

    @Test
    void testsOfTestNgRunAsSurefireRunsThem() throws Exception {
        module("each", TESTNG, "<configuration><excludedGroups>slow</excludedGroups></configuration>");
        test("each", "KindsTest", NG + """
                public class KindsTest {
                    @Test public void good() {}
                    @Test public void bad() { fail(); }
                    @Test(dependsOnMethods = "bad") public void waits() {}
                    @Test(groups = "slow") public void slow() { fail(); }
                    @Test(enabled = false) public void off() { fail(); }
                    @Test public void skips() { throw new SkipException("no"); }
                    @DataProvider public Object[][] two() { return new Object[][] {{1}, {2}}; }
                    @Test(dataProvider = "two") public void isOne(int number) { assertEquals(number, 1); }
                    @DataProvider public Object[][] none() { throw new IllegalStateException("none"); }
                    @Test(dataProvider = "none") public void hasNoData(int number) {}
                }
                """);
        test("each", "BeforeTest", NG + """
                public class BeforeTest { @BeforeClass public void up() { fail(); } @Test public void one() {} }
                """);
        module("together", TESTNG, "");
        test("together", "SetupTest", NG + """
                public class SetupTest {
                    static boolean up;
                    @BeforeSuite public void up() { up = true; }
                    @Test(groups = "first") public void first() {}
                }
                """);
        test("together", "AfterwardsTest", NG + """
                public class AfterwardsTest {
                    @Test(dependsOnGroups = "first") public void second() { assertTrue(SetupTest.up); }
                    @Test public void third() { assertFalse(SetupTest.up); }
                }
                """);
        module("suite", TESTNG, """
                <configuration><suiteXmlFiles><file>src/test/suite.xml</file></suiteXmlFiles></configuration>
                """);
        runs.write("suite/src/test/suite.xml", """
                <suite name="s"><test name="t">
                  <parameter name="number" value="3"/>
                  <classes><class name="x.Chosen"/></classes>
                </test></suite>
                """);
        test("suite", "Chosen", NG + """
                public class Chosen { @Test @Parameters("number") public void isThree(int number) { assertEquals(number, 3); } }
                """);
        test("suite", "NotChosenTest", NG + "public class NotChosenTest { @Test public void never() { fail(); } }\n");

        modules.runBoth();
        assertThat(runs.oursLog()).contains("run together, as together/pom.xml");
        assertThat(runs.cases())
                .isEqualTo(runs.reported())
                .containsEntry("x.KindsTest isOne[2](2)", "FAILED")
                .containsEntry("x.KindsTest hasNoData", "FAILED")
                .containsEntry("x.KindsTest waits", "SKIPPED")
                .containsEntry("x.BeforeTest up", "FAILED")
                .containsEntry("x.AfterwardsTest second", "PASSED")
                .containsEntry("x.AfterwardsTest third", "FAILED")
                .containsEntry("x.Chosen isThree[3](1)", "PASSED")
                .hasSize(13);
    }

    @Test
    void filesOfParametersAndEnginesHold() throws Exception {
        module("files", jupiterVersion(), """
                <configuration>
                  <includesFile>included.txt</includesFile>
                  <excludesFile>excluded.txt</excludesFile>
                  <systemPropertiesFile>system.properties</systemPropertiesFile>
                  <testFailureIgnore>true</testFailureIgnore>
                </configuration>
                """);
        runs.write("files/included.txt", "# These\n**/One*\n");
        runs.write("files/excluded.txt", "**/*Off*\n");
        runs.write("files/system.properties", "from.file=yes\n");
        test("files", "OneCheck", JUPITER + """
                class OneCheck {
                    @Test void property() { assertEquals("yes", System.getProperty("from.file")); }
                    @Test void isPassedOver() { fail(); }
                }
                """);
        test("files", "OneOffCheck", JUPITER + "class OneOffCheck { @Test void isExcluded() { fail(); } }\n");
        test("files", "TwoTest", JUPITER + "class TwoTest { @Test void isNotIncluded() { fail(); } }\n");
        module("engines", jupiterVersion(), """
                <configuration><excludeJUnit5Engines><engine>junit-jupiter</engine></excludeJUnit5Engines></configuration>
                """);
        test("engines", "NoEngineTest", JUPITER + "class NoEngineTest { @Test void isNotRun() { fail(); } }\n");
        parent();

        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.oursLog()).contains("which the build passes over (testFailureIgnore), and so does the run");
        assertThat(runs.own("verify")).as(runs.ownLog()).isZero();
        assertThat(runs.cases())
                .isEqualTo(runs.reported())
                .containsOnly(entry("x.OneCheck property", "PASSED"), entry("x.OneCheck isPassedOver", "FAILED"));
    }

    @Test
    void noTestsAreAnErrorWhereMavenHasIt() throws Exception {
        module("none", jupiterVersion(), "<configuration><failIfNoTests>true</failIfNoTests></configuration>");
        test("none", "Helper", "package x;\nclass Helper {}\n");
        parent();

        assertThat(runs.own("verify")).isNotZero();
        assertThat(runs.ours("--local", "1")).isEqualTo(ExitCode.ERROR);
        assertThat(runs.oursLog()).contains("has no tests, and failIfNoTests is set");
    }

    @Test
    void compareFindsClassesThatAreReportedUnderOtherNames() throws Exception {
        module("named", jupiterVersion(), "");
        test("named", "NamedTest", JUPITER + """
                @DisplayName("A class with a name") class NamedTest {
                    @Test @DisplayName("a test with a name") void one() { fail(); }
                    @Nested @DisplayName("inner one") class Inner { @Test void two() {} }
                }
                """);
        test("named", "OffTest", JUPITER + """
                @Disabled class OffTest { @Test void one() {} @Test void two() {} }
                """);
        test("named", "EachTest", JUPITER + """
                @ParameterizedClass @ValueSource(ints = {1, 2}) class EachTest {
                    @Parameter int number;
                    @Test void isOne() { assertEquals(1, number); }
                    @Test void isThere() {}
                }
                """);
        parent();

        assertThat(runs.program(List.of("compare"))).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.oursLog()).contains("EQUAL: 8 cases");
        assertThat(runs.ours("--local", "1")).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.cases())
                .containsEntry("x.EachTest[1] isOne", "PASSED")
                .containsEntry("x.EachTest[2] isOne", "FAILED");
    }
}
