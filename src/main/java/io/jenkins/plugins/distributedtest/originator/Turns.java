package io.jenkins.plugins.distributedtest.originator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose turn it is in each group of files that do not bear each other. One file of a group is given out at a time and
 * keeps its turn until it is done, whatever happens to its workers; the others wait with the originator. Files of no group
 * have no turns.
 */
final class Turns {
    private final Map<String, String> groupOf;
    private final Map<String, List<FileState>> members = new HashMap<>();
    private final Map<String, FileState> turn = new HashMap<>();

    /**
     * @param groupOf the group of each file that has one, by its path
     * @param files all files, in the suite's order
     */
    Turns(Map<String, String> groupOf, Collection<FileState> files) {
        this.groupOf = groupOf;
        for (FileState file : files) {
            if (isGrouped(file)) {
                members.computeIfAbsent(group(file), name -> new ArrayList<>()).add(file);
            }
        }
    }

    private String group(FileState file) {
        return groupOf.get(file.file.path());
    }

    /** Whether a file has to take turns. */
    boolean isGrouped(FileState file) {
        return groupOf.containsKey(file.file.path());
    }

    /** Whether a file has to wait for another. */
    boolean waits(FileState file) {
        FileState other = turn.get(group(file));
        return other != null && other != file;
    }

    /** Whether a file may be given out: it has its turn, or takes it, since nobody has. */
    boolean take(FileState file) {
        if (waits(file)) {
            return false;
        }
        if (isGrouped(file)) {
            turn.put(group(file), file);
        }
        return true;
    }

    /**
     * A file is done.
     *
     * @return the file whose turn it is now; null if there is none
     */
    FileState next(FileState done) {
        if (!isGrouped(done)) {
            return null;
        }
        turn.remove(group(done));
        for (FileState each : members.get(group(done))) {
            if (each.phase == FileState.Phase.QUEUED && take(each)) {
                return each;
            }
        }
        return null;
    }

    /** Files are taken up as they stood: a file that was given out and is not done has its group's turn. */
    void restored() {
        turn.clear();
        members.values()
                .forEach(files -> files.stream()
                        .filter(file -> file.phase != FileState.Phase.DONE && file.lease > 0)
                        .forEach(this::take));
    }
}
