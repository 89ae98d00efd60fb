package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Lays out small trees for tests of other rooms. */
public final class LaidOutTrees {
    private LaidOutTrees() {}

    /**
     * Lays out a tree with one file.
     *
     * @param workspace where to
     * @param before what is there; null for nothing
     * @param name the file's name, which is its content too
     */
    public static LaidOutTree layOut(Path workspace, LaidOutTree before, String name) throws Exception {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        Manifest manifest = Manifest.of(
                List.of(new Manifest.Entry(name, Manifest.Kind.FILE, bytes.length, Sha256.of(bytes), null)));
        TreeLayout layout = new TreeLayout(workspace, before, manifest, entry -> new ByteArrayInputStream(bytes));
        layout.needed();
        if (!layout.layOut().isEmpty()) {
            throw new AssertionError("cannot be laid out");
        }
        return layout.done();
    }
}
