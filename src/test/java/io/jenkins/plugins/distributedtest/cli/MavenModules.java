package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a Maven build of modules whose tests are in the package {@code x}. */
final class MavenModules implements AutoCloseable {
    /** A version of TestNG that does not run tests of JUnit. */
    static final String TESTNG = "7.10.2";

    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
            """;

    private final BuildRuns runs;
    private final List<String> modules = new ArrayList<>();

    /** @param directory an empty directory */
    MavenModules(Path directory) throws IOException {
        runs = new BuildRuns(
                directory, "maven", List.of("mvn", "-B", "-q", "-Dmaven.repo.local=" + BuildRuns.repository()));
    }

    /** The build, and ours. */
    BuildRuns runs() {
        return runs;
    }

    @Override
    public void close() throws InterruptedException {
        runs.close();
    }

    /** Writes the POM of all modules and runs both; at least one test has to fail in ours. */
    void runBoth() throws Exception {
        parent();
        assertThat(runs.ours("--local", "2")).as(runs.oursLog()).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.own("verify", "-Dmaven.test.failure.ignore=true"))
                .as(runs.ownLog())
                .isZero();
    }

    /** The dependency on a version of JUnit or TestNG. */
    static String framework(String version) {
        return version.matches("[56]\\..*")
                ? dependency("org.junit.jupiter:junit-jupiter:" + version)
                : version.matches("3\\..*|4\\..*") ? dependency("junit:junit:" + version) : testng(version);
    }

    /** That on a version of TestNG. */
    static String testng(String version) {
        return dependency("org.testng:testng:" + version);
    }

    /** One for the tests, from its coordinates. */
    static String dependency(String coordinates) {
        String[] parts = coordinates.split(":");
        return "<dependency><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1] + "</artifactId><version>"
                + parts[2] + "</version><scope>test</scope></dependency>";
    }

    /**
     * Writes a module's POM.
     *
     * @param dependencies XML
     * @param surefire what there is about Surefire beside its name, as XML
     */
    void add(String name, String dependencies, String surefire) throws IOException {
        modules.add(name);
        runs.write(
                name + "/pom.xml",
                POM
                        + """
                        <parent><groupId>x</groupId><artifactId>parent</artifactId><version>1</version></parent>
                        <artifactId>NAME</artifactId>
                        <dependencies>DEPENDENCIES</dependencies>
                        <build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId>
                        """.replace("NAME", name).replace("DEPENDENCIES", dependencies)
                        + surefire + "</plugin></plugins></build></project>");
    }

    /** Writes a test class. */
    void test(String module, String name, String text) throws IOException {
        runs.write(module + "/src/test/java/x/" + name + ".java", text);
    }

    /** Writes the POM of all modules. */
    void parent() throws IOException {
        StringBuilder all = new StringBuilder();
        modules.forEach(each -> all.append("<module>").append(each).append("</module>"));
        runs.write("pom.xml", POM + """
                <groupId>x</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging>
                <modules>MODULES</modules>
                <properties>
                  <maven.compiler.release>17</maven.compiler.release>
                  <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                </properties>
                <build><pluginManagement><plugins>
                  <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
                  <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                  <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
                  <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version></plugin>
                </plugins></pluginManagement></build></project>
                """.replace("MODULES", all));
    }
}
