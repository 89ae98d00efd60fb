package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The test classes of the dependencies that {@code dependenciesToScan} names: archives, or directories of classes. */
final class ScannedDependencies {
    private static final String CLASS = ".class";

    private final TestClassPatterns patterns;
    private final Set<String> known = new HashSet<>();
    private final List<FoundClass> found = new ArrayList<>();

    private ScannedDependencies(TestClassPatterns patterns) {
        this.patterns = patterns;
    }

    /**
     * Those that are no interfaces and not abstract, in the order of the dependencies and of their names.
     *
     * @param own the module's own, which none of these repeats
     */
    static List<FoundClass> of(TestExecution execution, TestClassPatterns patterns, List<FoundClass> own)
            throws IOException {
        ScannedDependencies scanned = new ScannedDependencies(patterns);
        own.forEach(each -> scanned.known.add(each.name()));
        for (String each : execution.list("scanned")) {
            Path dependency = Path.of(each);
            if (Files.isDirectory(dependency)) {
                scanned.directory(dependency.toRealPath());
            } else if (Files.isRegularFile(dependency)) {
                scanned.archive(dependency);
            }
        }
        return scanned.found;
    }

    private void directory(Path directory) throws IOException {
        for (Path file : ModuleClasses.classFiles(directory)) {
            String path = withoutEnding(CollectedTests.relative(directory, file));
            if (patterns.takes(path)) {
                add(path, ClassFile.read(file));
            }
        }
    }

    private void archive(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            TreeMap<String, ZipEntry> entries = new TreeMap<>();
            zip.stream()
                    .filter(entry -> entry.getName().endsWith(CLASS))
                    .filter(entry -> patterns.takes(withoutEnding(entry.getName())))
                    .forEach(entry -> entries.put(withoutEnding(entry.getName()), entry));
            for (var entry : entries.entrySet()) {
                try (InputStream in = zip.getInputStream(entry.getValue())) {
                    add(entry.getKey(), ClassFile.read(in, archive + "!" + entry.getKey()));
                }
            }
        }
    }

    private void add(String path, ClassFile read) {
        String name = path.replace('/', '.');
        if (read.isConcrete() && known.add(name)) {
            found.add(new FoundClass(name, null, null));
        }
    }

    private static String withoutEnding(String path) {
        return path.substring(0, path.length() - CLASS.length());
    }
}
