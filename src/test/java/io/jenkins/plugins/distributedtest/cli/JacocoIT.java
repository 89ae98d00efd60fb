package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JaCoCo in a Maven build: its report over what came back is that of {@code mvn verify}. */
class JacocoIT {
    @TempDir
    Path directory;

    private BuildRuns runs;

    @BeforeEach
    void makeProject() throws IOException {
        runs = new BuildRuns(
                directory, "maven", List.of("mvn", "-B", "-q", "-Dmaven.repo.local=" + BuildRuns.repository()));
        runs.write("pom.xml", """
                <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
                <groupId>x</groupId><artifactId>calc</artifactId><version>1</version>
                <properties>
                  <maven.compiler.release>17</maven.compiler.release>
                  <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                </properties>
                <dependencies><dependency>
                  <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
                  <version>JUNIT</version><scope>test</scope>
                </dependency></dependencies>
                <build><plugins>
                  <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
                  <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                  <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
                  <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version>
                    <configuration><argLine>@{argLine} -Xmx200m</argLine></configuration></plugin>
                  <plugin><groupId>org.jacoco</groupId><artifactId>jacoco-maven-plugin</artifactId>
                    <version>0.8.15</version>
                    <executions>
                      <execution><goals><goal>prepare-agent</goal></goals></execution>
                      <execution><id>report</id><phase>verify</phase><goals><goal>report</goal></goals></execution>
                      <execution><id>half</id><phase>verify</phase><goals><goal>check</goal></goals>
                        <configuration><rules><rule><limits><limit>
                          <counter>LINE</counter><minimum>0.5</minimum>
                        </limit></limits></rule></rules></configuration></execution>
                    </executions></plugin>
                </plugins></build></project>
                """.replace("JUNIT", Test.class.getPackage().getImplementationVersion()));
        runs.write("src/main/java/p/Calc.java", """
                package p;
                public class Calc {
                    public static String size(int x) {
                        if (x > 2) { return "big"; }
                        return "small";
                    }
                    public static int two() { return 2; }
                    public static int never() { return 3; }
                }
                """);
        for (int i = 1; i <= 4; i++) {
            runs.write(
                    "src/test/java/p/C" + i + "Test.java",
                    "package p;\nimport org.junit.jupiter.api.*;\nclass C" + i + "Test {\n"
                            + "    @Test void works() { Assertions.assertNotNull(Calc.size(" + i + ")); }\n"
                            + (i == 3 ? "    @Test void two() { Assertions.assertEquals(2, Calc.two()); }\n" : "")
                            + "}\n");
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        runs.close();
    }

    private List<String> report() throws IOException {
        return Files.readAllLines(runs.project().resolve("target/site/jacoco/jacoco.csv"));
    }

    @Test
    void theReportIsThatOfMavenVerify() throws Exception {
        assertThat(runs.own("verify")).as(runs.ownLog()).isZero();
        List<String> own = report();
        assertThat(own).hasSize(2).anySatisfy(line -> assertThat(line).startsWith("calc,p,Calc,"));
        DirectoryTree.delete(runs.project().resolve("target"));

        assertThat(runs.ours("--local", "2", "--collect", "**/jacoco*.exec"))
                .as(runs.oursLog())
                .isZero();
        assertThat(runs.oursLog()).containsOnlyOnce("jacoco:check@half, which judges the coverage of all tests");
        Path merged = runs.project().resolve("target/jacoco.exec");
        assertThat(merged).doesNotExist();
        try (Stream<Path> all = Files.walk(runs.project().resolve(".distributed-test/collected"))) {
            List<Path> found = all.filter(path -> path.toString().matches(".*/end[^/]*/target/jacoco\\.exec"))
                    .toList();
            assertThat(found).isNotEmpty();
            for (Path each : found) {
                Files.write(
                        merged,
                        Files.readAllBytes(each),
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND);
            }
        }
        assertThat(runs.own("jacoco:report@report")).as(runs.ownLog()).isZero();
        assertThat(report()).isEqualTo(own);
    }
}
