package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the files that match globs in one walk over a directory tree.
 *
 * <p>The walk carries the set of places that it has reached in each glob (a state: glob, alternative, segment). It goes
 * into a directory only if some state can go on there, and lists a directory only if some state there has a wildcard: a
 * plain name is looked up. Symbolic links are followed where a pattern names a part, never by {@code **}{@code /}, so
 * a link to a directory above cannot make the walk endless.
 */
public final class GlobWalk {
    private record State(int glob, List<GlobSegment> segments, int next) {
        GlobSegment segment() {
            return segments.get(next);
        }

        boolean isLast() {
            return next == segments.size() - 1;
        }

        State advanced() {
            return new State(glob, segments, next + 1);
        }

        // The list's identity says which alternative it is; comparing its content would cost more than the walk.
        @Override
        public boolean equals(Object other) {
            return other instanceof State that && glob == that.glob && next == that.next && segments == that.segments;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(segments) * 31 + next;
        }
    }

    private final Path realRoot;
    private final List<TreeSet<String>> found = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    private final boolean anything;

    private GlobWalk(Path root, boolean anything) throws IOException {
        this.realRoot = root.toRealPath();
        this.anything = anything;
    }

    /**
     * @param root where to start
     * @param globs what to look for
     * @return the walk, done
     * @throws IOException if the file system fails
     * @throws InvalidPathException if a name that a glob spells out cannot be used on this platform
     */
    public static GlobWalk of(Path root, List<Glob> globs) throws IOException {
        return walk(root, globs, false);
    }

    /**
     * The same for files and directories, links that lead out of the tree included.
     *
     * @param root where to start
     * @param globs what to look for
     * @return the walk, done
     * @throws IOException if the file system fails
     * @throws InvalidPathException if a name that a glob spells out cannot be used on this platform
     */
    public static GlobWalk ofEntries(Path root, List<Glob> globs) throws IOException {
        return walk(root, globs, true);
    }

    private static GlobWalk walk(Path root, List<Glob> globs, boolean anything) throws IOException {
        GlobWalk walk = new GlobWalk(root, anything);
        Set<State> start = new LinkedHashSet<>();
        for (int i = 0; i < globs.size(); i++) {
            walk.found.add(new TreeSet<>());
            for (List<GlobSegment> segments : globs.get(i).alternatives()) {
                start.add(new State(i, segments, 0));
            }
        }
        walk.directory(root, "", start);
        return walk;
    }

    /** The matches of each glob as relative paths with {@code /} between their parts, sorted; in the order of the globs. */
    public List<TreeSet<String>> found() {
        return found;
    }

    /** What was left out and why. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void directory(Path directory, String prefix, Set<State> reached) throws IOException {
        Set<State> states = closed(reached);
        boolean wild = states.stream().anyMatch(s -> s.segment().literal() == null);
        for (String name : wild ? names(directory, prefix) : literals(states)) {
            Set<State> inside = new LinkedHashSet<>();
            Path entry = directory.resolve(name);
            boolean matched = false;
            for (State state : states) {
                if (state.segment() == GlobSegment.ANY_DEPTH) {
                    if (!name.startsWith(".") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        inside.add(state);
                    }
                } else if (state.segment().matches(name)) {
                    if (!state.isLast()) {
                        inside.add(state.advanced());
                    } else if (Files.isRegularFile(entry) || anything && Files.exists(entry)) {
                        found.get(state.glob()).add(prefix + name);
                        matched = true;
                    }
                }
            }
            if (matched && leavesProject(entry)) {
                drop(prefix + name);
            }
            if (!inside.isEmpty() && Files.isDirectory(entry)) {
                inside(entry, prefix + name, inside);
            }
        }
    }

    private void inside(Path entry, String path, Set<State> states) throws IOException {
        if (Files.isSymbolicLink(entry) && leavesProject(entry)) {
            warnings.add("Left out " + path + ": the link leads outside the project");
        } else {
            directory(entry, path + "/", states);
        }
    }

    private void drop(String path) {
        found.forEach(matches -> matches.remove(path));
        warnings.add("Left out " + path + ": the link leads outside the project");
    }

    /** Adds what is reached when {@code **}{@code /} stands for no directory at all. */
    private static Set<State> closed(Set<State> reached) {
        Set<State> states = new LinkedHashSet<>();
        for (State state : reached) {
            State at = state;
            states.add(at);
            while (at.segment() == GlobSegment.ANY_DEPTH) {
                at = at.advanced();
                states.add(at);
            }
        }
        return states;
    }

    private static Set<String> literals(Set<State> states) {
        Set<String> names = new LinkedHashSet<>();
        states.forEach(state -> names.add(state.segment().literal()));
        return names;
    }

    private List<String> names(Path directory, String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (AccessDeniedException e) {
            warnings.add("Left out " + (prefix.isEmpty() ? directory.toString() : prefix)
                    + ": the directory cannot be read");
        }
        return names;
    }

    private boolean leavesProject(Path entry) throws IOException {
        return !anything && !entry.toRealPath().startsWith(realRoot);
    }
}
