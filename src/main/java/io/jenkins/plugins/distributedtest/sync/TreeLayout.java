package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a tree into a workspace: all of it into an empty one; into one that has the tree of an earlier run only what
 * differs, and what that run left behind is deleted. Either way the workspace then holds the tree and nothing else.
 *
 * <p>What cannot be looked through is cleared and laid out anew. For one thread.
 */
final class TreeLayout {
    private static final Logger LOG = LoggerFactory.getLogger(TreeLayout.class);

    private final Path workspace;
    private final LaidOutTree before;
    private final Manifest manifest;
    private final Workspaces.Content content;
    private final ClockMark began = ClockMark.now();
    private TreeSurvey survey;

    /**
     * @param workspace where the tree goes
     * @param before what was laid out there before; null if it is empty or is not there
     * @param manifest the tree
     * @param content where bytes come from
     */
    TreeLayout(Path workspace, LaidOutTree before, Manifest manifest, Workspaces.Content content) {
        this.workspace = workspace;
        this.before = before;
        this.manifest = manifest;
        this.content = content;
    }

    /**
     * Finds out what is there already. Deletes what is not to stay.
     *
     * @return the contents that {@link #layOut} will open
     * @throws SyncException if what is to go cannot be deleted
     */
    List<Manifest.Entry> needed() throws SyncException, InterruptedException {
        if (before == null) {
            return List.copyOf(manifest.blobs().values());
        }
        try {
            survey = TreeSurvey.of(workspace, before, manifest, content, began);
            survey.clear();
        } catch (IOException | SyncException e) {
            LOG.info("The tree of an earlier run is laid out anew: {}", e.getMessage());
            survey = null;
            clear();
            return List.copyOf(manifest.blobs().values());
        }
        Set<String> standing = survey.standing().keySet();
        Map<Object, Manifest.Entry> needed = new HashMap<>();
        for (Manifest.Entry entry : manifest.entries()) {
            if (entry.kind().isFile() && entry.size() > 0 && !standing.contains(entry.path())) {
                needed.put(entry.sha(), entry);
            }
        }
        return List.copyOf(needed.values());
    }

    private void clear() throws SyncException {
        try {
            DirectoryTree.delete(workspace);
            Files.createDirectories(workspace);
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, e.getMessage(), e);
        }
    }

    /**
     * Lays out what is not there.
     *
     * @return files whose content is missing or not what the manifest says; they are not there
     */
    List<Manifest.Entry> layOut() throws SyncException, InterruptedException {
        return survey == null
                ? Workspaces.layOut(manifest, content, workspace)
                : Workspaces.complete(
                        manifest, content, workspace, survey.standing().keySet());
    }

    /** Lays out files that {@link #layOut} could not; returns those that still are not there. */
    List<Manifest.Entry> fill(List<Manifest.Entry> files) throws SyncException, InterruptedException {
        return Workspaces.fill(files, content, workspace);
    }

    /** How many files and links were there already. */
    int kept() {
        return survey == null ? 0 : survey.standing().size();
    }

    /**
     * Notes the stamps of all that is there now, before anything of the run begins.
     *
     * @throws SyncException if something cannot be looked at
     */
    LaidOutTree done() throws SyncException, InterruptedException {
        Map<String, LaidOutTree.Standing> entries = new ConcurrentHashMap<>();
        Map<String, FileStamp> directories = new ConcurrentHashMap<>();
        if (survey != null) {
            entries.putAll(survey.standing());
            directories.putAll(survey.directories());
        }
        List<Manifest.Entry> added = manifest.entries().stream()
                .filter(entry -> entry.kind() != Manifest.Kind.DIRECTORY && !entries.containsKey(entry.path()))
                .toList();
        SyncPool.forEach(
                added, entry -> entries.put(entry.path(), new LaidOutTree.Standing(entry, stamp(entry.path()))));
        Set<String> made = new HashSet<>(manifest.directories());
        made.removeAll(directories.keySet());
        SyncPool.forEach(List.copyOf(made), path -> directories.put(path, stamp(path)));
        boolean vouched = isVouched(entries, added);
        return new LaidOutTree(manifest, stamp(""), entries, directories, vouched, ClockMark.now());
    }

    private boolean isVouched(Map<String, LaidOutTree.Standing> entries, List<Manifest.Entry> added) {
        boolean believed = survey != null && before.isBelievedAt(began);
        if (believed && added.isEmpty()) {
            return true;
        }
        long latest = (believed ? added.stream().map(entry -> entries.get(entry.path())) : entries.values().stream())
                .mapToLong(standing -> standing.stamp().changed())
                .max()
                .orElse(0);
        return ChangeProbe.shows(workspace, latest, !believed);
    }

    private FileStamp stamp(String path) throws SyncException {
        try {
            return FileStamp.of(path.isEmpty() ? workspace : workspace.resolve(path));
        } catch (IOException e) {
            throw new SyncException(
                    SyncException.Kind.FAILED, workspace.resolve(path) + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    /**
     * Deletes what a run has left or changed, after all its processes have ended.
     *
     * @param workspace the workspace
     * @param tree what was laid out there
     * @return what of it is still there
     * @throws IOException if something cannot be looked through or deleted: then the workspace is of no use any more
     */
    static LaidOutTree tidy(Path workspace, LaidOutTree tree) throws IOException, InterruptedException {
        try {
            Workspaces.Content any = entry -> {
                throw new IOException("not needed");
            };
            TreeSurvey survey = TreeSurvey.of(workspace, tree, tree.manifest(), any, ClockMark.now());
            survey.clear();
            return tree.reduced(survey.standing(), survey.directories());
        } catch (SyncException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
