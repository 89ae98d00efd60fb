package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init} writes only what it has tried. */
class InitTrialTest {
    @TempDir
    Path project;

    private final StringWriter said = new StringWriter();

    private void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private int init(String... more) {
        return Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(Stream.concat(Stream.of("init", "-C", project.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }

    private Path written() {
        return project.resolve("distributed-test.json");
    }

    private static void needs(String runner) {
        assumeTrue(Runners.available().contains(runner), runner + " is not installed on this host");
    }

    @Test
    void aFileOfEachFrameworkAndProjectIsRun() throws Exception {
        needs("rspec");
        needs("unittest");
        write("spec/a_spec.rb", "RSpec.describe('a') { it('one') {}; it('two') { raise 'x' } }\n");
        write("engines/pay/.rspec", "--require ./pay\n");
        write("engines/pay/pay.rb", "PAY = 1\n");
        write("engines/pay/spec/b_spec.rb", "RSpec.describe('b') { it('pays') { expect(PAY).to eq 1 } }\n");
        write("tests/test_c.py", """
                import unittest
                class C(unittest.TestCase):
                    def test_c(self): pass
                """);

        assertThat(init()).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString())
                .contains(
                        "It works: rspec: spec/a_spec.rb, 2 tests, 1 failed",
                        "It works: rspec in engines/pay: engines/pay/spec/b_spec.rb, 1 test\n",
                        "It works: unittest: tests/test_c.py, 1 test\n",
                        "Wrote " + written());
        assertThat(written()).exists();
    }

    @Test
    void aFileOfPlaywrightIsRun() throws Exception {
        Path tools = Path.of("src", "build", "javascript", "node_modules");
        assumeTrue(Files.isDirectory(tools.resolve("@playwright")), "npm ci --prefix src/build/javascript installs it");
        needs("playwright");
        Files.createSymbolicLink(project.resolve("node_modules"), tools.toAbsolutePath());
        write("package.json", "{\"scripts\": {\"test\": \"playwright test\"}}");
        write("playwright.config.js", "module.exports = { testDir: 'e2e' };");
        write("e2e/a.spec.js", "require('@playwright/test').test('a', () => {});");

        assertThat(init()).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("It works: playwright: e2e/a.spec.js, 1 test\n");
        assertThat(written()).exists();

        Files.delete(written());
        write("e2e/a.spec.js", "require('./not-here');");
        assertThat(init()).as(said::toString).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("Nothing was written", "e2e/a.spec.js", "not-here");
        assertThat(written()).doesNotExist();
    }

    /** Of several files that may be tests, one has some. */
    @Test
    void aFileWithoutTestsIsNoProof() throws Exception {
        needs("unittest");
        write("tests/test_a.py", "import unittest\n");
        assertThat(init()).as(said::toString).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("unittest: no tests in tests/test_a.py", "--untried");
        assertThat(written()).doesNotExist();

        write("tests/test_b.py", "import unittest\nclass B(unittest.TestCase):\n    def test_b(self): pass\n");
        assertThat(init()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("It works: unittest: tests/test_b.py, 1 test");
    }

    @Test
    void whatDoesNotRunIsNotWritten() throws Exception {
        needs("minitest");
        write("test/a_test.rb", "require 'minitest/autorun'\nrequire 'not_here'\nclass A < Minitest::Test; end\n");

        assertThat(init()).as(said::toString).isEqualTo(ExitCode.ERROR);

        assertThat(said.toString())
                .contains("Nothing was written", "minitest: test/a_test.rb", "not_here", "--untried");
        assertThat(written()).doesNotExist();
        assertThat(init("--untried")).isEqualTo(ExitCode.OK);
        assertThat(written()).exists();
    }

    @Test
    void anInterpreterThatIsNotThereIsSaid() throws Exception {
        needs("rspec");
        write("Gemfile", "gem 'rspec'\ngem 'no-such-gem-anywhere'\n");
        write("spec/a_spec.rb", "RSpec.describe('a') { it('one') {} }\n");

        assertThat(init()).as(said::toString).isEqualTo(ExitCode.ERROR);

        assertThat(said.toString()).contains("Nothing was written", "rspec", "bundle");
        assertThat(written()).doesNotExist();
    }
}
