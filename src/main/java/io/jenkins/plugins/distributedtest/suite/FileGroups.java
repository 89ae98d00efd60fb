package io.jenkins.plugins.distributedtest.suite;

import io.jenkins.plugins.distributedtest.files.Glob;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files that do not bear each other: of a group one runs at a time in the whole run, such as those that use one port, one
 * database or one account.
 *
 * @param globs the globs of each group's files, by its name; a file that several groups have is of the first
 */
public record FileGroups(Map<String, List<String>> globs) {
    /** No file waits for another. */
    public static final FileGroups NONE = new FileGroups(Map.of());

    /**
     * Copies the globs.
     *
     * @throws IllegalArgumentException if one of them is none
     */
    public FileGroups {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        globs.forEach((name, files) -> {
            files.forEach(Glob::parse);
            copy.put(name, List.copyOf(files));
        });
        globs = Collections.unmodifiableMap(copy);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return globs.isEmpty();
    }

    /**
     * The group of each file that has one.
     *
     * @param files a suite
     * @return the group's name by the file's path
     */
    public Map<String, String> of(Collection<TestFile> files) {
        Map<String, String> groups = new HashMap<>();
        globs.forEach((name, texts) -> {
            List<Glob> parsed = texts.stream().map(Glob::parse).toList();
            files.stream()
                    .map(TestFile::path)
                    .filter(path -> parsed.stream().anyMatch(glob -> glob.matches(path)))
                    .forEach(path -> groups.putIfAbsent(path, name));
        });
        return groups;
    }
}
