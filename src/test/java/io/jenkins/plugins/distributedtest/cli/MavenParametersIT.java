package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters of Surefire that decide which tests run, what they see and whether the build fails, beside {@code mvn verify}. */
class MavenParametersIT extends MavenFixture {
    private static final String JUNIT =
            "package x; import org.junit.jupiter.api.*; import static org.junit.jupiter.api.Assertions.*;\n";

    private void compareEqual(int cases) throws Exception {
        modules.parent();
        int exit = runs.program(List.of("compare", "--slots", "2"));
        assertThat(runs.oursLog()).contains("EQUAL: " + cases + " cases").doesNotContain("not carried over");
        assertThat(exit).isZero();
    }

    @Test
    void testsOfDependenciesThatAreScannedRun() throws Exception {
        modules.add("kit", jupiter(), """
                </plugin><plugin><artifactId>maven-jar-plugin</artifactId>
                <executions><execution><goals><goal>test-jar</goal></goals></execution></executions>
                """);
        modules.test("kit", "SharedTest", JUNIT + """
                public class SharedTest {
                    @Test void passesInItsOwnModule() { assertEquals("kit", Path.own()); }
                    @Test void good() {}
                }
                """);
        modules.test("kit", "Path", """
                package x;
                public class Path {
                    static String own() { return java.nio.file.Path.of("").toAbsolutePath().getFileName().toString(); }
                }
                """);
        modules.test(
                "kit", "AbstractTest", JUNIT + "public abstract class AbstractTest { @Test void never() { fail(); } }");
        modules.test("kit", "Helper", JUNIT + "public class Helper { @Test void never() { fail(); } }");
        String kit =
                "<dependency><groupId>x</groupId><artifactId>kit</artifactId><version>1</version><type>test-jar</type>"
                        + "<scope>test</scope></dependency>";
        String scans =
                "<configuration><dependenciesToScan><dependency>%s</dependency></dependenciesToScan></configuration>";
        modules.add("user", jupiter() + kit, scans.formatted("x:kit"));
        modules.test("user", "OwnTest", JUNIT + "class OwnTest { @Test void good() {} }");
        modules.add("wild", jupiter() + kit, scans.formatted("x:k*:test-jar"));
        modules.add("none", jupiter() + kit, scans.formatted("y:kit"));
        modules.test("none", "NoneTest", JUNIT + "class NoneTest { @Test void good() {} }");

        compareEqual(8);
    }

    @Test
    void variablesThatAreExcludedAreNotThere() throws Exception {
        modules.add("env", jupiter(), """
                <configuration>
                  <excludedEnvironmentVariables><name>HOME</name><name>NONE</name><name>SET</name></excludedEnvironmentVariables>
                  <environmentVariables><SET>here</SET></environmentVariables>
                </configuration>""");
        modules.test("env", "EnvTest", JUNIT + """
                class EnvTest {
                    @Test void home() { assertNull(System.getenv("HOME")); }
                    @Test void set() { assertEquals("here", System.getenv("SET")); }
                    @Test void path() { assertNotNull(System.getenv("PATH")); }
                }
                """);

        compareEqual(3);
    }

    @Test
    void aFlakyTestFailsABuildThatSaysSo() throws Exception {
        modules.add("flaky", jupiter(), """
                <configuration><rerunFailingTestsCount>1</rerunFailingTestsCount><failOnFlakeCount>1</failOnFlakeCount>
                </configuration>""");
        modules.test("flaky", "FlakyTest", JUNIT + """
                class FlakyTest {
                    static int times;
                    @Test void flaky() { assertTrue(++times > 1); }
                }
                """);
        modules.test("flaky", "GoodTest", JUNIT + "class GoodTest { @Test void good() {} }");
        modules.parent();

        assertThat(runs.own("verify")).as(runs.ownLog()).isNotZero();
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.oursLog()).contains("failOnFlakeCount").contains("1 failed");
        assertThat(runs.cases()).isEqualTo(runs.reported());
    }

    /** The limit is asked of all tests of an execution, and each slot sees a part of them. */
    @ParameterizedTest
    @CsvSource({"3, true", "4, false"})
    void flakyTestsFailABuildThatTakesOnlyAFew(int limit, boolean fails) throws Exception {
        modules.add("flaky", jupiter(), """
                <configuration><rerunFailingTestsCount>1</rerunFailingTestsCount><failOnFlakeCount>LIMIT</failOnFlakeCount>
                </configuration>""".replace("LIMIT", String.valueOf(limit)));
        for (String name : List.of("OneTest", "TwoTest", "ThreeTest")) {
            modules.test("flaky", name, JUNIT + """
                    class NAME {
                        static int times;
                        @Test void flaky() { assertTrue(++times > 1); }
                    }
                    """.replace("NAME", name));
        }
        // Its own: not counted with those of the module above.
        modules.add("more", jupiter(), """
                <configuration><rerunFailingTestsCount>1</rerunFailingTestsCount><failOnFlakeCount>3</failOnFlakeCount>
                </configuration>""");
        modules.test("more", "MoreTest", JUNIT + """
                class MoreTest {
                    static int times;
                    @Test void flaky() { assertTrue(++times > 1); }
                }
                """);
        modules.parent();

        assertThat(runs.own("verify", "-fae") != 0).as(runs.ownLog()).isEqualTo(fails);
        assertThat(runs.ours(
                        "--local",
                        "2",
                        "--junit",
                        directory.resolve("junit.xml").toString()))
                .as(runs.oursLog())
                .isEqualTo(fails ? ExitCode.FAILURES : ExitCode.OK);
        assertThat(runs.oursLog()).contains("4 passed").doesNotContain("not carried over");
        assertThat(runs.oursLog().contains("3 tests passed only when they were run again"))
                .isEqualTo(fails);
        assertThat(Files.readString(directory.resolve("junit.xml")).contains("<error"))
                .isEqualTo(fails);
        assertThat(runs.cases()).isEqualTo(runs.reported());
    }
}
