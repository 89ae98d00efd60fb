package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands for a file in a template, by real tools that take paths for patterns. */
class CommandTemplateTest {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    /** Each is, taken for a pattern, also another of them, or none. */
    private static final List<String> NAMES = List.of(
            "a.test.js",
            "aXtest.js",
            "sub/a.test.js",
            "[id].test.js",
            "i.test.js",
            "p(1)+x.test.js",
            "p1x.test.js",
            "b{c,d}.test.js",
            "bc.test.js",
            "st*r.test.js",
            "star.test.js",
            "!n.test.js");

    @TempDir
    Path directory;

    /** Runs each file by a template; answers with what ran for it, where that was not the file alone. */
    private List<String> wrong(String test, String... template) throws Exception {
        assumeTrue(Files.isDirectory(TOOLS), "npm ci --prefix src/build/javascript installs the tools");
        List<String> wrong = new ArrayList<>();
        try (Job job = new Job(directory, settings(List.of(template)))) {
            Files.createSymbolicLink(job.workspace.resolve("node_modules"), TOOLS.toAbsolutePath());
            job.write("package.json", "{\"ava\": {\"files\": [\"**/*test.js\"]}}");
            job.write("jest.config.js", "module.exports = { testMatch: ['**/*test.js'] };");
            job.write("playwright.config.js", "module.exports = { testMatch: /test.js$/ };");
            for (String name : NAMES) {
                job.write(
                        name, "require('fs').appendFileSync('" + job.workspace + "/ran', '" + name + "\\n');\n" + test);
            }
            Path ran = job.workspace.resolve("ran");
            for (String name : NAMES) {
                Files.deleteIfExists(ran);
                FileResult result = job.run(name);
                // Playwright's processes load a file each.
                List<String> files = Files.exists(ran)
                        ? Files.readAllLines(ran).stream().distinct().toList()
                        : List.of();
                if (!files.equals(List.of(name)) || result.status() != FileStatus.PASSED) {
                    wrong.add(name + " ran " + files);
                }
            }
        }
        return wrong;
    }

    @Test
    void regexIsTheFileAloneToJest() throws Exception {
        String test = "test('x', () => {});";
        assertThat(wrong(test, "node", "node_modules/jest/bin/jest.js", "--ci", "{regex}"))
                .isEmpty();
    }

    @Test
    void regexIsTheFileAloneToPlaywright() throws Exception {
        String test = "require('@playwright/test').test('x', () => {});";
        assertThat(wrong(test, "node", "node_modules/@playwright/test/cli.js", "test", "{regex}"))
                .isEmpty();
    }

    @Test
    void literalIsTheFileAloneToAva() throws Exception {
        String test = "require('ava').default('x', t => t.pass());";
        assertThat(wrong(test, "node", "node_modules/ava/entrypoints/cli.mjs", "{literal}"))
                .isEmpty();
    }

    @Test
    void literalIsTheFileAloneToRuby() throws Exception {
        assumeTrue(Runners.available().contains("rspec"), "ruby is not installed");
        String script = "Dir.glob(ARGV[0]).each { |each| File.write('ran', each + \"\\n\", mode: 'a') }";
        assertThat(wrong("", "ruby", "-e", script, "{literal}")).isEmpty();
    }

    /** The reason for the warning. */
    @Test
    void pathIsSeveralFilesToJest() throws Exception {
        String test = "test('x', () => {});";
        assertThat(wrong(test, "node", "node_modules/jest/bin/jest.js", "--ci", "{file}"))
                .anyMatch(each -> each.startsWith("a.test.js ran ") && each.contains("sub/a.test.js"));
    }

    private static List<String> warnings(List<String> command, String... files) {
        return CommandTemplate.warnings(
                settings(command), Stream.of(files).map(TestFile::new).toList());
    }

    private static RunnerSettings settings(List<String> command) {
        return new RunnerSettings(
                List.of(new RunnerSettings.Rule("**", "command")), null, null, null, null, null, command);
    }

    @Test
    void templateWhoseToolTakesPathsForPatternsIsWarnedOf() {
        assertThat(warnings(List.of("npx", "jest@29", "--ci", "{file}"), "a.js"))
                .singleElement()
                .asString()
                .contains("{file} to jest", "regular expression", "Write {regex}");
        assertThat(warnings(List.of("node", "node_modules/@playwright/test/cli.js", "test", "{file}"), "a.js"))
                .singleElement()
                .asString()
                .contains("playwright");
        assertThat(warnings(List.of("node_modules/.bin/tape", "{file}"), "a.js", "p(1).js"))
                .singleElement()
                .asString()
                .contains("{file} to tape", "glob", "p(1).js", "Write {literal}");
        assertThat(warnings(List.of("node", "--test", "{file}"), "[a].js")).hasSize(1);
    }

    @Test
    void templateThatIsRightIsNotWarnedOf() {
        assertThat(warnings(List.of("npx", "jest", "--runTestsByPath", "{file}"), "[a].js"))
                .isEmpty();
        assertThat(warnings(List.of("npx", "jest", "{regex}"), "[a].js")).isEmpty();
        assertThat(warnings(List.of("npx", "tape", "{file}"), "a-b_c/d.test.js"))
                .isEmpty();
        assertThat(warnings(List.of("npx", "tape", "{literal}"), "[a].js")).isEmpty();
        assertThat(warnings(List.of("sh", "{file}", "jest"), "[a].sh")).isEmpty();
        assertThat(warnings(List.of("node", "{file}"), "[a].js")).isEmpty();
    }

    @Test
    void onlyTemplatesThatRunFilesAreWarnedOf() {
        RunnerSettings settings =
                new RunnerSettings(null, null, null, null, null, null, List.of("npx", "jest", "{file}"));
        assertThat(CommandTemplate.warnings(settings, List.of(new TestFile("a_spec.rb"))))
                .isEmpty();
        assertThat(CommandTemplate.warnings(settings, List.of(new TestFile("a.check"))))
                .hasSize(1);
    }
}
