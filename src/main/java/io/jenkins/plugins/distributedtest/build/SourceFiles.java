package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The source files below some directories, by which a class's own is found. */
final class SourceFiles {
    private final Set<Path> directories;
    private final Map<String, List<Path>> byName = new HashMap<>();

    private SourceFiles(Set<Path> directories) {
        this.directories = directories;
    }

    /** Those below directories, of which some need not be there. */
    static SourceFiles in(Collection<Path> directories) throws IOException {
        SourceFiles files = new SourceFiles(Set.copyOf(directories));
        for (Path each : directories) {
            files.index(each);
        }
        return files;
    }

    private void index(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(file -> byName.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                            .add(file));
        }
    }

    /**
     * What a class was compiled from: by the name that the class file tells, in the directory of its package, or the only
     * one whose place fits.
     *
     * @param name the class's internal name
     * @return null if it is not here
     */
    Path of(String name, ClassFile file) {
        String directory = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
        List<Path> named = byName.getOrDefault(file.source(), List.of());
        List<Path> inPackage = named.stream()
                .filter(each -> directory.isEmpty()
                        ? directories.contains(each.getParent())
                        : each.getParent().endsWith(directory))
                .toList();
        if (!inPackage.isEmpty()) {
            return inPackage.get(0);
        }
        // Kotlin's and Scala's need not lie in their package's directory.
        return named.size() == 1 && !file.source().endsWith(".java") ? named.get(0) : null;
    }
}
