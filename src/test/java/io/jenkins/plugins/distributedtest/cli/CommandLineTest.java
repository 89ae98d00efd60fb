package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "plan",
                "compare",
                "listen",
                "ping",
                "init",
                "broker",
                "install-listener",
                "start-rsync",
                "stop-rsync",
                "demo"
            })
    void everyCommandExplainsItself(String command) {
        assertThat(execute(command, "--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Usage: distributed-test " + command)
                .doesNotContain("--owned");
    }

    @Test
    void helpNamesAllCommandsAndExitCodes() {
        assertThat(execute("--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("install-listener", "130", "cancelled by Ctrl-C")
                .doesNotContain("warm-up");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | A command is missing",
                "rnu | Unmatched argument at index 0: 'rnu'",
                "run --fial-fast 1 | Unknown option: '--fial-fast'",
                "run --color sometimes | Invalid value for option '--color'",
                "start-rsync | Missing required parameter: 'DIR'",
                "broker --port x | Invalid value for option '--port'",
                "broker --port 70000 | --port must be from 0 to 65535",
                "broker --tls-cert x.pem | --tls-cert and --tls-key go together",
                "broker --no-tls --tls-cert x --tls-key y | --no-tls has no use for --tls-cert",
                "broker --tls-cert x.pem --tls-key y.pem | no such file or directory: x.pem",
                "broker --host no.such.host.invalid | --host: not an address of this host",
                "ping --broker amqp://h --broker-file f | use one of them",
                "ping --broker-file no/such/file | no such file or directory: no/such/file",
                "run --failed --list - | use one of them",
                "run --fail-fast x --files a | --fail-fast: fail_fast must be a whole number",
                "run --broker nonsense --files a | --broker: not an AMQP URI",
                "run --set retrys=1 --files a | Did you mean retries?",
                "ping --wait soon | --wait takes a duration",
                "listen --slots 0 | --slots: worker_slots must be a whole number from 1 up",
                "listen --only-run a | --only-run and --listener-id go together",
                "listen --key-stdin | are for the listener of one run",
                "install-listener --name ../x --dry-run | --name may hold letters",
            })
    void usageErrorsEndWith3AndSayWhatIsWrong(String line, String message) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

        assertThat(execute(arguments)).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void aDirectoryWithoutConfigurationSaysHowToGetOne() {
        assertThat(execute("run", "-C", directory.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString())
                .contains("There is no distributed-test.json or gorgon.json", "distributed-test init");
    }

    @Test
    void anEmptySuiteNamesTheGlobsThatMatchedNothing() throws IOException {
        write("distributed-test.json", "{\"files\": [\"spec/**/*_spec.rb\", \"test/*.x\"]}");

        assertThat(execute("run", "-C", directory.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("spec/**/*_spec.rb", "test/*.x");
    }

    @Test
    void aSuiteWithFilesThatNoRunnerTakesIsRefusedBeforeAnythingElse() throws IOException {
        write(
                "distributed-test.json",
                "{\"files\": [\"*.*\"], \"job\": {\"callbacks\": {\"commands\":"
                        + " {\"before_originate\": [\"touch\", \"called\"]}}}}");
        write("good.test.js", "");
        write("a.feature", "");
        write("b.feature", "");

        assertThat(execute("run", "-C", directory.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString())
                .contains("No runner is known for a.feature", "\"runners\": {\"files\"", "b.feature")
                .doesNotContain("good.test.js");
        assertThat(directory.resolve("called")).doesNotExist();
    }

    @Test
    void rerunningFailuresWithoutARunBeforeIsAnError() {
        assertThat(execute("run", "-C", directory.toString(), "--failed")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("failed-files.json");
    }

    @Test
    void rerunningFailuresAfterAGreenRunHasNothingToDo() throws IOException {
        write(".distributed-test/failed-files.json", "[]");

        assertThat(execute("run", "-C", directory.toString(), "--failed")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Nothing to rerun");
    }

    @Test
    void aPasswordOnTheCommandLineIsNotRepeated() {
        assertThat(execute("run", "--broker", "ampq://u:HUSH@h", "--files", "a"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).doesNotContain("HUSH");
    }

    @Test
    void initCountsAFrameworkOnceHoweverItsFilesAreCalled() throws Exception {
        write("test/a_test.rb", "require 'minitest/autorun'");
        write("test/b_test.rb", "require 'minitest/autorun'");
        write("test/test_c.rb", "require 'minitest/autorun'");

        assertThat(execute("init", "--untried", "-C", directory.toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("Minitest (3 files)").containsOnlyOnce("Minitest (");
    }

    @Test
    void aRunnerOfTheFilesOwnLanguageIsSuggested() throws Exception {
        write("distributed-test.json", "{\"files\": [\"*.rb\", \"*.py\", \"*.feature\"]}");
        for (String[] each :
                new String[][] {{"check.rb", "minitest"}, {"check.py", "pytest"}, {"check.feature", "command"}}) {
            write(each[0], "");
            assertThat(execute("run", "-C", directory.toString())).isEqualTo(ExitCode.ERROR);
            assertThat(err.toString()).contains("\"**/" + each[0] + "\": \"" + each[1] + "\"");
            Files.delete(directory.resolve(each[0]));
        }
    }

    @Test
    void initFindsFrameworksAndWritesWhatRunReads() throws Exception {
        write("spec/models/user_spec.rb", "RSpec.describe('x') {}");
        write("spec/rails_helper.rb", "");
        write("Gemfile", "gem 'rspec'");
        write("test/unit/a_test.rb", "require 'test/unit'");
        write("lib/test/unit/b_test.rb", "class OfALibrary; end");
        write("lib/test/unit/test-case.rb", "class OfALibrary; end");
        write("tests/test_x.py", "import unittest");
        write("web/a.test.mjs", "import { test } from 'node:test';");
        write("node_modules/z/b.test.mjs", "import { test } from 'node:test';");
        write("src/test/java/x/ATest.java", "class ATest {}");
        write("pom.xml", "<project/>");

        assertThat(execute("init", "--untried", "-C", directory.toString())).isEqualTo(ExitCode.OK);

        Configuration configuration =
                Configuration.load(directory, null, Configuration.Role.ORIGINATOR, Map.of(), List.of());
        RunConfiguration run = RunConfiguration.from(configuration);
        assertThat(configuration.warnings()).isEmpty();
        assertThat(run.files())
                .containsExactly(
                        "spec/**/*_spec.rb",
                        "test/**/*_test.rb",
                        "tests/**/test_*.py",
                        "web/**/*.test.mjs",
                        "src/**/*Test.java");
        assertThat(configuration.textMap("runners.files"))
                .containsEntry("test/**/*_test.rb", "test-unit")
                .containsEntry("tests/**/test_*.py", "unittest")
                .hasSize(2);
        assertThat(configuration.listMap("runners.interpreters"))
                .containsEntry("ruby", List.of("bundle", "exec", "ruby"));
        assertThat(configuration.listMap("runners.preload")).containsEntry("rspec", List.of("spec/rails_helper.rb"));
        assertThat(out.toString()).contains("RSpec (1 file)", "test-unit", "unittest", "node:test", "JUnit", "Next:");
    }

    @Test
    void initOfAnUnknownProjectWritesNothingAndSaysWhatItLookedFor() {
        assertThat(execute("init", "--untried", "-C", directory.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("No test framework was found", "*_spec.rb", "nothing was written");
        assertThat(directory.resolve("distributed-test.json")).doesNotExist();
    }

    /** These tools have runners of their own, which each run finds by package.json, and say themselves what they test. */
    @ParameterizedTest
    @ValueSource(strings = {"jest", "mocha", "vitest", "ava", "node --test"})
    void initNamesNoFilesWhereTheToolItselfSaysWhichTheyAre(String tool) throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"" + tool + "\"}}");
        write("test/plain.js", "it('x', () => {});");
        assertThat(execute("init", "--untried", "-C", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Found: " + tool);
        Configuration configuration =
                Configuration.load(directory, null, Configuration.Role.ORIGINATOR, Map.of(), List.of());
        assertThat(configuration.isSet("files")).isFalse();
        assertThat(directory.resolve("distributed-test.json")).content().doesNotContain("npx");
    }

    @Test
    void initNamesFilesOfAToolBesideThoseOfAnotherLanguage() throws IOException {
        write("package.json", "{\"devDependencies\": {\"vitest\": \"^3\"}}");
        write("test/[slug].test.js", "test('x', () => {});");
        write("spec/a_spec.rb", "");
        assertThat(execute("init", "--untried", "-C", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(directory.resolve("distributed-test.json"))
                .content()
                .contains("test/**/*.test.js", "spec/**/*_spec.rb")
                .doesNotContain("npx");
    }

    @Test
    void initOverwritesOnlyByForce() throws IOException {
        write("spec/a_spec.rb", "");
        write("distributed-test.json", "{}");

        assertThat(execute("init", "--untried", "-C", directory.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("--force");
        assertThat(directory.resolve("distributed-test.json")).hasContent("{}");
        assertThat(execute("init", "--untried", "-C", directory.toString(), "--force"))
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void installListenerOnlyTellsInADryRun() throws IOException {
        Path project = Files.createDirectory(directory.resolve("my 100% project"));

        int exitCode =
                execute("install-listener", "--dry-run", "-C", project.toString(), "--slots", "3", "--cluster", "a b");

        assertThat(exitCode).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Would write ", "distributed-test-listener.service", "--slots=3", "\"--cluster=a b\"")
                .contains("WorkingDirectory=" + project.toString().replace("%", "%%"))
                .contains("Would run: systemctl --user enable --now distributed-test-listener.service")
                .doesNotContain("Writing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain | plain",
                "two words | \"two words\"",
                "50% $HOME | \"50%% $$HOME\"",
                "say \"hi\" | \"say \\\"hi\\\"\"",
            })
    void wordsOfAUnitAreQuotedAsSystemdReadsThem(String word, String quoted) {
        assertThat(SystemdUnit.argument(word)).isEqualTo(quoted);
    }
}
