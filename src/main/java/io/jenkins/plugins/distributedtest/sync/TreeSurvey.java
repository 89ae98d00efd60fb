package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Looks through a workspace in which a tree was laid out and a run has been since, and tells what of a tree is there
 * exactly as it was laid out. Everything else is <em>doomed</em>: files and links that were changed, replaced or that
 * the tree does not have; directories too whose permissions or owner changed. What is doomed is deleted, never written
 * into: it may be a link, or the file may have other names.
 *
 * <p>A file is as it was laid out if its stamp (size, times, inode, permissions, owner) is the recorded one. Where the
 * file system cannot vouch for that it is read as well; see {@link LaidOutTree#isBelievedAt}.
 */
final class TreeSurvey {
    private final LaidOutTree known;
    private final Workspaces.Content content;
    private final boolean believed;
    private final Map<String, Manifest.Entry> wanted = new HashMap<>();
    private final Set<String> directories;

    private final Map<String, LaidOutTree.Standing> standing = new ConcurrentHashMap<>();
    private final Map<String, FileStamp> open = new ConcurrentHashMap<>();
    private final Queue<Path> doomed = new ConcurrentLinkedQueue<>();

    private record Directory(Path path, String prefix) {}

    private TreeSurvey(LaidOutTree known, Manifest manifest, Workspaces.Content content, ClockMark now) {
        this.known = known;
        this.content = content;
        this.believed = known.isBelievedAt(now);
        this.directories = manifest.directories();
        for (Manifest.Entry entry : manifest.entries()) {
            if (entry.kind() != Manifest.Kind.DIRECTORY) {
                wanted.put(entry.path(), entry);
            }
        }
    }

    /**
     * Looks through a workspace. Changes nothing.
     *
     * @param workspace the workspace
     * @param known what was laid out in it
     * @param manifest the tree that is wanted
     * @param content says which modification times are wanted
     * @param now the time
     * @throws IOException if the workspace cannot be looked through, or is not the one that the tree was laid out in
     */
    static TreeSurvey of(
            Path workspace, LaidOutTree known, Manifest manifest, Workspaces.Content content, ClockMark now)
            throws IOException, SyncException, InterruptedException {
        if (!known.isIn(FileStamp.of(workspace))) {
            throw new IOException(workspace + " is not the directory that the tree was laid out in");
        }
        TreeSurvey survey = new TreeSurvey(known, manifest, content, now);
        List<Directory> level = List.of(new Directory(workspace, ""));
        while (!level.isEmpty()) {
            List<Directory> next = Collections.synchronizedList(new ArrayList<>());
            SyncPool.forEach(level, directory -> survey.look(directory, next));
            level = List.copyOf(next);
        }
        return survey;
    }

    private void look(Directory directory, List<Directory> next) throws SyncException, InterruptedException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory.path())) {
            for (Path child : children) {
                look(child, directory.prefix() + child.getFileName(), next);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new SyncException(
                    SyncException.Kind.FAILED, directory.path() + " cannot be looked through: " + e.getMessage(), e);
        }
    }

    private void look(Path child, String path, List<Directory> next) throws IOException, InterruptedException {
        FileStamp stamp = FileStamp.of(child);
        if (stamp.type() == FileStamp.Type.DIRECTORY) {
            FileStamp before = known.directory(path);
            if (directories.contains(path)
                    && before != null
                    && before.inode() == stamp.inode()
                    && before.mode() == stamp.mode()
                    && before.owner() == stamp.owner()) {
                open.put(path, stamp);
                next.add(new Directory(child, path + "/"));
                return;
            }
        } else if (isStanding(child, path, stamp)) {
            standing.put(path, new LaidOutTree.Standing(wanted.get(path), stamp));
            return;
        }
        doomed.add(child);
    }

    private boolean isStanding(Path file, String path, FileStamp stamp) throws IOException, InterruptedException {
        Manifest.Entry entry = wanted.get(path);
        LaidOutTree.Standing before = known.at(path);
        if (entry == null
                || before == null
                || !before.entry().equals(entry)
                || !before.stamp().equals(stamp)) {
            return false;
        }
        if (entry.kind() == Manifest.Kind.LINK) {
            return Files.readSymbolicLink(file).toString().equals(entry.target());
        }
        FileTime modified = content.modified(entry);
        if (modified != null && modified.to(TimeUnit.NANOSECONDS) != stamp.modified()) {
            return false;
        }
        return believed || stamp.size() == entry.size() && TreeDigest.read(file).equals(entry.sha());
    }

    /** Entries that are there as they shall be, by path: files and links. */
    Map<String, LaidOutTree.Standing> standing() {
        return standing;
    }

    /** Directories that are there as they shall be, by path. */
    Map<String, FileStamp> directories() {
        return open;
    }

    /**
     * Deletes all that is not as it shall be.
     *
     * @throws IOException if something stays; the message names it
     */
    void clear() throws IOException {
        for (Path path : doomed) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                DirectoryTree.delete(path);
            } else {
                Files.delete(path);
            }
        }
    }
}
