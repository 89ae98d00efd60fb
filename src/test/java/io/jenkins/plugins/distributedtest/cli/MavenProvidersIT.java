package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What Surefire runs tests by, and what it changes of a module's class path and JVM, beside {@code mvn verify}. */
class MavenProvidersIT extends MavenFixture {
    private static final String JUNIT4 = "4.13.2";
    private static final String OLD_TESTNG = "6.14.3";

    private static String junit4() {
        return MavenModules.framework(JUNIT4);
    }

    private static String providers(String... names) {
        StringBuilder all = new StringBuilder("<dependencies>");
        for (String each : names) {
            all.append(MavenModules.dependency("org.apache.maven.surefire:" + each + ":3.5.4")
                    .replace("<scope>test</scope>", ""));
        }
        return all + "</dependencies>";
    }

    private void junit4Test(String module, String name, String body) throws IOException {
        modules.test(module, name, "package x; import org.junit.*; import static org.junit.Assert.*;\n" + body);
    }

    private void jupiterTest(String module, String name, String body) throws IOException {
        modules.test(
                module,
                name,
                "package x; import org.junit.jupiter.api.*; import static org.junit.jupiter.api.Assertions.*;\n"
                        + body);
    }

    private void testNgTest(String module, String name) throws IOException {
        modules.test(module, name, """
                package x;
                import org.testng.annotations.Test;
                public class NAME {
                    @Test public void good() {}
                    @Test public void bad() { org.testng.Assert.fail(); }
                }
                """.replace("NAME", name));
    }

    /** Runs both; their cases, which are the same. */
    private Map<String, String> cases() throws Exception {
        modules.runBoth();
        Map<String, String> cases = named(runs.cases());
        assertThat(cases).isEqualTo(named(runs.reported()));
        return cases;
    }

    /** Surefire gives a case that stands for its class no name, and those of plain classes parentheses. */
    private static Map<String, String> named(Map<String, String> cases) {
        Map<String, String> named = new TreeMap<>();
        cases.forEach((name, outcome) ->
                named.put(name.replaceFirst("^(x\\.(\\w+)) (?:\\2)?$", "$1").replaceFirst("\\(\\)$", ""), outcome));
        return named;
    }

    @Test
    void plainClassesRunWhereThereIsNoFramework() throws Exception {
        String body = """
                package x;
                public class NAME {
                    static int ups;
                    public void setUp() { ups++; }
                    public void tearDown() { if (ups > 2) throw new IllegalStateException("down"); }
                    public void testGood() {}
                    public void testBad() { throw new IllegalStateException("bad"); }
                    public int testReturns() { throw new IllegalStateException(); }
                    public void testTakes(int number) { throw new IllegalStateException(); }
                    public static void testStatic() { throw new IllegalStateException(); }
                    void testHidden() { throw new IllegalStateException(); }
                    public void other() { throw new IllegalStateException(); }
                }
                """;
        modules.add("none", "", "");
        modules.test("none", "PlainTest", body.replace("NAME", "PlainTest"));
        modules.test(
                "none",
                "MadeOfNothingTest",
                "package x; public class MadeOfNothingTest { public MadeOfNothingTest(int i) {} public void testX() {} }");
        modules.test("none", "HiddenTest", "package x; class HiddenTest { public void testX() { assert false; } }");
        modules.add("three", MavenModules.framework("3.8.2"), "");
        modules.test("three", "BesideTest", body.replace("NAME", "BesideTest"));
        modules.test(
                "three",
                "CaseTest",
                "package x; public class CaseTest extends junit.framework.TestCase { public void testOne() { fail(); } }");
        modules.add("four", junit4(), "");
        modules.test("four", "NeverTest", body.replace("NAME", "NeverTest"));

        assertThat(cases())
                .containsEntry("x.PlainTest x.PlainTest.testGood", "PASSED")
                .containsEntry("x.PlainTest x.PlainTest.testBad", "FAILED")
                .containsEntry("x.BesideTest x.BesideTest.testBad", "FAILED")
                .containsEntry("x.CaseTest testOne", "FAILED")
                .hasSize(5);
    }

