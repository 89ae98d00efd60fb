package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maven build of several modules, run without any setting, beside {@code mvn verify}. */
class MavenRunIT {
    /** Of all modules together, by their names. */
    private static final int CASES = 21;

    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
            """;
    private static final String JUPITER = """
            import static org.junit.jupiter.api.Assertions.*;
            import org.junit.jupiter.api.*;
            """;

    @TempDir
    Path directory;

    private BuildRuns runs;

    @BeforeEach
    void makeProject() throws IOException {
        runs = new BuildRuns(
                directory, "maven", List.of("mvn", "-B", "-q", "-Dmaven.repo.local=" + BuildRuns.repository()));
        write("pom.xml", POM + """
                <groupId>x</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging>
                <modules>
                  <module>core</module><module>named</module><module>web</module><module>mixed</module><module>off</module>
                </modules>
                <properties>
                  <maven.compiler.release>17</maven.compiler.release>
                  <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  <late>-Dlate=parent</late>
                </properties>
                <dependencies><dependency>
                  <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
                  <version>JUNIT</version><scope>test</scope>
                </dependency></dependencies>
                <build><pluginManagement><plugins>
                  <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
                  <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                  <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
                  <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version><configuration>
                    <argLine>@{late} -Xmx200m "-Dquoted=two words" -Dwithin="two words"</argLine>
                    <systemPropertyVariables>
                      <my.prop>${project.artifactId}</my.prop>
                      <my.file>${project.basedir}/src/test/resources/data.txt</my.file>
                    </systemPropertyVariables>
                    <environmentVariables><MY_ENV>${project.artifactId}</MY_ENV></environmentVariables>
                    <excludedGroups>slow</excludedGroups>
                  </configuration></plugin>
                </plugins></pluginManagement></build></project>
                """.replace("JUNIT", Test.class.getPackage().getImplementationVersion()));
        module("core", """
                <properties><late>-Dlate=core</late></properties>
                <build><plugins>
                  <plugin><artifactId>maven-compiler-plugin</artifactId><executions><execution>
                    <id>later</id><phase>test-compile</phase><goals><goal>testCompile</goal></goals>
                    <configuration><compileSourceRoots>
                      <root>${project.basedir}/src/test/java17</root>
                    </compileSourceRoots></configuration>
                  </execution></executions></plugin>
                  <plugin><artifactId>maven-resources-plugin</artifactId><executions><execution>
                    <id>processed</id><phase>process-test-classes</phase><goals><goal>copy-resources</goal></goals>
                    <configuration>
                      <outputDirectory>${project.build.testOutputDirectory}/processed</outputDirectory>
                      <resources><resource><directory>${project.basedir}/src/test/resources</directory></resource></resources>
                    </configuration>
                  </execution></executions></plugin>
                </plugins></build>
                """);
        write("core/src/test/java/x/ProcessedTest.java", "package x;\n" + JUPITER + """
                class ProcessedTest {
                    @Test void goalsAfterTheCompilerHaveRun() {
                        assertNotNull(getClass().getResourceAsStream("/processed/data.txt"));
                    }
                }
                """);
        write(".mvn/maven.config", "-Dfrom.maven=yes\n");
        namedModule();
        module("mixed", """
                <dependencies><dependency>
                  <groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope>
                </dependency></dependencies>
                """);
        write("mixed/src/test/java/x/OldTest.java", """
                package x;
                public class OldTest { @org.junit.Test public void runs() {} }
                """);
        write(
                "mixed/src/test/java/x/NewTest.java",
                "package x;\n" + JUPITER + "class NewTest { @Test void runs() {} }\n");
        write(
                "core/src/test/java17/x/LaterTest.java",
                "package x;\n" + JUPITER + "class LaterTest { @Test void runs() {} }\n");
        write("core/src/test/never/x/NeverTest.java", "package x;\nclass NeverTest { it does not compile }\n");
        module("web", """
                <properties><late>-Dlate=web</late></properties>
                <dependencies><dependency>
                  <groupId>x</groupId><artifactId>core</artifactId><version>1</version>
                </dependency></dependencies>
                <build><plugins>
                  <plugin><artifactId>maven-surefire-plugin</artifactId><configuration>
                    <includes><include>**/*Test.java</include><include>**/*Check.java</include></includes>
                    <excludes><exclude>**/Broken*</exclude></excludes>
                  </configuration></plugin>
                  <plugin><artifactId>maven-failsafe-plugin</artifactId><version>3.5.4</version>
                    <configuration><systemPropertyVariables><it>yes</it></systemPropertyVariables></configuration>
                    <executions><execution><goals><goal>integration-test</goal><goal>verify</goal></goals></execution>
                    </executions></plugin>
                </plugins></build>
                """);
        module("off", """
                <build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId>
                <configuration><skipTests>true</skipTests></configuration></plugin></plugins></build>
                """);
        write(
                "core/src/main/java/x/Core.java",
                "package x;\npublic class Core { public static int two() { return 2; } }\n");
        for (String module : List.of("core", "web")) {
            write(module + "/src/test/resources/data.txt", module + "\n");
            write(module + "/src/test/java/x/SameTest.java", "package x;\n" + JUPITER + """
                    class SameTest {
                        @Test void module() throws Exception {
                            assertEquals("MODULE", new String(getClass().getResourceAsStream("/data.txt").readAllBytes()).strip());
                        }
                        @Test void directory() { assertTrue(new java.io.File("src/test/resources/data.txt").exists()); }
                        @Test void basedir() { assertTrue(System.getProperty("basedir").endsWith("MODULE")); }
                        @Test void property() { assertEquals("MODULE", System.getProperty("my.prop")); }
                        @Test void user() { assertEquals("yes", System.getProperty("from.maven")); }
                        @Test void file() { assertTrue(new java.io.File(System.getProperty("my.file")).exists()); }
                        @Test void late() { assertEquals("MODULE two words", System.getProperty("late") + " " + System.getProperty("quoted"));
                            assertEquals("two words", System.getProperty("within")); }
                        @Test void environment() { assertEquals("MODULE", System.getenv("MY_ENV")); }
                        @Test void memory() { assertTrue(Runtime.getRuntime().maxMemory() < 250L << 20); }
                        @Test @Tag("slow") void slow() { fail("it is excluded"); }
                        @Test @Disabled void off() {}
                    }
                    class SecondTest { @Test void runsToo() {} }
                    """.replace("MODULE", module));
        }
        write(
                "web/src/test/java/x/UsesCoreCheck.java",
                "package x;\n" + JUPITER
                        + "class UsesCoreCheck { @Test void uses() { assertEquals(2, Core.two()); } }\n");
        write(
                "web/src/test/java/x/BrokenTest.java",
                "package x;\n" + JUPITER + "class BrokenTest { @Test void isExcluded() { fail(); } }\n");
        write(
                "web/src/test/java/x/AbstractBaseTest.java",
                "package x;\n" + JUPITER + "abstract class AbstractBaseTest { @Test void inherited() {} }\n");
        write("web/src/main/java/x/Web.java", "package x;\npublic class Web {}\n");
        write("web/src/test/java/x/ServerIT.java", "package x;\n" + JUPITER + """
                class ServerIT extends AbstractBaseTest {
                    @Test void it() { assertEquals("yes", System.getProperty("it")); }
                    @Test void archive() { assertTrue(new java.io.File("target/web-1.jar").isFile()); }
                    @Test void isWhatIsTested() {
                        String place = Web.class.getProtectionDomain().getCodeSource().getLocation().toString();
                        assertTrue(place.endsWith("web-1.jar"), place);
                    }
                }
                """);
        write(
                "off/src/test/java/x/OffTest.java",
                "package x;\n" + JUPITER + "class OffTest { @Test void never() { fail(); } }\n");
    }

    /** Its tests run on the module path, as part of the module. */
    private void namedModule() throws IOException {
        module("named", "");
        write("named/src/main/java/module-info.java", """
                module x.named {
                    requires java.logging;
                    exports x.named;
                    uses java.util.function.Supplier;
                    provides java.util.function.Supplier with x.named.Given;
                }
                """);
        write("named/src/main/java/x/named/Given.java", """
                package x.named;
                public class Given implements java.util.function.Supplier<String> {
                    @Override public String get() { return "given"; }
                    public static String found() {
                        return (String) java.util.ServiceLoader.load(java.util.function.Supplier.class).findFirst()
                                .map(java.util.function.Supplier::get).orElse("nothing");
                    }
                }
                """);
        write("named/src/test/java/x/named/NamedTest.java", "package x.named;\n" + JUPITER + """
                class NamedTest {
                    @Test void isInTheModule() { assertEquals("x.named", getClass().getModule().getName()); }
                    @Test void findsItsServices() { assertEquals("given", Given.found()); }
                }
                """);
    }

    private void module(String name, String rest) throws IOException {
        write(
                name + "/pom.xml",
                POM
                        + "<parent><groupId>x</groupId><artifactId>parent</artifactId><version>1</version></parent>"
                        + "<artifactId>" + name + "</artifactId>" + rest + "</project>");
    }

    private void write(String name, String text) throws IOException {
        runs.write(name, text);
    }

    @AfterEach
    void end() throws InterruptedException {
        runs.close();
    }

    @Test
    void withoutAnySettingItRunsWhatMvnVerifyRuns() throws Exception {
        assertThat(runs.own("verify")).as(runs.ownLog()).isZero();

        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.cases())
                .isEqualTo(runs.reported())
                .hasSize(CASES)
                .containsEntry("x.SameTest late", "PASSED,PASSED");

        // A failure is one in both.
        write(
                "core/src/main/java/x/Core.java",
                "package x;\npublic class Core { public static int two() { return 3; } }\n");
        assertThat(runs.ours("--local", "2")).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.own("verify", "-fae")).isNotZero();
        assertThat(runs.cases()).containsEntry("x.UsesCoreCheck uses", "FAILED");
        assertThat(runs.reported()).containsEntry("x.UsesCoreCheck uses", "FAILED");
    }

    @Test
    void aListenerNeedsNeitherMavenNorItsRepository() throws Exception {
        String broker = EmbeddedFixture.shared().address().toSecretUri();
        runs.bareListener(broker, "maven");

        assertThat(runs.ours("--broker", broker, "--cluster", "maven"))
                .as(runs.oursLog())
                .isEqualTo(ExitCode.OK);
        assertThat(runs.cases()).hasSize(CASES);
        // One file of the suite runs with the class path of its module.
        assertThat(runs.ours("--broker", broker, "--cluster", "maven", "web/src/test/java/x/ServerIT.java"))
                .isEqualTo(ExitCode.OK);
        assertThat(runs.cases())
                .containsOnlyKeys(
                        "x.ServerIT archive", "x.ServerIT inherited", "x.ServerIT isWhatIsTested", "x.ServerIT it");
    }

    @Test
    void aModuleThatNeedsTheArchiveOfAnotherGetsIt() throws Exception {
        module("core", """
                <properties><late>-Dlate=core</late></properties>
                <build><plugins><plugin><artifactId>maven-jar-plugin</artifactId><executions><execution>
                  <id>more</id><phase>package</phase><goals><goal>jar</goal></goals>
                  <configuration><classifier>more</classifier></configuration>
                </execution></executions></plugin></plugins></build>
                """);
        module("web", """
                <properties><late>-Dlate=web</late></properties>
                <dependencies><dependency>
                  <groupId>x</groupId><artifactId>core</artifactId><version>1</version><classifier>more</classifier>
                </dependency></dependencies>
                """);
        assertThat(runs.own("verify", "-DskipTests=false")).as(runs.ownLog()).isNotZero(); // BrokenTest
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.cases())
                .containsEntry("x.BrokenTest isExcluded", "FAILED")
                .containsKey("x.SameTest module");
    }

    @Test
    void whatDoesNotCompileIsAnErrorThatSaysWhere() throws Exception {
        write("web/src/test/java/x/UsesCoreCheck.java", "package x;\nclass UsesCoreCheck { int a = ; }\n");
        assertThat(runs.ours("--local", "1")).isEqualTo(ExitCode.ERROR);
        assertThat(runs.oursLog())
                .contains("The Maven build cannot be tested", "UsesCoreCheck.java", "illegal start of expression");
    }

    @Test
    void aMissingMavenIsAnErrorThatSaysHowToNameIt() throws Exception {
        assertThat(runs.oursWithout("/no/such/mvn")).isEqualTo(ExitCode.ERROR);
        assertThat(runs.oursLog()).contains("/no/such/mvn", "interpreters", "runners.class_path");
    }
}
