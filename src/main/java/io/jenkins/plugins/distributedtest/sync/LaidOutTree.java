package io.jenkins.plugins.distributedtest.sync;

import java.util.Map;

/**
 * A tree that was laid out in a workspace, and what the file system said of all that is in it, before anything of the
 * run could touch it. From this the next run's sync tells what is still as it was laid out; see {@link TreeLayout}.
 * Kept in memory alone: a listener that starts anew trusts no tree of an earlier one.
 */
public final class LaidOutTree {
    private final Manifest manifest;
    private final FileStamp top;
    private final Map<String, Standing> entries;
    private final Map<String, FileStamp> directories;
    private final boolean vouched;
    private final ClockMark mark;

    /** An entry of the tree and its stamp. */
    record Standing(Manifest.Entry entry, FileStamp stamp) {}

    /**
     * @param manifest the tree
     * @param top stamp of the workspace itself
     * @param entries what is there of it, by path: files and links
     * @param directories stamps of its directories, by path
     * @param vouched whether every change of a file since then shows in its stamp
     * @param mark when the stamps were taken
     */
    LaidOutTree(
            Manifest manifest,
            FileStamp top,
            Map<String, Standing> entries,
            Map<String, FileStamp> directories,
            boolean vouched,
            ClockMark mark) {
        this.manifest = manifest;
        this.top = top;
        this.entries = entries;
        this.directories = directories;
        this.vouched = vouched;
        this.mark = mark;
    }

    Manifest manifest() {
        return manifest;
    }

    /** The digest of the tree that was laid out. */
    public String digest() {
        return manifest.digest();
    }

    /** What is recorded of a path; null if nothing is. */
    Standing at(String path) {
        return entries.get(path);
    }

    /** What is recorded of a directory; null if nothing is. */
    FileStamp directory(String path) {
        return directories.get(path);
    }

    /** Whether a directory is the one that the tree was laid out in, itself unchanged. */
    boolean isIn(FileStamp directory) {
        return directory.type() == FileStamp.Type.DIRECTORY
                && directory.inode() != 0
                && directory.inode() == top.inode()
                && directory.mode() == top.mode()
                && directory.owner() == top.owner();
    }

    /** Whether a file whose stamp is the recorded one has the content that was laid out; else it has to be read. */
    boolean isBelievedAt(ClockMark now) {
        return vouched && mark.isSoundUntil(now);
    }

    /** The same tree without what is not there any more. */
    LaidOutTree reduced(Map<String, Standing> standing, Map<String, FileStamp> stillThere) {
        return new LaidOutTree(manifest, top, standing, stillThere, vouched, mark);
    }
}
