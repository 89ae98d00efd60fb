package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The source trees of a run's slots, where each has one of its own: the first slot the one that was fetched, each other
 * a copy of that.
 *
 * <p>The copies are made when nothing of the run writes into the tree: after {@code after_sync} and the command
 * {@code before_creating_workers}, so that every slot has what those have built, and before any worker. Where the file
 * system can clone files (Btrfs, XFS, bcachefs; APFS) a copy shares its content with the original until one of the two is
 * written to, and costs next to nothing; elsewhere it is a plain copy. Hard links would cost nothing anywhere, but what a
 * test writes into a file that is there would then be in every slot's tree: which is what a tree of one's own is to
 * prevent.
 */
final class SlotTrees {
    private final List<Path> trees = new ArrayList<>();

    /**
     * @param first the tree that was fetched
     * @param workspace where the others go
     * @param slots how many trees there are to be: as many as slots, or 1 if the slots share one
     */
    SlotTrees(Path first, Workspace workspace, int slots) {
        trees.add(first);
        for (int slot = 2; slot <= slots; slot++) {
            trees.add(workspace.tree(slot));
        }
    }

    /** The tree of a slot. */
    Path of(int slot) {
        return trees.get(Math.min(slot, trees.size()) - 1);
    }

    /** All, that of the first slot first. */
    List<Path> all() {
        return List.copyOf(trees);
    }

    /** Those that are copies of the first. */
    List<Path> copies() {
        return List.copyOf(trees.subList(1, trees.size()));
    }

    /**
     * Makes the copies. Blocks.
     *
     * @param limit how long each may take
     * @throws SyncException if one cannot be made; the message says why and what to do
     * @throws InterruptedException if this thread is interrupted
     */
    void copy(Duration limit) throws SyncException, InterruptedException {
        for (Path tree : trees.subList(1, trees.size())) {
            try {
                Files.createDirectories(tree);
                CommandResult result =
                        Commands.run(ProcessSpec.of(command(trees.get(0), tree)).directory(trees.get(0)), limit);
                if (!result.ok() || result.timedOut()) {
                    String how =
                            result.timedOut() ? "it took longer than " + limit.toSeconds() + " s" : result.ending();
                    throw failed(how, result.output(), null);
                }
            } catch (IOException e) {
                throw failed(e.getMessage(), "", e);
            }
        }
    }

    private static SyncException failed(String why, String output, IOException cause) {
        return new SyncException(
                SyncException.Kind.FAILED,
                "No tree of its own could be made for a slot (trees: slot): " + why
                        + ". Make room in work_directory, or let the slots share one tree (trees: listener)",
                output,
                List.of(),
                cause);
    }

    /** All of it with links as links, times and permissions. */
    private static List<String> command(Path from, Path to) {
        String all = from + "/.";
        return System.getProperty("os.name", "").startsWith("Linux")
                ? List.of("cp", "-a", "--reflink=auto", "--", all, to.toString())
                : List.of("cp", "-R", "-p", all, to.toString());
    }
}
