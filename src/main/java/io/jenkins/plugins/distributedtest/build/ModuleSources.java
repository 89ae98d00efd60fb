package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The source files of the test classes that an execution of a Maven build's test plugins would run.
 *
 * @param files by their paths in the build
 * @param directories where test sources are, relative to the module
 * @param packages those of the files
 */
record ModuleSources(List<TestFile> files, List<String> directories, Set<String> packages) {
    private static final Pattern SOURCE = Pattern.compile("\\.(java|kt|groovy|scala)$");

    /** Copies the collections. */
    ModuleSources {
        files = List.copyOf(files);
        directories = List.copyOf(directories);
        packages = Set.copyOf(packages);
    }

    /**
     * Finds them.
     *
     * @param root the build's root, absolute and without links in it
     * @throws SuiteException if a pattern is malformed; the message names it
     */
    static ModuleSources of(Path root, TestExecution execution) throws IOException, SuiteException {
        TestClassPatterns patterns;
        try {
            patterns = TestClassPatterns.of(execution);
        } catch (IllegalArgumentException e) {
            throw new SuiteException(execution + ": " + e.getMessage(), e);
        }
        Path module = execution.module().toRealPath();
        Path classes = Path.of(execution.text("testClassesDirectory"));
        List<TestFile> files = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        Set<String> packages = new TreeSet<>();
        for (Path below : directories(execution, module)) {
            directories.add(CollectedTests.relative(module, below));
            boolean beside = isBeside(execution, below);
            try (Stream<Path> tree = Files.walk(below)) {
                tree.filter(Files::isRegularFile).sorted().forEach(file -> {
                    String path = CollectedTests.relative(below, file);
                    String name = SOURCE.matcher(path).replaceFirst("");
                    boolean compiled = !beside || Files.isRegularFile(classes.resolve(name + ".class"));
                    if (!name.equals(path) && compiled && patterns.takes(name)) {
                        files.add(new TestFile(CollectedTests.relative(root, file)));
                        if (name.contains("/")) {
                            packages.add(
                                    name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
                        }
                    }
                });
            }
        }
        return new ModuleSources(files, directories, packages);
    }

    /**
     * The module's own roots of test sources, and what lies beside them and may have been compiled with them, such as
     * Kotlin's directory or that of an execution of the compiler of its own.
     */
    private static Set<Path> directories(TestExecution execution, Path module) throws IOException {
        Set<Path> all = new LinkedHashSet<>();
        List<String> roots = new ArrayList<>(execution.list("testSourceRoots"));
        roots.add(execution.text("testSourceDirectory"));
        for (String each : roots) {
            Path directory = Path.of(each);
            if (Files.isDirectory(directory) && directory.toRealPath().startsWith(module)) {
                all.add(directory.toRealPath());
            }
        }
        for (Path each : List.copyOf(all)) {
            if (each.getParent().startsWith(module.resolve("src"))) {
                try (Stream<Path> siblings = Files.list(each.getParent())) {
                    siblings.filter(Files::isDirectory)
                            .filter(sibling -> !sibling.endsWith("resources"))
                            .sorted()
                            .forEach(all::add);
                }
            }
        }
        return all;
    }

    /** Whether a directory is none of the module's roots, so that what is in it counts where it was compiled. */
    private static boolean isBeside(TestExecution execution, Path directory) {
        return execution.list("testSourceRoots").stream()
                .noneMatch(each -> Path.of(each).equals(directory));
    }
}
