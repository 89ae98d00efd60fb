package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which JVM the tests of a module run in, beside {@code mvn verify}. */
class MavenJvmIT {
    @TempDir
    private Path directory;

    /** A JDK whose JVM tells that it is that one. */
    private Path jdk(String name) throws IOException {
        Path own = Path.of(System.getProperty("java.home"));
        Path jdk = Files.createDirectories(directory.resolve(name));
        try (Stream<Path> entries = Files.list(own)) {
            for (Path each : entries.toList()) {
                if (!each.endsWith("bin")) {
                    Files.createSymbolicLink(jdk.resolve(each.getFileName()), each);
                }
            }
        }
        Path java = Files.createDirectory(jdk.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nexec '" + own + "/bin/java' -Dthe.jdk=" + name + " \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return jdk;
    }

    private static String toolchain(String vendor, Path jdk) {
        return """
                <toolchain><type>jdk</type><provides><version>17</version><vendor>VENDOR</vendor></provides>
                <configuration><jdkHome>HOME</jdkHome></configuration></toolchain>
                """.replace("VENDOR", vendor).replace("HOME", jdk.toString());
    }

    private static String asked(String vendor) {
        return "<jdkToolchain><version>17</version><vendor>" + vendor + "</vendor></jdkToolchain>";
    }

    @Test
    void isThatOfTheToolchain() throws Exception {
        try (MavenModules modules = new MavenModules(directory)) {
            BuildRuns runs = modules.runs();
            runs.write(
                    "toolchains.xml",
                    "<toolchains>" + toolchain("one", jdk("one")) + toolchain("two", jdk("two")) + "</toolchains>");
            runs.write(".mvn/maven.config", "--toolchains=" + runs.project().resolve("toolchains.xml") + "\n");
            String chosen = """
                    </plugin><plugin><artifactId>maven-toolchains-plugin</artifactId><version>3.2.0</version>
                    <executions><execution><goals><goal>toolchain</goal></goals></execution></executions>
                    <configuration><toolchains><jdk><version>17</version><vendor>two</vendor></jdk></toolchains></configuration>
                    """;
            Path named = jdk("three").resolve("bin/java");
            String asksForOne = "<configuration>" + asked("one") + "</configuration>";
            module(modules, "plain", "", "null");
            module(modules, "asks", asksForOne, "one");
            module(modules, "chosen", chosen, "two");
            module(modules, "both", asksForOne + chosen, "one");
            module(
                    modules,
                    "named",
                    "<configuration><jvm>" + named + "</jvm>" + asked("one") + "</configuration>",
                    "three");

            modules.runBoth();

            assertThat(runs.cases()).isEqualTo(runs.reported()).hasSize(10);
            for (String each : List.of("plain", "asks", "chosen", "both", "named")) {
                assertThat(runs.cases()).containsEntry("x." + each + "Test jvm", "PASSED");
            }
        }
    }

    @Test
    void theClassPathIsThatOfTheTests() throws Exception {
        try (MavenModules modules = new MavenModules(directory)) {
            String framework = MavenModules.framework(Test.class.getPackage().getImplementationVersion());
            modules.add("m", framework, "");
            modules.runs().write("m/src/main/java/x/A.java", "package x;\npublic class A {}\n");
            modules.test("m", "PathTest", """
                    package x;
                    import static org.junit.jupiter.api.Assertions.*;
                    import org.junit.jupiter.api.Test;
                    class PathTest {
                        private final String path = System.getProperty("java.class.path");
                        private final String[] entries = path.split(java.io.File.pathSeparator);
                        @Test void tests() { assertTrue(entries[0].endsWith("/m/target/test-classes"), path); }
                        @Test void main() { assertTrue(entries[1].endsWith("/m/target/classes"), path); }
                        @Test void nothingOfARunner() { assertFalse(path.contains("runner"), path); }
                        @Test void ofSurefire() { assertEquals(path, System.getProperty("surefire.test.class.path")); }
                        @Test void real() { assertNotNull(System.getProperty("surefire.real.class.path")); }
                        @Test void bad() { fail(); }
                    }
                    """);

            modules.runBoth();

            assertThat(modules.runs().cases())
                    .isEqualTo(modules.runs().reported())
                    .hasSize(6);
        }
    }

    private static void module(MavenModules modules, String name, String surefire, String jdk) throws IOException {
        modules.add(name, MavenModules.framework(Test.class.getPackage().getImplementationVersion()), surefire);
        modules.test(name, name + "Test", """
                package x;
                import static org.junit.jupiter.api.Assertions.*;
                class NAMETest {
                    @org.junit.jupiter.api.Test void jvm() { assertEquals("JDK", String.valueOf(System.getProperty("the.jdk"))); }
                    @org.junit.jupiter.api.Test void bad() { fail(); }
                }
                """.replace("NAME", name).replace("JDK", jdk));
    }
}
