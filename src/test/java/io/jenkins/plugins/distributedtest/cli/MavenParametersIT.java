package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
}
