package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.collect.CollectedFile;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls as they reach an agent: written, read again, and done in its workspace. */
class AgentCollectTest {
    private static final byte[] TEXT = "coverage".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Sha256.of(TEXT).toString();

    @TempDir
    Path directory;

    private String[] call(Path workspace, AgentCollect.Call call) throws Exception {
        ByteArrayOutputStream travelling = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(travelling)) {
            out.writeObject(call);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(travelling.toByteArray()))) {
            return ((AgentCollect.Call) in.readObject()).invoke(workspace.toFile(), null);
        }
    }

    @Test
    void filesAreMadeInTheWorkspace() throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("job"));
        String to = workspace.resolve(".distributed-test/collected").toString();
        call(workspace, new AgentCollect.Begin(to));
        assertThat(call(workspace, new AgentCollect.Lacking(to, List.of(DIGEST))))
                .containsExactly(DIGEST);
        assertThat(call(workspace, new AgentCollect.Write(to, DIGEST, 0, 8, TEXT)))
                .isEmpty();
        assertThat(call(workspace, new AgentCollect.Lacking(to, List.of(DIGEST))))
                .isEmpty();
        call(workspace, new AgentCollect.Place(to, "host/end", List.of(new CollectedFile("c/.a", 8, DIGEST))));
        call(workspace, new AgentCollect.End(to));

        assertThat(Path.of(to).resolve("host/end/c/.a")).hasContent("coverage");
        String other = Sha256.of(new byte[] {1}).toString();
        assertThat(call(workspace, new AgentCollect.Write(to, other, 0, 1, new byte[] {2})))
                .isNotEmpty();
    }

    @Test
    void nothingIsWrittenOutsideOfTheWorkspace() throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("job"));
        Path neighbour = Files.createDirectories(directory.resolve("other-job"));
        for (String to : List.of(neighbour.resolve("x").toString(), workspace + "/../other-job/x")) {
            assertThatThrownBy(() -> call(workspace, new AgentCollect.Begin(to)))
                    .hasMessageContaining("collect_to");
        }
        Files.createSymbolicLink(workspace.resolve("link"), neighbour);
        assertThatThrownBy(() -> call(
                        workspace,
                        new AgentCollect.Begin(workspace.resolve("link/x").toString())))
                .isInstanceOf(IOException.class);
        String to = workspace.resolve("to").toString();
        call(workspace, new AgentCollect.Begin(to));
        call(workspace, new AgentCollect.Write(to, DIGEST, 0, 8, TEXT));
        assertThatThrownBy(() -> call(
                        workspace,
                        new AgentCollect.Place(to, "host", List.of(new CollectedFile("../../../x", 8, DIGEST)))))
                .isInstanceOf(IOException.class);
        assertThat(neighbour).isEmptyDirectory();
    }
}
