package io.jenkins.plugins.distributedtest.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectedTreeTest {
    private static final byte[] TEXT = "coverage".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Sha256.of(TEXT).toString();

    @TempDir
    Path directory;

    private Path project;
    private Path root;

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectories(directory.resolve("project"));
        root = project.resolve(".distributed-test/collected");
    }

    private CollectedTree begun() throws IOException {
        CollectedTree tree = new CollectedTree(project, root);
        tree.begin();
        return tree;
    }

    @Test
    void contentComesInPiecesAndBecomesFiles() throws Exception {
        CollectedTree tree = begun();
        assertThat(tree.lacking(List.of(DIGEST, DIGEST))).containsExactly(DIGEST);
        assertThat(tree.write(DIGEST, 0, 8, new byte[] {'c', 'o', 'v'})).isTrue();
        // Another process takes it up.
        CollectedTree again = new CollectedTree(project, root);
        assertThat(again.lacking(List.of(DIGEST))).containsExactly(DIGEST);
        assertThat(again.write(DIGEST, 3, 8, "erage".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(again.lacking(List.of(DIGEST))).isEmpty();
        again.place(
                "host-1/end", List.of(new CollectedFile("coverage/.a", 8, DIGEST), new CollectedFile("b", 8, DIGEST)));
        again.end();

        assertThat(root.resolve("host-1/end/coverage/.a")).hasContent("coverage");
        assertThat(root.resolve("host-1/end/b")).hasContent("coverage");
        assertThat(root.resolve(".content")).doesNotExist();
    }

    @Test
    void contentThatIsNotWhatItsDigestSaysIsDropped() throws Exception {
        CollectedTree tree = begun();
        assertThat(tree.write(DIGEST, 0, 3, new byte[] {'x', 'y', 'z'})).isFalse();
        assertThat(tree.lacking(List.of(DIGEST))).containsExactly(DIGEST);
    }

    @Test
    void whatAnEarlierRunHasLeftIsRemovedAndNothingElseIs() throws Exception {
        CollectedTree tree = begun();
        tree.write(DIGEST, 0, 8, TEXT);
        tree.place("old", List.of(new CollectedFile("a", 8, DIGEST)));
        begun();
        assertThat(root.resolve("old")).doesNotExist();

        Path build = Files.createDirectories(project.resolve("build"));
        Files.writeString(build.resolve("product"), "of a day's work");
        assertThatThrownBy(() -> new CollectedTree(project, build).begin())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(build.toString())
                .hasMessageContaining("collect_to");
        assertThat(build.resolve("product")).exists();
    }

    @Test
    void nothingIsWrittenThroughALink() throws Exception {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(project.resolve(".distributed-test"), outside);
        assertThatThrownBy(this::begun)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".distributed-test")
                .hasMessageContaining("link");
        assertThat(outside).isEmptyDirectory();

        Files.delete(project.resolve(".distributed-test"));
        CollectedTree tree = begun();
        tree.write(DIGEST, 0, 8, TEXT);
        Files.createSymbolicLink(root.resolve("host"), outside);
        assertThatThrownBy(() -> tree.place("host/end", List.of(new CollectedFile("a", 8, DIGEST))))
                .isInstanceOf(IOException.class);
        Files.delete(root.resolve("host"));
        Files.createDirectories(root.resolve("host/end"));
        Path victim = Files.writeString(outside.resolve("victim"), "as it was");
        Files.createSymbolicLink(root.resolve("host/end/a"), victim);
        tree.place("host/end", List.of(new CollectedFile("a", 8, DIGEST)));
        assertThat(victim).hasContent("as it was");
        assertThat(root.resolve("host/end/a")).hasContent("coverage").isRegularFile();
    }

    @Test
    void pathsThatLeadOutAreRefused() throws Exception {
        CollectedTree tree = begun();
        tree.write(DIGEST, 0, 8, TEXT);
        for (String path : List.of("../../../x", "/etc/x", "a/../../x", ".", "a//b", "x\0y")) {
            assertThatThrownBy(() -> tree.place("host", List.of(new CollectedFile(path, 8, DIGEST))))
                    .as(path)
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> new CollectedTree(project, directory.resolve("beside")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("collect_to");
        assertThatThrownBy(() -> new CollectedTree(project, project)).isInstanceOf(IllegalArgumentException.class);
    }
}
