package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/coverage.md says, with the real tools: the total is that of the project's own command. */
@Timeout(300)
class CoverageTest {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    Path project;

    private void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** What a command has printed, and how it ended. */
    private record Own(int exitCode, String output) {}

    private Own own(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Own(process.waitFor(), output);
    }

    private CommandCall run(String... more) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "2"));
        all.addAll(List.of(more));
        return CommandCall.of(all.toArray(String[]::new));
    }

    private static String group(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        assertThat(matcher.find()).as(pattern + " in\n" + text).isTrue();
        return matcher.group(1);
    }

    /** The first block of a language below a heading of the page. */
    private static String documented(String heading, String language) throws IOException {
        String page = Files.readString(Path.of("docs/coverage.md"));
        String section = page.substring(page.indexOf("\n## " + heading + "\n"));
        String from = "\n```" + language + "\n";
        int begin = section.indexOf(from) + from.length();
        return section.substring(begin, section.indexOf("\n```", begin) + 1);
    }

    private void pythonProject(String options) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), PYTHON + " is missing");
        assumeTrue(own(PYTHON, "-c", "import pytest_cov").exitCode() == 0, "python3-pytest-cov is not installed");
        write("app/__init__.py", """
                def size(x):
                    if x > 3:
                        return "big"
                    elif x < 0:
                        return "negative"
                    return "small"


                def never():
                    return "never"
                """);
        write("app/other.py", "def three():\n    return 3\n\n\ndef four():\n    return 4\n");
        for (int i = 1; i <= 4; i++) {
            write(
                    "tests/test_" + i + ".py",
                    "import app\nfrom app import other\n\n\ndef test_it():\n    assert app.size(" + (2 * i - 3) + ")\n"
                            + (i == 3 ? "    assert other.three() == 3\n" : ""));
        }
        write("setup.cfg", "[tool:pytest]\npythonpath = .\naddopts = --cov=app --cov-branch " + options + "\n");
        write(".coveragerc", "[run]\nrelative_files = true\n");
        write(
                "coverage.sh",
                documented("pytest-cov", "sh")
                        .replace("coverage combine", PYTHON + " -m coverage combine")
                        .replace("coverage report", PYTHON + " -m coverage report"));
        write("distributed-test.json", """
                {"files": ["tests/test_*.py"], "collect": [".coverage*"],
                 "runners": {"files": {"**": "pytest"}, "interpreters": {"python": ["/usr/bin/python3"]}}}
                """);
    }

    @Test
    void pytestCovsTotalIsThatOfPytestAndItsLimitIsNotForgotten() throws Exception {
        pythonProject("--cov-fail-under=95");
        Own own = own(PYTHON, "-m", "pytest", "-p", "no:cacheprovider");
        assertThat(own.exitCode()).as(own.output()).isNotZero();
        Files.delete(project.resolve(".coverage"));

        CommandCall unjudged = run();
        assertThat(unjudged.exitCode()).as(unjudged.output()).isEqualTo(ExitCode.OK);
        assertThat(unjudged.output())
                .containsOnlyOnce("not judged, since it is asked of the whole suite")
                .contains("a coverage of at least 95 % (--cov-fail-under of pytest-cov)", "after_job_finishes");
        Own merged = own("sh", "coverage.sh");
        assertThat(merged.exitCode()).as(merged.output()).isEqualTo(2);
        String total = "^(TOTAL .*%)$";
        assertThat(group(total, merged.output()).split(" +"))
                .isEqualTo(group(total, own.output()).split(" +"));

        CommandCall judged = run("--set", "job.callbacks.commands.after_job_finishes=[\"sh\",\"coverage.sh\"]");
        assertThat(judged.exitCode()).as(judged.output()).isEqualTo(ExitCode.ERROR);
        assertThat(judged.output())
                .contains("Left to after_job_finishes: a coverage of at least 95 %", "fail-under=95");
        assertThat(judged.output()).doesNotContain("not judged");
    }

    /** A limit in the configuration of coverage.py holds for pytest-cov, too. */
    @Test
    void aLimitInCoveragesConfigurationIsNamedAndOneThatIsNotThereIsNot() throws Exception {
        pythonProject("");
        assertThat(run().output()).contains("PASSED").doesNotContain("not judged");
        write(".coveragerc", "[run]\nrelative_files = true\n[report]\nfail_under = 91\n");
        assertThat(run().output()).contains("PASSED", "a coverage of at least 91");
    }

    @Test
    void simpleCovsTotalIsThatOfRspec() throws Exception {
        assumeTrue(own("ruby", "-e", "require 'simplecov'; require 'rspec'").exitCode() == 0, "no ruby-simplecov");
        write("lib/calc.rb", """
                class Calc
                  def self.size(x)
                    if x > 2
                      :big
                    else
                      :small
                    end
                  end

                  def self.two
                    2
                  end

                  def self.never
                    :never
                  end
                end
                """);
        write("spec/spec_helper.rb", """
                require 'simplecov'
                SimpleCov.start do
                  minimum_coverage 95
                  add_filter '/spec/'
                end
                require_relative '../lib/calc'
                """);
        write(".rspec", "--require spec_helper\n");
        for (int i = 1; i <= 4; i++) {
            write(
                    "spec/s" + i + "_spec.rb",
                    "RSpec.describe 'calc " + i + "' do\n  it('works') { expect(Calc.size(" + i + ")).not_to be_nil }\n"
                            + (i == 3 ? "  it('is two') { expect(Calc.two).to eq 2 }\n" : "") + "end\n");
        }
        write("merge.rb", documented("SimpleCov", "ruby"));
        write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\"], \"collect\": [\"coverage/**\"]}");
        Own own = own("rspec");
        assertThat(own.exitCode()).as(own.output()).isEqualTo(2);
        DirectoryTree.delete(project.resolve("coverage"));

        CommandCall call = run();
        assertThat(call.exitCode()).as(call.output()).isEqualTo(ExitCode.OK);
        assertThat(call.output()).containsOnlyOnce("minimum_coverage").contains("of SimpleCov");
        Own merged = own("ruby", "merge.rb");
        assertThat(merged.exitCode()).as(merged.output()).isEqualTo(2);
        String lines = "(\\d+ / \\d+ LOC \\([\\d.]+%\\) covered)";
        assertThat(group(lines, merged.output())).isEqualTo(group(lines, own.output()));
    }

    /** Sources of JavaScript, in the words of both kinds of modules, and tests that cover some of them. */
    private void javaScriptProject(String packages, String tool, UnaryOperator<String> module, String imports)
            throws IOException {
        Path modules = Path.of("src", "build", packages, "node_modules").toAbsolutePath();
        assumeTrue(Files.isDirectory(modules.resolve(tool)), "npm ci --prefix src/build/" + packages + " installs it");
        Files.createSymbolicLink(project.resolve("node_modules"), modules);
        write("src/size.js", module.apply("""
                export const size = (x) => {
                  if (x > 3) {
                    return 'big';
                  } else if (x < 0) {
                    return 'negative';
                  }
                  return 'small';
                };
                export const never = () => 'never';
                """));
        write("src/other.js", module.apply("export const three = () => 3;\nexport const four = () => 4;\n"));
        write("src/untested.js", module.apply("export const x = () => (process.env.X ? 1 : 2);\n"));
        for (int i = 1; i <= 4; i++) {
            String test = imports + module.apply("import { size } from '../src/size.js';\n")
                    + "test('it', () => { expect(size(" + (2 * i - 3) + ")).toBeTruthy(); });\n";
            String more = module.apply("import { three } from '../src/other.js';\n")
                    + "test('three', () => { expect(three()).toBe(3); });\n";
            write("test/t" + i + ".test.js", i == 3 ? test + more : test);
        }
        write("distributed-test.json", "{\"collect\": [\"coverage/distributed-test-*.json\"]}");
    }

    /** The same reports, limits and verdict by the tool itself, from what our workers have left. */
    private void isJudgedAlike(String limit, Own own, Callable<Own> merging) throws Exception {
        assertThat(own.exitCode()).as(own.output()).isEqualTo(1);
        String summary = Files.readString(project.resolve("coverage/coverage-summary.json"));
        DirectoryTree.delete(project.resolve("coverage"));

        CommandCall call = run();
        assertThat(call.exitCode()).as(call.output()).isEqualTo(ExitCode.OK);
        assertThat(call.output()).contains("PASSED", "not judged", limit).doesNotContain("% Lines");

        Own merged = merging.call();
        assertThat(merged.exitCode()).as(merged.output()).isEqualTo(1);
        List<String> judged = own.output()
                .lines()
                .filter(line -> line.startsWith("All files") || line.contains(" threshold "))
                .toList();
        assertThat(judged).hasSize(2);
        assertThat(merged.output()).contains(judged);
        assertThat(project.resolve("coverage/coverage-summary.json")).hasContent(summary);
    }

    @ParameterizedTest
    @CsvSource({"javascript, babel", "javascript, v8", "jest27, v8"})
    void jestsTotalAndVerdictAreThoseOfJest(String packages, String provider) throws Exception {
        UnaryOperator<String> module = text -> text.replaceAll("export const (\\w+)", "exports.$1")
                .replaceAll("import (\\{.*}) from ('.*');", "const $1 = require($2);");
        javaScriptProject(packages, "jest", module, "");
        write("package.json", """
                {"scripts": {"test": "jest --coverage --coverageProvider=PROVIDER"},
                 "jest": {"collectCoverageFrom": ["src/**/*.js"], "coverageReporters": ["json-summary", "text"],
                          "coverageThreshold": {"global": {"lines": 95}}}}
                """.replace("PROVIDER", provider));
        write("jest-coverage.cjs", documented("Jest", "js"));
        String jest = "node node_modules/jest/bin/jest.js --coverageProvider=" + provider;
        String merge = documented("Jest", "sh").strip();
        assertThat(merge).startsWith("npx jest ");

        isJudgedAlike(
                "coverageThreshold of Jest",
                own("sh", "-c", jest + " --coverage --ci"),
                () -> own("sh", "-c", merge.replace("npx jest", jest)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v8", "istanbul"})
    void vitestsTotalAndVerdictAreThoseOfVitest(String provider) throws Exception {
        String imports = "import { expect, test } from 'vitest';\n";
        javaScriptProject("javascript", "@vitest/coverage-" + provider, text -> text, imports);
        write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"vitest run --coverage\"}}");
        write("vitest.config.js", """
                export default { test: { coverage: { provider: 'PROVIDER', include: ['src/**'],
                  reporter: ['json-summary', 'text'], thresholds: { lines: 95 } } } };
                """.replace("PROVIDER", provider));
        String vitest = "node node_modules/vitest/vitest.mjs";
        String merge = documented("Vitest", "sh");
        assertThat(merge).contains("npx vitest run ");

        isJudgedAlike(
                "coverage.thresholds of Vitest",
                own("sh", "-c", vitest + " run --coverage"),
                () -> own("sh", "-c", merge.replace("npx vitest", vitest)));
        assertThat(project.resolve(".vitest-reports")).isDirectoryContaining("glob:**/1.json");
    }
}
