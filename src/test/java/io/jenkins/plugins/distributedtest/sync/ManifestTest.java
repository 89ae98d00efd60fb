package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String SHA = "ab".repeat(32);

    @TempDir
    Path directory;

    @Test
    void survivesTheWireWithEveryAwkwardName() throws Exception {
        Manifest manifest = TreeDigest.scan(Trees.awkward(directory.resolve("tree")), ExcludePatterns.none(), null);

        Manifest back = Manifest.parse(manifest.text());

        assertThat(back.entries()).isEqualTo(manifest.entries());
        assertThat(back.digest()).isEqualTo(manifest.digest());
        assertThat(back.entries()).extracting(Manifest.Entry::path).contains("new\nline", "tab\tback\\slash", "-rf");
    }

    @Test
    void hasTheDigestOfItsCanonicalText() throws Exception {
        Path tree = directory.resolve("tree");
        Trees.write(tree, "b", "hello\n");
        Files.createSymbolicLink(tree.resolve("a"), Path.of("b"));
        Files.createDirectory(tree.resolve("z"));

        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);

        String text = "l a\tb\nf 6 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 b\nd z\n";
        assertThat(new String(manifest.text(), StandardCharsets.UTF_8)).isEqualTo(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(manifest.digest())
                .isEqualTo(Sha256.of(bytes, 0, bytes.length).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f 1 SHA /etc/passwd\n",
                "f 1 SHA ../x\n",
                "f 1 SHA a/../../x\n",
                "f 1 SHA a/./x\n",
                "f 1 SHA a//x\n",
                "f 1 SHA a/\n",
                "f 1 SHA \n",
                "f 1 SHA .\n",
                "f 1 SHA a\\x00b\n",
                "f -1 SHA a\n",
                "f 9999999999999999999 SHA a\n",
                "f 01 SHA a\n",
                "f 1 SHORT a\n",
                "f 1 SHA a",
                "q 1 SHA a\n",
                "\n",
                "f\n",
                "l a\t../tmp\n",
                "l a/b\t../../tmp\n",
                "l a\tb/../../c\n",
                "l a\t\n",
                "l a\n",
                "l a\tb\nf 1 SHA a/x\n",
                "f 1 SHA a\nf 1 SHA a\n",
                "f 1 SHA a\nf 1 SHA a/x\n",
                "d a\nf 1 SHA a/x\n",
                "f 1 SHA b\nf 1 SHA a\n",
                "f 1 SHA a\nf 2 SHA b\n",
                "f 1 SHA a\\qb\n",
                "f 1 SHA a\\\n",
                "f 1 SHA a\\x41\n",
                "f 1 SHA a\tb\n",
            })
    void refusesWhatIsHostileOrNotCanonical(String text) {
        byte[] bytes = text.replace("SHA", SHA).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Manifest.parse(bytes))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] bytes = ("f 1 " + SHA + " a\u00ff\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Manifest.parse(bytes)).isInstanceOf(SyncException.class);
    }

    @Test
    void namesWhereTreesDiffer() throws Exception {
        Trees.write(directory, "one/same", "same");
        Trees.write(directory, "one/changed", "before");
        Trees.write(directory, "one/gone", "gone");
        Trees.write(directory, "two/same", "same");
        Trees.write(directory, "two/changed", "after");
        Trees.write(directory, "two/new", "new");
        Manifest one = TreeDigest.scan(directory.resolve("one"), ExcludePatterns.none(), null);
        Manifest two = TreeDigest.scan(directory.resolve("two"), ExcludePatterns.none(), null);

        assertThat(one.differences(two, 10)).isEqualTo(List.of("changed", "gone", "new"));
        assertThat(one.differences(two, 2)).hasSize(2);
    }
}
