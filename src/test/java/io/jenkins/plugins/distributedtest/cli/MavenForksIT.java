package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Surefire's number of a process, by which tests keep ports and files apart, beside {@code mvn verify}. */
class MavenForksIT {
    @TempDir
    private Path directory;

    @Test
    void theNumberOfAProcessIsThatOfTheSlot() throws Exception {
        try (MavenModules modules = new MavenModules(directory)) {
            modules.add("m", MavenModules.framework(Test.class.getPackage().getImplementationVersion()), """
                    <configuration>
                      <forkCount>2</forkCount>
                      <argLine>-Darg=${surefire.forkNumber}</argLine>
                      <workingDirectory>target/fork_${surefire.forkNumber}</workingDirectory>
                      <systemPropertyVariables>
                        <prop>a${surefire.forkNumber}b</prop>
                      </systemPropertyVariables>
                      <environmentVariables><OF_FORK>e${surefire.forkNumber}</OF_FORK></environmentVariables>
                    </configuration>
                    """);
            for (String name : List.of("A", "B", "C", "D")) {
                modules.test("m", name + "Test", """
                        package x;
                        import static org.junit.jupiter.api.Assertions.*;
                        import org.junit.jupiter.api.Test;
                        class NAMETest {
                            private final String arg = System.getProperty("arg");
                            @Test void arg() { assertTrue(arg.matches("[12]"), arg); }
                            @Test void prop() { assertEquals("a" + arg + "b", System.getProperty("prop")); }
                            @Test void variable() { assertEquals("e" + arg, System.getenv("OF_FORK")); }
                            @Test void directory() {
                                assertEquals("fork_" + arg, java.nio.file.Path.of("").toAbsolutePath().getFileName().toString());
                            }
                            @Test void bad() { fail(); }
                        }
                        """.replace("NAME", name));
            }

            modules.runBoth();

            assertThat(modules.runs().cases())
                    .isEqualTo(modules.runs().reported())
                    .hasSize(20)
                    .containsEntry("x.ATest prop", "PASSED");
        }
    }
}
