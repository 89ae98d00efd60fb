package io.jenkins.plugins.distributedtest.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRevisionTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void aCheckout() throws Exception {
        git("init", "--quiet");
        Files.writeString(directory.resolve("a.rb"), "one\n");
        git("add", "a.rb");
        commit("first");
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=amy", "-c", "user.email=amy@example.org"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(said).isZero();
    }

    private void commit(String message) throws Exception {
        git("commit", "--quiet", "--allow-empty", "-m", message);
    }

    private SourceRevision revision() throws Exception {
        return SourceRevision.of(directory.toRealPath(), directory.toRealPath());
    }

    @Test
    void commitsOfTheSameContentAreTheSameSources() throws Exception {
        SourceRevision first = revision();
        assertThat(first.commit()).matches("[0-9a-f]{40}");
        commit("nothing changed");
        assertThat(revision().commit()).isNotEqualTo(first.commit());
        assertThat(revision().tree()).isEqualTo(first.tree());
    }

    @Test
    void whatIsChangedWithoutACommitCountsToo() throws Exception {
        SourceRevision first = revision();
        Files.writeString(directory.resolve("a.rb"), "two\n");
        SourceRevision changed = revision();
        assertThat(changed.commit()).isEqualTo(first.commit());
        assertThat(changed.tree()).startsWith(first.tree() + "+");
        assertThat(revision()).isEqualTo(changed);
    }

    @Test
    void aCheckoutThatBeginsAboveTheWorkspaceIsNotMeant() throws Exception {
        Path workspace = Files.createDirectories(directory.toRealPath().resolve("workspace"));
        assertThat(SourceRevision.of(workspace, workspace)).isEqualTo(SourceRevision.NONE);
        assertThat(SourceRevision.of(workspace, directory.toRealPath())).isEqualTo(revision());
    }
}