    @Test
    void providersThatTheBuildNamesRunAndNoOthers() throws Exception {
        modules.add(
                "both",
                junit4() + MavenModules.testng(MavenModules.TESTNG),
                providers("surefire-junit47", "surefire-testng"));
        junit4Test("both", "BothFourTest", "public class BothFourTest { @Test public void bad() { fail(); } }");
        testNgTest("both", "BothNgTest");
        modules.add("ng", jupiter() + MavenModules.testng(MavenModules.TESTNG), providers("surefire-testng"));
        jupiterTest("ng", "NgFiveTest", "class NgFiveTest { @Test void isNotRun() { fail(); } }");
        testNgTest("ng", "NgNgTest");
        modules.add("four", jupiter() + junit4(), providers("surefire-junit47"));
        jupiterTest("four", "FourFiveTest", "class FourFiveTest { @Test void isNotRun() { fail(); } }");
        junit4Test("four", "FourFourTest", "public class FourFourTest { @Test public void good() {} }");
        modules.add("five", jupiter() + MavenModules.testng(MavenModules.TESTNG), "");
        jupiterTest("five", "FiveFiveTest", "class FiveFiveTest { @Test void good() {} }");
        testNgTest("five", "FiveNgTest");
        modules.add("mixed", junit4() + MavenModules.testng(OLD_TESTNG), "");
        junit4Test("mixed", "MixedFourTest", "public class MixedFourTest { @Test public void bad() { fail(); } }");
        testNgTest("mixed", "MixedNgTest");
        modules.add("newer", junit4() + MavenModules.testng(MavenModules.TESTNG), "");
        junit4Test("newer", "NewerFourTest", "public class NewerFourTest { @Test public void isNotRun() { fail(); } }");
        testNgTest("newer", "NewerNgTest");

        assertThat(cases())
                .containsEntry("x.BothFourTest bad", "FAILED")
                .containsEntry("x.MixedFourTest bad on bad(x.MixedFourTest)", "FAILED")
                .containsEntry("x.FourFourTest good", "PASSED")
                .containsEntry("x.FiveFiveTest good", "PASSED")
                .hasSize(12);
    }

    @Test
    void whatJUnit4ItselfDoesItDoesHere() throws Exception {
        modules.add(
                "suites",
                junit4(),
                "<configuration><includes><include>*Suite</include><include>*Test</include></includes></configuration>");
        junit4Test("suites", "PartTest", "public class PartTest { @Test public void good() {} }");
        String suite = """
                @org.junit.runner.RunWith(org.junit.runners.Suite.class)
                @org.junit.runners.Suite.SuiteClasses(Part.class) class HiddenSuite {}
                """;
        junit4Test("suites", "Part", "public class Part { @Test public void ofTheSuite() {} }");
        junit4Test("suites", "HiddenSuite", suite);
        modules.add("listens", junit4(), """
                <configuration><properties><property><name>listener</name><value>x.Told</value></property></properties>
                </configuration>""");
        modules.test("listens", "Told", """
                package x;
                public class Told extends org.junit.runner.notification.RunListener {
                    static int begun;
                    @Override public void testRunStarted(org.junit.runner.Description all) { begun++; }
                    @Override public void testStarted(org.junit.runner.Description test) { begun += 10; }
                }
                """);
        junit4Test("listens", "ToldTest", """
                public class ToldTest {
                    @Test public void isTold() { assertEquals(11, Told.begun); }
                    @Ignore @Test public void off() {}
                }
                """);
        modules.add("groups", junit4(), "<configuration><groups>x.Slow &amp;&amp; !x.Wide</groups></configuration>");
        modules.test("groups", "Slow", "package x; public interface Slow {}");
        modules.test("groups", "Wide", "package x; public interface Wide {}");
        junit4Test("groups", "ChosenTest", """
                public class ChosenTest {
                    @Test @org.junit.experimental.categories.Category(Slow.class) public void slow() {}
                    @Test @org.junit.experimental.categories.Category({Slow.class, Wide.class}) public void wide() { fail(); }
                    @Test public void none() { fail(); }
                }
                """);
        modules.add("red", junit4(), "");
        junit4Test("red", "RedTest", "public class RedTest { @Test public void bad() { fail(); } }");

        assertThat(cases())
                .containsEntry("x.Part ofTheSuite", "PASSED")
                .containsEntry("x.ToldTest isTold", "PASSED")
                .containsEntry("x.ChosenTest slow", "PASSED")
                .hasSize(6);
    }

