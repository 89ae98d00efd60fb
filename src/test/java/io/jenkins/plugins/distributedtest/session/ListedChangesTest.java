package io.jenkins.plugins.distributedtest.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code git diff --name-only} prints, made by git itself. */
class ListedChangesTest {
    @TempDir
    Path repository;

    private String git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
        command.addAll(List.of(arguments));
        Path out = repository.resolveSibling(repository.getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(out);
        Files.delete(out);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private void write(String path, String text) throws IOException {
        Path file = repository.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @BeforeEach
    void commit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
        git("init", "-q", "-b", "main");
        for (String each : List.of(
                "spec/gone_spec.rb",
                "spec/moved_spec.rb",
                "spec/kept_spec.rb",
                "spec/\u00fcn\u00ef_spec.rb",
                "spec/with \"quotes\"_spec.rb",
                "spec/support/s.rb",
                "README.md")) {
            write(each, "# " + each + "\n");
        }
        git("add", "-A");
        git("commit", "-qm", "first");
        Files.delete(repository.resolve("spec/gone_spec.rb"));
        Files.move(repository.resolve("spec/moved_spec.rb"), repository.resolve("spec/here_spec.rb"));
        for (String each : List.of(
                "spec/\u00fcn\u00ef_spec.rb", "spec/with \"quotes\"_spec.rb", "spec/support/s.rb", "README.md")) {
            write(each, "# changed\n");
        }
        git("add", "-A");
    }

    private TestSuite find(Path project, String files, String list) throws Exception {
        Files.writeString(project.resolve("distributed-test.json"), "{\"files\": " + files + "}");
        RunConfiguration run = RunConfiguration.from(
                Configuration.load(project, null, Configuration.Role.ORIGINATOR, Map.of(), List.of()));
        return ListedChanges.of(new StringReader(list)).find(run, List.of());
    }

    private static List<String> paths(TestSuite suite) {
        return suite.files().stream().map(Object::toString).toList();
    }

    @Test
    void takesTheTestFilesAndSaysWhatItLeavesOut() throws Exception {
        String diff = git("diff", "--name-only", "--no-renames", "HEAD");
        assertThat(diff).contains("\\303\\274"); // quoted by git
        for (String configured : List.of("[\"spec/**/*_spec.rb\"]", "[]")) {
            TestSuite suite = find(repository, configured, diff);
            assertThat(paths(suite))
                    .containsExactlyInAnyOrder(
                            "spec/here_spec.rb", "spec/\u00fcn\u00ef_spec.rb", "spec/with \"quotes\"_spec.rb");
            assertThat(suite.warnings())
                    .contains(
                            "Left out spec/gone_spec.rb: it is gone",
                            "Left out spec/support/s.rb: it is no test file of the suite",
                            "Left out README.md: it is no test file of the suite");
        }
    }

    @Test
    void nothingAtAllIsNoFault() throws Exception {
        assertThat(find(repository, "[\"spec/**/*_spec.rb\"]", "").files()).isEmpty();
        assertThat(find(repository, "[\"spec/**/*_spec.rb\"]", "README.md\n").files())
                .isEmpty();
    }

    /** git prints paths from the top of the repository. */
    @Test
    void aProjectMayBeAPartOfItsRepository() throws Exception {
        Path part = Files.createDirectories(repository.resolve("engines/foo"));
        write("engines/foo/spec/foo_spec.rb", "#\n");
        TestSuite suite = find(part, "[\"spec/**/*_spec.rb\"]", "engines/foo/spec/foo_spec.rb\nspec/kept_spec.rb\n");
        assertThat(paths(suite)).containsExactly("spec/foo_spec.rb");
        assertThat(suite.warnings()).containsExactly("Left out spec/kept_spec.rb: it is outside of the project");
    }

    private TestSuite since(Path project, String revision) throws Exception {
        Files.writeString(project.resolve("distributed-test.json"), "{\"files\": [\"spec/**/*_spec.rb\"]}");
        RunConfiguration run = RunConfiguration.from(
                Configuration.load(project, null, Configuration.Role.ORIGINATOR, Map.of(), List.of()));
        return GitChanges.since(revision).find(run, List.of());
    }

    @Test
    void gitItselfSaysWhatHasChangedSinceABranchLeftAnother() throws Exception {
        git("checkout", "-q", "-b", "feature");
        git("commit", "-qm", "second");
        git("checkout", "-q", "main");
        write("spec/kept_spec.rb", "# changed on the other branch\n");
        git("commit", "-qam", "third");
        git("checkout", "-q", "feature");
        write("spec/new_spec.rb", "# git does not know it\n");
        write("spec/ignored_spec.rb", "#\n");
        write(".gitignore", "spec/ignored_spec.rb\n");
        write("engines/foo/spec/foo_spec.rb", "#\n");

        TestSuite all = since(repository, "main");
        assertThat(paths(all))
                .containsExactlyInAnyOrder(
                        "spec/here_spec.rb",
                        "spec/\u00fcn\u00ef_spec.rb",
                        "spec/with \"quotes\"_spec.rb",
                        "spec/new_spec.rb");
        assertThat(all.warnings()).contains("Left out spec/gone_spec.rb: it is gone");
        assertThat(paths(since(repository, "HEAD"))).containsExactly("spec/new_spec.rb");
        assertThat(paths(since(repository.resolve("engines/foo"), "main"))).containsExactly("spec/foo_spec.rb");
    }

    @Test
    void whatGitDoesNotKnowIsAnErrorThatNamesIt() {
        for (String revision : List.of("no-such-branch", "--output=x", "")) {
            assertThatThrownBy(() -> since(repository, revision))
                    .isInstanceOf(SuiteException.class)
                    .hasMessageContaining(revision);
        }
        assertThat(repository.resolve("x")).doesNotExist();
    }
}
