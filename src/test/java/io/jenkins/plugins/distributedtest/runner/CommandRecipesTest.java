package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes for other tools, as they stand in docs/runners.md, beside the tools' own commands. */
class CommandRecipesTest {
    @TempDir
    Path directory;

    private Job job;

    @AfterEach
    void close() {
        if (job != null) {
            job.close();
        }
    }

    private static String docs() throws Exception {
        return Files.readString(Path.of("docs", "runners.md"));
    }

    /** Opens a project that is run by the documented template which holds a word. */
    private void open(String program, String word) throws Exception {
        boolean here = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
        assumeTrue(here, program + " is not installed on this host");
        Matcher template = Pattern.compile("(?m)^  \"command\": (\\[.*" + Pattern.quote(word) + ".*\\])$")
                .matcher(docs());
        assertThat(template.find()).isTrue();
        String[] command = Json.PLAIN.readValue(template.group(1), String[].class);
        job = new Job(directory, Job.command(command));
    }

    private OwnProcess own(String... command) throws Exception {
        return OwnProcess.run(job.workspace, Map.of(), List.of(command));
    }

    private static List<String> told(FileResult result) {
        return result.cases().stream()
                .map(each -> each.name() + " " + each.status())
                .toList();
    }

    @Test
    void phpunitRunsAFileAsItsOwnCommandDoes() throws Exception {
        open("phpunit", "phpunit");
        String head = "<?php use PHPUnit\\Framework\\TestCase;\nfinal class ";
        job.write(
                "tests/ATest.php",
                head + "ATest extends TestCase {"
                        + " public function testAdds(): void { $this->assertSame(2, 1 + 1); }"
                        + " public function testFails(): void { $this->assertSame(3, 1 + 1); }"
                        + " public function testSkips(): void { $this->markTestSkipped('no'); } }");
        job.write(
                "tests/[b] Test.php",
                head + "BTest extends TestCase { public function testB(): void { $this->assertTrue(true); } }");
        FileResult a = job.run("tests/ATest.php");
        assertThat(told(a))
                .as(a.output())
                .containsExactlyInAnyOrder("testAdds PASSED", "testFails FAILED", "testSkips SKIPPED");
        OwnProcess own = own("phpunit", "tests/ATest.php");
        assertThat(own.isWell()).isFalse();
        assertThat(own.said()).contains("Tests: 3", "Failures: 1", "Skipped: 1");
        assertThat(a.status()).isEqualTo(FileStatus.FAILED);
        FileResult b = job.run("tests/[b] Test.php");
        assertThat(b.status() == FileStatus.PASSED)
                .as(b.output())
                .isEqualTo(own("phpunit", "tests/[b] Test.php").isWell());
    }

    @Test
    void batsRunsAFileAsItsOwnCommandDoes() throws Exception {
        open("bats", "bats");
        job.write(
                "test/a $x [1].bats",
                "@test \"adds\" { [ $((1+1)) -eq 2 ]; }\n@test \"fails <&>\" { false; }\n@test \"skips\" { skip no; }\n");
        job.write("test/b.bats", "@test \"passes\" { true; }\n");
        job.write("test/broken.bats", "@test \"never ends\" {\n");
        for (String each : List.of("test/a $x [1].bats", "test/b.bats", "test/broken.bats")) {
            FileResult result = job.run(each);
            assertThat(result.status() == FileStatus.PASSED)
                    .as(each + result.output())
                    .isEqualTo(own("bats", each).isWell());
        }
        assertThat(told(job.run("test/a $x [1].bats")))
                .containsExactlyInAnyOrder("adds PASSED", "fails <&> FAILED", "skips SKIPPED");
    }

    @Test
    void ctestRunsTheTestOfAFileAndNoOther() throws Exception {
        open("ctest", "ctest-one");
        Matcher script =
                Pattern.compile("(?s)```sh\\n(  #!/bin/sh\\n.*?ctest.*?)  ```").matcher(docs());
        assertThat(script.find()).isTrue();
        job.write("bin/ctest-one", script.group(1).replace("\n  ", "\n").strip() + "\n");
        job.write(
                "build/CTestTestfile.cmake",
                "add_test([=[tests/a+.c]=] \"true\")\nadd_test([=[tests/aa.c]=] \"false\")\n"
                        + "add_test([=[tests/a+xc]=] \"false\")\n");
        for (String each : List.of("tests/a+.c", "tests/aa.c", "tests/none.c")) {
            job.write(each, "");
        }
        FileResult good = job.run("tests/a+.c");
        assertThat(told(good)).as(good.message() + good.output()).containsExactly("tests/a+.c PASSED");
        FileResult bad = job.run("tests/aa.c");
        assertThat(told(bad)).as(bad.output()).containsExactly("tests/aa.c FAILED");
        assertThat(own("ctest", "--test-dir", "build").isWell()).isFalse();
        assertThat(job.run("tests/none.c").status()).isEqualTo(FileStatus.FAILED);
    }
}