    @Test
    void whatFailsIsRunAgainWhereTheBuildSaysSo() throws Exception {
        String again = "<configuration><rerunFailingTestsCount>2</rerunFailingTestsCount></configuration>";
        modules.add("five", jupiter(), again);
        jupiterTest("five", "FlakyTest", """
                class FlakyTest {
                    static int once, twice, thrice;
                    @Test void good() {}
                    @Test void once() { assertTrue(++once > 1); }
                    @Test void twice() { assertTrue(++twice > 2); }
                    @Test void thrice() { assertTrue(++thrice > 3); }
                    @Test void skipsThen() { Assumptions.assumeTrue(false); }
                }
                """);
        jupiterTest("five", "BeforeAllTest", """
                class BeforeAllTest {
                    static int begun;
                    @BeforeAll static void up() { assertTrue(++begun > 1); }
                    @Test void one() {}
                    @Test void two() {}
                }
                """);
        modules.add("four", junit4(), again);
        junit4Test("four", "FourTest", """
                public class FourTest {
                    static int once;
                    @Test public void once() { assertTrue(++once > 1); }
                    @Test public void always() { fail(); }
                }
                """);

        assertThat(cases())
                .containsEntry("x.BeforeAllTest one", "PASSED")
                .containsEntry("x.FlakyTest once", "PASSED")
                .containsEntry("x.FlakyTest twice", "PASSED")
                .containsEntry("x.FlakyTest thrice", "FAILED")
                .containsEntry("x.FourTest once", "PASSED")
                .containsEntry("x.FourTest always", "FAILED");
    }

    @Test
    void classPathAndDirectoryAreThoseOfTheTests() throws Exception {
        String io = "commons-io:commons-io:2.16.1";
        String without = "class NAME { @Test void without() { assertThrows(ClassNotFoundException.class,"
                + " () -> Class.forName(\"org.apache.commons.io.IOUtils\")); } }";
        modules.add("excludes", jupiter() + MavenModules.dependency(io), """
                <configuration><classpathDependencyExcludes><exclude>commons-io:*</exclude></classpathDependencyExcludes>
                </configuration>""");
        jupiterTest("excludes", "ExcludesTest", without.replace("NAME", "ExcludesTest"));
        modules.add(
                "scope",
                jupiter() + MavenModules.dependency(io).replace("<scope>test", "<scope>runtime"),
                "<configuration><classpathDependencyScopeExclude>runtime</classpathDependencyScopeExclude></configuration>");
        jupiterTest("scope", "ScopeTest", without.replace("NAME", "ScopeTest"));
        modules.add("adds", jupiter(), """
                <configuration><additionalClasspathDependencies><additionalClasspathDependency>
                  <groupId>commons-io</groupId><artifactId>commons-io</artifactId><version>2.16.1</version>
                </additionalClasspathDependency></additionalClasspathDependencies></configuration>""");
        jupiterTest("adds", "AddsTest", """
                class AddsTest { @Test void with() throws Exception { Class.forName("org.apache.commons.io.IOUtils"); } }
                """);
        modules.add("works", jupiter(), """
                <configuration><workingDirectory>${project.build.directory}/work</workingDirectory></configuration>""");
        jupiterTest("works", "WorksTest", """
                class WorksTest {
                    @Test void isThere() {
                        assertTrue(System.getProperty("user.dir").endsWith("/works/target/work"));
                        assertTrue(System.getProperty("basedir").endsWith("/works"));
                        assertNotNull(System.getProperty("localRepository"));
                        assertNotNull(System.getProperty("surefire.test.class.path"));
                    }
                    @Test void bad() { fail(); }
                }
                """);

        assertThat(cases()).containsEntry("x.WorksTest bad", "FAILED").hasSize(5);
        assertThat(runs.oursLog()).doesNotContain("not carried over");
    }
}
