package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of JUnit 4 that are skipped as a whole, or abort, beside {@code gradle check}. */
class GradleSkippedClassesIT {
    @TempDir
    Path directory;

    private static void test(BuildRuns runs, String name, String annotation, String body) throws Exception {
        runs.write("src/test/java/x/" + name + ".java", """
                package x;
                import org.junit.*;
                %s public class %s {
                    %s
                    @Test public void one() {}
                    @Test public void two() {}
                }
                """.formatted(annotation, name, body));
    }

    @Test
    void aClassThatAbortsIsNoCase() throws Exception {
        try (BuildRuns runs = BuildRuns.gradle(directory)) {
            runs.write("build.gradle", """
                    apply plugin: 'java'
                    repositories { maven { url 'file://REPOSITORY' } }
                    dependencies { testCompile 'junit:junit:4.13.2', 'org.hamcrest:hamcrest-core:1.3' }
                    """.replace("REPOSITORY", BuildRuns.repository()));
            test(runs, "AbortsTest", "", "@BeforeClass public static void up() { Assume.assumeTrue(false); }");
            test(runs, "AbortsAtLastTest", "", "@AfterClass public static void down() { Assume.assumeTrue(false); }");
            test(runs, "IgnoredTest", "@Ignore", "");
            test(runs, "RedTest", "", "@BeforeClass public static void up() { Assert.fail(); }");

            int exit = runs.program(List.of("compare", "--slots", "2"));

            assertThat(runs.oursLog()).contains("EQUAL: 5 cases");
            assertThat(exit).isZero();
        }
    }
}
