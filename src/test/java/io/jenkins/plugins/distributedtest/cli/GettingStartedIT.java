package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages for newcomers have them paste: each block that makes a project, run by a shell with the built program. */
class GettingStartedIT {
    private static final Pattern BLOCK = Pattern.compile("(?s)```bash\\n(mkdir .*?)```");

    @TempDir
    private Path directory;

    private static List<String> blocks(String page) throws Exception {
        return BLOCK.matcher(Files.readString(Path.of("docs", page)))
                .results()
                .map((MatchResult each) -> each.group(1))
                .toList();
    }

    private Process shell(String script, Path output) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        String programs = Path.of("bin").toAbsolutePath() + ":" + System.getenv("PATH");
        shell.environment().put("PATH", programs);
        shell.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
        shell.environment().keySet().removeIf(each -> each.startsWith("DISTRIBUTED_TEST_"));
        return shell.start();
    }

    @ParameterizedTest
    @CsvSource({
        "ruby.md, 1, ruby -e 'require \"rake/testtask\"; require \"minitest\"'",
        "python.md, 2, python3 -c 'import pytest'",
    })
    void whatAPageShowsWorksAsPasted(String page, int count, String needed) throws Exception {
        Path output = directory.resolve("output");
        assumeTrue(shell(needed, output).waitFor() == 0, needed + " fails here");
        List<String> blocks = blocks(page);
        assertThat(blocks).hasSize(count);

        for (String block : blocks) {
            Process pasted = shell(block, output);
            assertThat(pasted.waitFor(180, TimeUnit.SECONDS)).as("ends").isTrue();
            String said = Files.readString(output);
            assertThat(pasted.exitValue()).as(said).isZero();
            assertThat(said).contains("EQUAL: 1 case\n", "PASSED");
        }
    }
}
